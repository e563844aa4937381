"""Rows of the set-up, which each process keeps for as long as nobody anywhere changes any of them.

Whoever is signed in is read with each request, and with them the mark of the set-up that is in force (see
`SetupGeneration`). What was read under a mark is at least as new as the mark, so whoever reads the same mark later may
have it without asking. Without a mark, and inside a transaction, which may see what nobody else does, all is read anew.
What is kept is shared by threads and requests: it is looked at, and never changed.
"""

import contextlib
from collections.abc import Callable, Hashable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar
from uuid import UUID, uuid4

from django.db import connection

V = TypeVar("V")

# Beyond this it begins anew: it holds a row for each person who was here.
_MOST: Final = 20_000


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What was read under one mark."""

    mark: UUID | None
    rows: dict[Hashable, Any] = field(default_factory=dict)


_mark: Final[ContextVar[UUID | None]] = ContextVar("mark of the set-up", default=None)
_at_rest: Final[ContextVar[bool]] = ContextVar("the transaction changes no set-up", default=False)
_shelf: Final = {"now": _Shelf(None)}


@contextlib.contextmanager
def under(mark: UUID | None, *, inside: bool = False) -> Iterator[None]:
    """While the block runs, the set-up of this mark is in force; without a mark nothing is kept.

    `inside` is for a transaction that has changed nothing of the set-up, and so sees what everybody does.
    """
    before, rested = _mark.set(mark), _at_rest.set(inside or _at_rest.get())
    try:
        yield
    finally:
        _at_rest.reset(rested)
        _mark.reset(before)


@contextlib.contextmanager
def at_rest() -> Iterator[None]:
    """While the block runs, nobody changes the set-up: what was read of it is kept, inside transactions too.

    For a process that brings in a history of thousands of actions, and knows.
    """
    with under(uuid4(), inside=True):
        yield


def kept(key: Hashable, read: Callable[[], V]) -> V:
    """What `read` finds in the set-up, under a name that no other reader uses."""
    mark = _mark.get()
    if mark is None or (connection.in_atomic_block and not _at_rest.get()):
        return read()
    shelf = _shelf["now"]
    if shelf.mark != mark or len(shelf.rows) > _MOST:
        shelf = _shelf["now"] = _Shelf(mark)
    if key not in shelf.rows:
        shelf.rows[key] = read()
    found: V = shelf.rows[key]
    return found
