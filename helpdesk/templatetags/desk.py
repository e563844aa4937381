"""What templates of both rooms need to show people, times and what somebody wrote."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from django import template
from django.templatetags.static import static
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext, ngettext_lazy, pgettext
from django.utils.translation import gettext as _

from helpdesk.choices import Priority, Status
from helpdesk.domain import markup as words
from helpdesk.domain.escaping import escaped as escape
from helpdesk.models import Attachment, Ticket

register = template.Library()

_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)

# The same span reads differently in many languages when it is ahead, goes on, or is over.
_AHEAD: Final = (
    ngettext_lazy("in %(count)d min", "in %(count)d min", "count"),
    ngettext_lazy("in %(count)d h", "in %(count)d h", "count"),
    ngettext_lazy("in %(count)d day", "in %(count)d days", "count"),
)
_LASTING: Final = (
    ngettext_lazy("for %(count)d min", "for %(count)d min", "count"),
    ngettext_lazy("for %(count)d h", "for %(count)d h", "count"),
    ngettext_lazy("for %(count)d day", "for %(count)d days", "count"),
)
_OVER: Final = (
    ngettext_lazy("%(count)d min ago", "%(count)d min ago", "count"),
    ngettext_lazy("%(count)d h ago", "%(count)d h ago", "count"),
    ngettext_lazy("%(count)d day ago", "%(count)d days ago", "count"),
)


@register.filter
def markup(text: str) -> SafeString:
    """The safe HTML of a message. It belongs inside an element with `x-ignore hx-disable`."""
    return mark_safe(words.to_html(text))  # noqa: S308 - `to_html` cleaned it


@register.simple_tag
def picture(file: Attachment, guest: Any = None) -> SafeString:
    """The small picture of a file, which has one, as a link to the file itself. Its size is told, so nothing jumps.

    A guest's links go through the one that they came by.
    """
    width, height = file.blob.picture.shown_size if file.blob.picture else (1, 1)
    place, by = ("guest_", [guest.link.key]) if guest else ("", [])
    links = [reverse(f"portal:{place}{what}", args=[*by, file.pk]) for what in ("file", "thumbnail")]
    words = (*links, file.name)
    return format_html(
        '<a class="picture" href="{}" title="{}"><img src="{}" alt="{}" width="{}" height="{}" loading="lazy"></a>',
        words[0], words[2], words[1], words[2], width, height,
    )  # fmt: skip


@register.filter
def first_words(text: str | None, limit: int = 120) -> str:
    """The beginning of a message on one line."""
    return words.first_words(text or "", limit)


@register.filter
def thousands(number: int) -> str:
    """A number that is easy to read, as the reader writes it."""
    return formats.number_format(number, force_grouping=True)


@register.filter
def when(moment: datetime | None) -> SafeString | str:
    """A time in the reader's zone: short on the page, in full with its zone on hover."""
    if not moment:
        return ""
    return _when(moment, timezone.get_current_timezone_name(), get_language(), timezone.localdate())


# The same moments stand in many rows of many lists, and nothing on a list takes longer to write than a time.
@lru_cache(maxsize=10_000)
def _when(moment: datetime, _zone: str, _language: str | None, today: date) -> SafeString:
    return _time(moment, _short(timezone.localtime(moment), today))


@register.filter
def day(moment: datetime) -> str:
    """The day of a time in the reader's zone, in words."""
    local, today = timezone.localtime(moment), timezone.localdate()
    if local.date() == today:
        return _("Today")
    if local.date() == today - _DAY:
        return _("Yesterday")
    if local.year == today.year:
        return formats.date_format(local, pgettext("date format", "l j F"))
    return formats.date_format(local, pgettext("date format", "l j F Y"))


@register.filter
def hour(moment: datetime) -> SafeString:
    """The time of the day, where the day stands above; in full on hover."""
    return _time(moment, _clock(timezone.localtime(moment)))


@register.filter
def age(moment: datetime | None) -> SafeString | str:
    """How long ago it was, as one number and its unit; in full on hover."""
    return _time(moment, _age(timezone.now() - moment)) if moment else ""


@register.filter
def until(moment: datetime | None) -> SafeString | str:
    """How far off it is, with the hour and, where it is not today, the day: “in 3 days (Tue 14:30)”."""
    if moment is None:
        return ""
    now = timezone.now()
    span = _span(_AHEAD, moment - now) if moment > now else _span(_OVER, now - moment)
    return _time(moment, f"{span} ({near(moment)})")


def near(moment: datetime) -> str:
    """The hour and, where it is not today, the day: “Tue 14:30”."""
    local = timezone.localtime(moment)
    clock = _clock(local)
    if local.date() == timezone.localdate():
        return clock
    is_near = abs(moment - timezone.now()) < _WEEK
    day = formats.date_format(local, pgettext("date format", "D") if is_near else pgettext("date format", "j M"))
    return f"{day} {clock}"


@register.filter
def lasting(moment: datetime | None) -> SafeString | str:
    """How long it has been so: “for 2 h”."""
    return _time(moment, _span(_LASTING, timezone.now() - moment)) if moment else ""


