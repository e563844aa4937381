"""What every kind of event is made of."""

from dataclasses import asdict, dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class EventData:
    """The base of all payloads."""

    kind: ClassVar[str]
    v: ClassVar[int] = 1

    def as_json(self) -> dict[str, Any]:
        """The payload as it is stored."""
        return asdict(self)
