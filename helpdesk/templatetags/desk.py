"""What templates of both rooms need to show people, times and what somebody wrote."""

from datetime import datetime, timedelta
from typing import Final

from django import template
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from helpdesk.domain import markup as words

register = template.Library()

_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)


@register.filter
def markup(text: str) -> SafeString:
    """The safe HTML of a message. It belongs inside an element with `x-ignore hx-disable`."""
    return mark_safe(words.to_html(text))  # noqa: S308 - `to_html` cleaned it


@register.filter
def first_words(text: str | None, limit: int = 120) -> str:
    """The beginning of a message on one line."""
    return words.first_words(text or "", limit)


@register.filter
def when(moment: datetime | None) -> SafeString | str:
    """A time in the reader's zone: short on the page, in full with its zone on hover."""
    return _time(moment, _short(timezone.localtime(moment))) if moment else ""


@register.filter
def age(moment: datetime | None) -> SafeString | str:
    """How long ago it was, as one number and its unit; in full on hover."""
    return _time(moment, _age(timezone.now() - moment)) if moment else ""


@register.filter
def exactly(moment: datetime | None) -> str:
    """A time in full in the reader's zone, as text."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    full = formats.date_format(local, pgettext("date format", "l j F Y, H:i"))
    return f"{full} {timezone.get_current_timezone_name()}"


@register.filter
def initials(person: object) -> str:
    """One or two letters for a person, beside their name or where there is no room for it."""
    parts = [part for part in str(person or "").split() if part[0].isalnum()]
    ends = parts[:1] + parts[1:][-1:]
    return "".join(part[0] for part in ends).upper()


def _time(moment: datetime, shown: str) -> SafeString:
    return format_html('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), exactly(moment), shown)


def _short(local: datetime) -> str:
    today = timezone.localdate()
    clock = formats.date_format(local, pgettext("time format", "H:i"))
    # Nobody lives in UTC: a reader who has it has told no zone, and would take the time for theirs.
    zone = timezone.get_current_timezone_name()
    clock = f"{clock} {zone}" if zone == "UTC" else clock
    if local.date() == today:
        return _("Today, %(time)s") % {"time": clock}
    if local.date() == today - _DAY:
        return _("Yesterday, %(time)s") % {"time": clock}
    if local.year == today.year:
        return f"{formats.date_format(local, pgettext('date format', 'j M'))}, {clock}"
    return formats.date_format(local, pgettext("date format", "j M Y"))


def _age(span: timedelta) -> str:
    if span < _MINUTE:
        return _("now")
    if span < _HOUR:
        return ngettext("%(count)d min", "%(count)d min", span // _MINUTE) % {"count": span // _MINUTE}
    if span < _DAY:
        return ngettext("%(count)d h", "%(count)d h", span // _HOUR) % {"count": span // _HOUR}
    return ngettext("%(count)d day", "%(count)d days", span.days) % {"count": span.days}
