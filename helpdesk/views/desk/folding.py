"""A ticket's stream as its page shows it: long runs of events folded into one line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from helpdesk.views.desk.stream import Item

_LONG_RUN: Final = 3


@dataclass(frozen=True, slots=True)
class Row:
    """An item of the stream, or a run of events."""

    item: Item | None = None
    run: tuple[Item, ...] = ()
    is_newest: bool = False


def rows(items: Sequence[Item]) -> list[Row]:
    """The stream as rows; `is_newest` marks the last message."""
    newest = next((item for item in reversed(items) if item.message), None)
    return list(_folded(items, newest))


def _folded(items: Sequence[Item], newest: Item | None) -> Iterator[Row]:
    for is_quiet, group in groupby(items, key=_is_quiet):
        run = tuple(group)
        if is_quiet and len(run) >= _LONG_RUN:
            yield Row(run=run)
        else:
            yield from (Row(item, is_newest=item is newest) for item in run)


def _is_quiet(item: Item) -> bool:
    """Whether it is an event without words of its own: those stand right below it and say what it was for."""
    return item.event is not None and not item.event.data.get("message_id")
