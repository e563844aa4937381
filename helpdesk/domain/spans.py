"""Spans of working time as people type them: “4 h”, “90 min”, “1 h 30 min”, “1:30”.

There are no days: how long a day of work is says the calendar.
"""

import re
from datetime import timedelta
from typing import Final

from helpdesk.errors import NOT_A_SPAN, TOO_LONG_A_SPAN, Code, DomainError

_LONGEST: Final = timedelta(hours=9_999)
_SPAN: Final = re.compile(
    r"(?:(\d{1,6}(?:[.,]\d{1,2})?)\s*(?:h|hours?|std\.?|stunden?))?\s*(?:(\d{1,7})\s*(?:m|min\.?|minutes?|minuten?))?",
    re.ASCII | re.IGNORECASE,
)
_CLOCK: Final = re.compile(r"(\d{1,5}):([0-5]\d)(?:\s*(?:h|std\.?))?", re.ASCII | re.IGNORECASE)


def span_in(text: str) -> timedelta:
    """The span that the text says. Raises DomainError with words for who typed it; nothing is a span too."""
    text = text.strip()
    if found := _CLOCK.fullmatch(text):
        span = timedelta(hours=int(found[1]), minutes=int(found[2]))
    elif text and (found := _SPAN.fullmatch(text)):
        hours = float((found[1] or "0").replace(",", "."))
        span = timedelta(seconds=round(hours * 3600), minutes=int(found[2] or 0))
    else:
        raise DomainError(NOT_A_SPAN % {"text": text[:40]}, Code.WRONG)
    if span > _LONGEST:
        raise DomainError(TOO_LONG_A_SPAN % {"hours": _LONGEST // timedelta(hours=1)}, Code.WRONG)
    return span


def typed(span: timedelta) -> str:
    """The span as it is typed."""
    minutes = span // timedelta(minutes=1)
    hours, rest = divmod(minutes, 60)
    return " ".join(filter(None, (f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else "")))
