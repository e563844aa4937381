"""The priority that follows from what was measured or seen: each row says one, and the worst row decides."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from helpdesk.choices import Priority
from helpdesk.errors import NOT_A_MEASURE, Code, DomainError

# What anybody can have measured; more is a slip of the keyboard.
MOST: Final = Decimal(1_000_000)
_PLACES: Final = 2


@dataclass(frozen=True, slots=True)
class Scale:
    """How one criterion is judged: a measure by its bounds, a case (`is_case`) by whether it is so."""

    code: str
    is_case: bool = False
    critical_above: Decimal | None = None
    high_above: Decimal | None = None
    medium_from: Decimal | None = None
    case_priority: int = Priority.P1

    @property
    def bounds(self) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
        """The bounds from the worst on."""
        return self.critical_above, self.high_above, self.medium_from

    @property
    def is_in_order(self) -> bool:
        """Whether no bound stands above a worse one: what is worse has to be more."""
        told = [bound for bound in self.bounds if bound is not None]
        return told == sorted(told, reverse=True)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one criterion came to: the value (1 of a case that is so) and the priority by it."""

    scale: Scale
    value: Decimal
    priority: Priority


def judge(scale: Scale, value: Decimal) -> Priority:
    """The priority of one measured value. What lies exactly on a bound of P1 or P2 is below it, on that of P3 in it."""
    if scale.is_case:
        return Priority(scale.case_priority)
    critical, high, medium = scale.bounds
    if critical is not None and value > critical:
        return Priority.P1
    if high is not None and value > high:
        return Priority.P2
    if medium is not None and value >= medium:
        return Priority.P3
    return Priority.P4


def verdicts(scales: Sequence[Scale], values: Mapping[str, Decimal]) -> list[Verdict]:
    """What each criterion came to of which something is known, in the order of the criteria.

    A case that is not so says nothing: that nothing is down makes no other trouble small.
    """
    found = []
    for scale in scales:
        value = values.get(scale.code)
        if value is not None and not (scale.is_case and not value):
            found.append(Verdict(scale, value, judge(scale, value)))
    return found


def worst(found: Iterable[Verdict]) -> Priority | None:
    """The priority of all of it together, or None where nothing is known."""
    return min((verdict.priority for verdict in found), default=None)


def clean_value(scale: Scale, typed: str, *, field: str) -> Decimal | None:
    """A typed value as a number, None for nothing typed. Raises DomainError with words for its field."""
    text = typed.strip().removesuffix("%").strip().replace(",", ".")
    if scale.is_case:
        return Decimal(1) if text else None
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = None
    # Python reads “1e5” and “infinity” too, which nobody means.
    if value is None or not set(text) <= set("0123456789.") or not 0 <= value <= MOST:
        raise DomainError(NOT_A_MEASURE, Code.WRONG, field=field)
    return round(value, _PLACES)


def field_of(code: str) -> str:
    """The name of the form's field that takes the value of this criterion."""
    return f"measure-{code}"


def plain(value: Decimal) -> str:
    """A value as people write it, without zeros that say nothing."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
