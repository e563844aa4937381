"""Runs a command that ends when the process that started it ends.

Supervisors and test runs get killed with SIGKILL too, and then cannot end what they started.
Linux sends a signal of our choice to the children in that case; where that is missing, the next
start ends what was left (`config.embedded.end_leftovers`).
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def end_with_parent(number: signal.Signals, parent: int) -> None:
    """Ask for `number` when the parent ends, and end at once if it has ended already."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
    if os.getppid() != parent:
        raise SystemExit(1)


def main(arguments: list[str]) -> None:
    """Become the command given as arguments, tied to the parent."""
    end_with_parent(signal.SIGTERM, os.getppid())
    os.execvp(arguments[0], arguments)  # noqa: S606 - no shell is wanted; our own supervisor gives the command


if __name__ == "__main__":
    main(sys.argv[1:])
