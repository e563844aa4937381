"""How many rows to lock at once, so that nobody waits for them longer than a moment, however busy the machine is."""

from dataclasses import dataclass
from typing import Final

# Seconds for which rows may be held.
_HOLD: Final = 0.5
_LEAST: Final = 10


@dataclass(slots=True)
class Pace:
    """Begins with a share of `most`, takes more while that is quick, and fewer once it is not."""

    most: int
    size: int = 0

    def __post_init__(self) -> None:
        self.size = self.size or max(_LEAST, self.most // 4)

    def after(self, taken: float) -> None:
        """Hear how many seconds the last ones were held."""
        if taken > _HOLD:
            self.size = max(_LEAST, self.size // 2)
        elif taken * 2 < _HOLD:
            self.size = min(self.most, self.size * 2)
