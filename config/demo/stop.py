"""Noticing that the demo shall end: a signal, or the end of the `make` that started it."""

import os
import signal
from pathlib import Path
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """The person wants the demo to end. Not an Exception, so that no handler on the way takes it."""


def listen() -> None:
    """Raise Stopped in the main thread when one of the signals comes."""
    for number in ENDING:
        signal.signal(number, _stop)


def ignore() -> None:
    """Take no more signals: everything is being ended already."""
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)


def _stop(_number: int, _frame: FrameType | None) -> None:
    ignore()
    raise Stopped


class MakeWatch:
    """Notices that the `make` above us was told to end.

    A Ctrl-C reaches us too. But `kill -INT` on make alone does not: make then waits for us, for ever. While it does,
    it no longer catches the signal it got, and Linux shows that. A make that was killed outright is our parent no more.
    """

    def __init__(self) -> None:
        self._parent = os.getppid() if "MAKELEVEL" in os.environ else None
        self._caught = _caught_signals(self._parent) if self._parent else 0

    def ended(self) -> bool:
        """Whether make was told to end."""
        if self._parent is None:
            return False
        return os.getppid() != self._parent or bool(self._caught & ~_caught_signals(self._parent))


def _caught_signals(process: int) -> int:
    """The ending signals that a process catches, as bits; none where the system does not say."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    caught = next((int(line.split()[1], 16) for line in lines if line.startswith("SigCgt:")), 0)
    return caught & sum(1 << (number - 1) for number in ENDING)