@register.simple_tag
@lru_cache(maxsize=100)
def icon(name: str) -> SafeString:
    """A sign of ours, beside a word that says the same."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("img/icons.svg"),
        name,
    )


@register.filter
def span_of(minutes: int) -> str:
    """So many minutes in hours and minutes: “1 h 25 min”."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)d min") % {"minutes": rest}
    if not rest:
        return _("%(hours)d h") % {"hours": hours}
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}


@register.filter
def exactly(moment: datetime | None) -> str:
    """A time in full in the reader's zone, as text."""
    if moment is None:
        return ""
    return _exactly(moment.replace(second=0, microsecond=0), timezone.get_current_timezone_name(), get_language())


@lru_cache(maxsize=10_000)
def _exactly(moment: datetime, zone: str, _language: str | None) -> str:
    full = formats.date_format(timezone.localtime(moment), pgettext("date format", "l j F Y, H:i"))
    return f"{full} {zone}"


@register.filter
def initials(person: object) -> str:
    """One or two letters for a person, beside their name or where there is no room for it."""
    parts = [part for part in str(person or "").split() if part[0].isalnum()]
    ends = parts[:1] + parts[1:][-1:]
    return "".join(part[0] for part in ends).upper()


@register.filter
def priority_mark(ticket: Ticket) -> SafeString:
    """The mark of a ticket's priority."""
    return _priority_mark(ticket.priority, get_language())


@lru_cache(maxsize=100)
def _priority_mark(priority: int, _language: str | None) -> SafeString:
    said = escape(Priority(priority).label)
    return mark_safe(f'<span class="prio prio-{priority}" title="{said}">P{priority}</span>')  # noqa: S308 - escaped


@register.filter
def status_mark(ticket: Ticket) -> SafeString:
    """The mark of a ticket's status."""
    return _status_mark(ticket.status, get_language())


@lru_cache(maxsize=100)
def _status_mark(status: str, _language: str | None) -> SafeString:
    said = escape(Status(status).label)
    return mark_safe(f'<span class="mark mark-{status}" title="{said}">{said}</span>')  # noqa: S308 - escaped


@register.filter
def assignee_mark(ticket: Ticket) -> SafeString:
    """The initials of who has a ticket, for narrow columns."""
    if ticket.assignee_id is None:
        mark, name, look = "–", escape(_("Nobody")), "quiet"
    else:
        mark, name, look = escape(initials(ticket.assignee)), escape(ticket.assignee), "initials"
    return mark_safe(  # noqa: S308 - escaped
        f'<span class="{look}" title="{name}" aria-hidden="true">{mark}</span>'
        f'<span class="visually-hidden">{name}</span>'
    )


@register.filter
def pick_box(ticket: Ticket) -> SafeString:
    """The box that selects a row of the list; its value says what the row showed, see `forms.bulk`."""
    name = escape(_("Select %(ref)s") % {"ref": ticket.ref})
    shown = (ticket.number, ticket.version, ticket.assignee_id or 0, ticket.priority, ticket.queue_id)
    value = ".".join(str(number) for number in shown)
    return mark_safe(f'<input type="checkbox" class="pick" name="ticket" value="{value}" aria-label="{name}">')  # noqa: S308 - escaped


def _time(moment: datetime, shown: str) -> SafeString:
    begin = _begin(moment, timezone.get_current_timezone_name(), get_language())
    return mark_safe(f"{begin}{escape(shown)}</time>")  # noqa: S308 - escaped


@lru_cache(maxsize=10_000)
def _begin(moment: datetime, zone: str, language: str | None) -> str:
    title = escape(_exactly(moment.replace(second=0, microsecond=0), zone, language))
    return f'<time datetime="{moment.isoformat()}" title="{title}">'


def _clock(local: datetime) -> str:
    clock = formats.date_format(local, pgettext("time format", "H:i"))
    # Nobody lives in UTC: a reader who has it has told no zone, and would take the time for theirs.
    zone = timezone.get_current_timezone_name()
    return f"{clock} {zone}" if zone == "UTC" else clock


def _short(local: datetime, today: date) -> str:
    clock = _clock(local)
    if local.date() == today:
        return _("today, %(time)s") % {"time": clock}
    if local.date() == today - _DAY:
        return _("yesterday, %(time)s") % {"time": clock}
    if local.year == today.year:
        return f"{formats.date_format(local, pgettext('date format', 'j M'))}, {clock}"
    return formats.date_format(local, pgettext("date format", "j M Y"))


def _age(span: timedelta) -> str:
    if span < _MINUTE:
        return _("now")
    minutes = span // _MINUTE if span < _DAY else 0
    return _age_words(span.days, minutes, get_language())


@lru_cache(maxsize=10_000)
def _age_words(days: int, minutes: int, _language: str | None) -> str:
    if days:
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    if minutes < 60:
        return ngettext("%(count)d min", "%(count)d min", minutes) % {"count": minutes}
    return ngettext("%(count)d h", "%(count)d h", minutes // 60) % {"count": minutes // 60}


def _span(words: Sequence[Any], span: timedelta) -> str:
    """The span in these words for minutes, hours and days, which begin with one minute."""
    if span < _HOUR:
        return str(words[0] % {"count": max(1, span // _MINUTE)})
    if span < _DAY:
        return str(words[1] % {"count": span // _HOUR})
    return str(words[2] % {"count": span.days})
