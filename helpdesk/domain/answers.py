"""The answers to the questions of a topic or a queue: from what was typed to what is kept."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from helpdesk.choices import FieldKind
from helpdesk.domain.ids import id_in
from helpdesk.domain.words import clean_line, clean_text
from helpdesk.errors import (
    LARGER_THAN,
    NO_ANSWER,
    NOT_A_DATE,
    NOT_A_NUMBER,
    NOT_A_PERSON,
    NOT_AN_OPTION,
    NOT_WHOLE,
    NOT_YES_OR_NO,
    SMALLER_THAN,
    TOO_LONG_AN_ANSWER,
    TOO_MANY_DECIMALS,
    Code,
    DomainError,
    Text,
)

# What is kept: a text, the plain form of a number, the ISO form of a date, a choice in the words of the desk's own
# language, several of them in the order of the question, yes or no, or the id of a person.
Value = str | list[str] | bool | int
Typed = str | Sequence[str] | bool | int | None

MAX_LENGTHS: Final = {FieldKind.TEXT: 200, FieldKind.LONG_TEXT: 5_000}
# As many as the database's column takes before the decimal sign.
_DIGITS: Final = 14
MOST_DECIMALS: Final = 6
_NUMBER: Final = re.compile(r"([-+]?)([0-9]*)(?:[.]([0-9]*))?")
_BLANKS: Final = re.compile("[\\s\u00a0\u2009\u202f'\u2019]")
_YES_OR_NO: Final = {"yes": True, "true": True, "1": True, "on": True, "no": False, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class Asks:
    """What a question takes for an answer."""

    kind: FieldKind
    options: tuple[str, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    decimals: int = 0


def field_of(key: str) -> str:
    """The name of the form's field that takes the answer to the question of this key."""
    return f"answer-{key}"


def clean_answer(
    asks: Asks, typed: Typed, *, field: str, is_required: bool = False, had: Value | None = None
) -> Value | None:
    """The answer as it is kept, None where there is none. Raises DomainError with words for its field.

    A choice is kept, and sent by forms, in the words of the desk's own language, whatever language it was read in.
    `had` is the answer that stands already: what was chosen once may stay, also where it is not offered any more.
    """
    try:
        answer = _READERS[asks.kind](asks, typed, had)
    except _Wrong as wrong:
        raise DomainError(wrong.words, Code.WRONG, field=field) from None
    if answer is None and is_required:
        raise DomainError(NO_ANSWER, Code.MISSING, field=field)
    return answer


class _Wrong(Exception):
    def __init__(self, words: Text) -> None:
        self.words = words


def _line(typed: Typed) -> str:
    return clean_line(str(typed)) if typed is not None and not isinstance(typed, list | tuple) else ""


def _text(asks: Asks, typed: Typed, _had: Value | None) -> Value | None:
    answer = clean_text(str(typed or "")) if asks.kind is FieldKind.LONG_TEXT else _line(typed)
    limit = MAX_LENGTHS[asks.kind]
    if len(answer) > limit:
        raise _Wrong(TOO_LONG_AN_ANSWER % {"count": len(answer), "limit": limit})
    return answer or None


def _choice(asks: Asks, typed: Typed, had: Value | None) -> Value | None:
    answer = _line(typed)
    if answer and answer not in asks.options and answer != had:
        raise _Wrong(NOT_AN_OPTION)
    return answer or None


def _choices(asks: Asks, typed: Typed, had: Value | None) -> Value | None:
    """Several of the answers; a text holds one a line."""
    lines = typed if isinstance(typed, list | tuple) else str(typed or "").splitlines()
    chosen = {answer for line in lines if (answer := _line(line))}
    kept = had if isinstance(had, list) else []
    known = [*asks.options, *(one for one in kept if one not in asks.options)]
    if not chosen <= set(known):
        raise _Wrong(NOT_AN_OPTION)
    return [option for option in known if option in chosen] or None


