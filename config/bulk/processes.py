"""Things made in several processes at once, and taken in their order."""

import gc
import os
import signal
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, NoReturn, TypeVar

from django.db import connection

from config.tether import end_with_parent

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Failed:
    """What a process says before it ends early."""

    words: str

    def told(self) -> NoReturn:
        """Say it here."""
        raise RuntimeError(self.words)


def in_order(make: Callable[[int], T], count: int, processes: int) -> Iterator[T]:
    """What `make` makes of each number below the count, one after the other.

    Each process is a copy of this one and makes every so many of them, while this one does something else with what it
    took. They may not ask the database: the connection is this one's.
    """
    if processes < 2:
        yield from map(make, range(count))
        return
    context, receivers, workers = get_context("fork"), list[Connection](), list[BaseProcess]()
    # What is there already is nothing that a collector would have to look through, in any of them.
    gc.freeze()
    try:
        for first in range(processes):
            receiver, sender = context.Pipe(duplex=False)
            receivers.append(receiver)
            numbers = range(first, count, processes)
            told = (make, numbers, sender, tuple(receivers), os.getpid())
            workers.append(context.Process(target=_work, args=told, daemon=True))
            workers[-1].start()
            sender.close()
        for number in range(count):
            yield _received(receivers[number % processes])
    finally:
        gc.unfreeze()
        for receiver in receivers:
            receiver.close()
        for worker in workers:
            worker.terminate()
            worker.join()


def _received(receiver: Connection) -> Any:
    try:
        found = receiver.recv()
    except EOFError as error:
        raise RuntimeError("A process that made rows was ended.") from error
    return found.told() if isinstance(found, _Failed) else found


def _work(
    make: Callable[[int], object], numbers: Iterable[int], sender: Connection, others: Sequence[Connection], parent: int
) -> None:
    end_with_parent(signal.SIGTERM, parent)
    for other in others:
        other.close()
    try:
        with connection.execute_wrapper(_refuse):
            for number in numbers:
                sender.send(make(number))
    except Exception:  # noqa: BLE001 - it is raised where things are taken
        sender.send(_Failed(traceback.format_exc()))


def _refuse(*_told: object) -> NoReturn:
    raise RuntimeError("The connection is another process's.")
