"""What every kind of event is made of."""

from dataclasses import dataclass, fields
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class EventData:
    """The base of all payloads."""

    kind: ClassVar[str]
    v: ClassVar[int] = 1

    def as_json(self) -> dict[str, Any]:
        """The payload as it is stored. Its values are plain: what `asdict` would copy with care, nobody changes."""
        return {one.name: getattr(self, one.name) for one in fields(self)}
