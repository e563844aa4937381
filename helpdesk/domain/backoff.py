"""How long something that failed waits for its next try."""

from datetime import timedelta
from typing import Final

# The waits come to five days, which a mail server may be away over a long weekend.
MAX_ATTEMPTS: Final = 23
_LADDER: Final = tuple(timedelta(seconds=s) for s in (15, 60, 300, 900, 1800, 3600, 7200, 14400, 28800))


def delay(attempts: int) -> timedelta:
    """The wait after `attempts` (≥ 1) failed tries; it grows to eight hours and stays there."""
    return _LADDER[min(attempts, len(_LADDER)) - 1]


def is_exhausted(attempts: int) -> bool:
    """Whether a delivery that failed so often is given up and shown to people."""
    return attempts >= MAX_ATTEMPTS
