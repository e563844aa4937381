"""How long people usually wait for a first answer, in words that hold."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

# Of fewer tickets nothing is said.
ENOUGH: Final = 10
# So many of a hundred were answered within what is said.
_SHARE: Final = 80
# What is said: minutes, hours or days, always rounded up.
STEPS: Final = tuple(
    timedelta(minutes=minutes)
    for minutes in (15, 30, 60, 120, 240, 480, 720, *(days * 1440 for days in (1, 2, 3, 4, 5, 7, 10, 14)))
)


def usual_wait(waits: Sequence[timedelta]) -> timedelta | None:
    """The friendly span within which four of five were answered; None where nothing true and useful can be said."""
    if len(waits) < ENOUGH:
        return None
    ordered = sorted(waits)
    reached = ordered[-(-len(ordered) * _SHARE // 100) - 1]
    return next((step for step in STEPS if reached <= step), None)