def _date(_asks: Asks, typed: Typed, _had: Value | None) -> Value | None:
    answer = _line(typed)
    try:
        # Python reads other forms too, which nothing else does.
        if answer and date.fromisoformat(answer).isoformat() != answer:
            raise _Wrong(NOT_A_DATE)
    except ValueError:
        raise _Wrong(NOT_A_DATE) from None
    return answer or None


def _boolean(_asks: Asks, typed: Typed, _had: Value | None) -> Value | None:
    answer = _line(typed).lower()
    if answer and answer not in _YES_OR_NO:
        raise _Wrong(NOT_YES_OR_NO)
    return _YES_OR_NO.get(answer)


def _person(_asks: Asks, typed: Typed, _had: Value | None) -> Value | None:
    """The id of somebody; whether there is such a person, and who may name them, is the action's to say."""
    answer = _line(typed)
    if answer and id_in(answer) is None:
        raise _Wrong(NOT_A_PERSON)
    return id_in(answer)


def _number(asks: Asks, typed: Typed, _had: Value | None) -> Value | None:
    text = _line(typed)
    if not text:
        return None
    number = _parse_number(text, asks.decimals)
    if asks.minimum is not None and number < asks.minimum:
        raise _Wrong(SMALLER_THAN % {"limit": plain(asks.minimum)})
    if asks.maximum is not None and number > asks.maximum:
        raise _Wrong(LARGER_THAN % {"limit": plain(asks.maximum)})
    return f"{number:.{asks.decimals}f}"


def _parse_number(text: str, decimals: int) -> Decimal:
    """A number as people of many places write it: blanks between thousands, and a point or a comma for the rest."""
    found = _NUMBER.fullmatch(_one_sign(_BLANKS.sub("", text).replace("\u2212", "-"), decimals))
    if found is None or not (found[2] or found[3]) or len(found[2].lstrip("0")) > _DIGITS:
        raise _Wrong(NOT_A_NUMBER)
    rest = (found[3] or "").rstrip("0")
    if len(rest) > decimals:
        raise _Wrong(TOO_MANY_DECIMALS % {"count": decimals} if decimals else NOT_WHOLE)
    number = Decimal(f"{found[1]}{found[2] or '0'}.{rest or '0'}")
    # There is no "minus nothing".
    return number or Decimal(0)


def _one_sign(text: str, decimals: int) -> str:
    """The text with a point before the decimals and no sign between thousands."""
    signs = [sign for sign in text if sign in ".,"]
    if not signs:
        return text
    last = signs[-1]
    head, _sign, tail = text.rpartition(last)
    others = {sign for sign in signs if sign != last}
    # One sign that stands more than once parts thousands; so does one before three digits, where so many decimals
    # are not asked for.
    if len(signs) > 1 and not others:
        return text.replace(last, "") if _is_grouped(text, last) else "?"
    if not others and len(tail) == 3 and decimals < 3 and _is_grouped(text, last):
        return head + tail
    other = next(iter(others), "")
    if other and (signs.count(last) > 1 or not _is_grouped(head, other)):
        return "?"
    return f"{head.replace(other, '') if other else head}.{tail}"


def _is_grouped(text: str, sign: str) -> bool:
    return re.fullmatch(rf"[-+]?[1-9][0-9]{{0,2}}(?:{re.escape(sign)}[0-9]{{3}})+", text) is not None


def plain(number: Decimal) -> str:
    """A number without the zeros that say nothing."""
    whole = number.quantize(Decimal(1), ROUND_HALF_UP)
    return str(whole if number == whole else number.normalize())


_READERS: Final = {
    FieldKind.TEXT: _text,
    FieldKind.LONG_TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.DATE: _date,
    FieldKind.BOOLEAN: _boolean,
    FieldKind.CHOICE: _choice,
    FieldKind.MULTI: _choices,
    FieldKind.PERSON: _person,
}
