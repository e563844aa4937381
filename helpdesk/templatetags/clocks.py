"""The clocks of tickets, as a colour, a sign and words. Each is one filter: lists hold many of them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django import template
from django.utils import formats, timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from helpdesk.choices import CycleState, Metric
from helpdesk.domain.clocks import Stand
from helpdesk.domain.escaping import escaped as escape
from helpdesk.errors import Text
from helpdesk.models import SLACycle, Ticket
from helpdesk.selectors.clock_effects import Effect
from helpdesk.selectors.clocks import Badge
from helpdesk.templatetags.desk import exactly, icon, near, span_of

register = template.Library()

_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
_NOTHING: Final = timedelta(0)
_SHORT: Final[dict[Metric, Text]] = {
    Metric.FIRST_RESPONSE: pgettext_lazy("clock in a list", "Answer"),
    Metric.NEXT_RESPONSE: pgettext_lazy("clock in a list", "Answer"),
    Metric.UPDATE: pgettext_lazy("clock in a list", "Update"),
    Metric.RESOLUTION: pgettext_lazy("clock in a list", "Solve"),
}
_VERDICTS: Final[dict[str, tuple[str, Text]]] = {
    CycleState.MET: ("success", pgettext_lazy("verdict on a clock", "kept")),
    CycleState.BREACHED: ("danger", pgettext_lazy("verdict on a clock", "broken")),
    CycleState.VOID: ("", pgettext_lazy("verdict on a clock", "taken off")),
}


@register.filter
def clock_badge(badge: Badge | None) -> SafeString | str:
    """A clock in a sentence: “First response in 42 min (14:30)”; what it means in full on hover."""
    return "" if badge is None else _marked(badge, _sentence(badge))


@register.filter
def next_clock(ticket: Ticket, badges: Mapping[int, Badge]) -> SafeString | str:
    """The clock of a row that is due next, as short as it gets."""
    badge = badges.get(ticket.pk) if badges else None
    return "" if badge is None else _marked(badge, _brief(badge))


@register.filter
def effect_words(effect: Effect) -> SafeString:
    """What would become of a clock: “Resolution would be due today, 16:00, which is over already”."""
    due = effect.after and effect.after.due_at
    named = {"metric": effect.metric.label, "time": near(due) if due else ""}
    if effect.after is None:
        tone, words = "", _("%(metric)s: nothing promised") % named
    elif due is None:
        tone, words = "", _("%(metric)s: the clock would stand") % named
    elif effect.is_over:
        tone, words = "danger", _("%(metric)s would be due %(time)s, which is over already") % named
    else:
        tone, words = "", _("%(metric)s would be due %(time)s") % named
    return _toned(tone, tone or "clock", words)


@register.filter
def change_words(effect: Effect) -> SafeString:
    """What a change does to a clock: “First response: due 14:30 instead of Tue 09:00 – would be breached at once”."""
    named = {"metric": effect.metric.label, "after": _stand_words(effect.after), "before": _stand_words(effect.before)}
    due, before = effect.after and effect.after.due_at, effect.before and effect.before.due_at
    if due and before:
        words = _("%(metric)s: due %(time)s instead of %(before)s") % {
            **named, "time": near(due), "before": near(before)
        }  # fmt: skip
    else:
        words = _("%(metric)s: %(after)s, until now %(before)s") % named
    if effect.is_over and not effect.was_over:
        is_owed = effect.metric is Metric.UPDATE
        told = _("would be owed at once") if is_owed else _("would be breached at once")
        return _toned("danger", "danger", f"{words} – {told}")
    if effect.was_over and not effect.is_over:
        return _toned("success", "success", f"{words} – {_('would not be over any more')}")
    return _toned("", "clock", words)


def _stand_words(stand: Stand | None) -> str:
    if stand is None:
        return _("nothing promised")
    if stand.due_at is not None:
        return _("due %(time)s") % {"time": near(stand.due_at)}
    return _("paused with %(span)s left") % {"span": span_words(stand.left or _NOTHING)}


@register.filter
def verdict(cycle: SLACycle) -> SafeString:
    """What came of a clock that was stopped."""
    tone, words = _VERDICTS[cycle.state]
    return _toned(tone, tone or "close", words)


@register.filter
def target_of(cycle: SLACycle) -> str:
    """What was promised, in working time."""
    return span_words(cycle.target) if cycle.target is not None else ""


@register.filter
def to_the_second(moment: datetime) -> SafeString:
    """A time in the reader's zone as exact as a record needs it; in full on hover."""
    local = timezone.localtime(moment)
    words = formats.date_format(local, pgettext("date format", "j M, H:i:s"))
    return mark_safe(f'<time datetime="{moment.isoformat()}" title="{escape(exactly(moment))}">{escape(words)}</time>')  # noqa: S308 - escaped


def exact_span(span: timedelta) -> str:
    """So much working time to the second: “1 h 20 min 5 s”."""
    minutes, seconds = divmod(span // timedelta(seconds=1), 60)
    if not seconds:
        return span_of(minutes)
    told = _("%(seconds)d s") % {"seconds": seconds}
    return f"{span_of(minutes)} {told}" if minutes else told


@register.filter
def span_words(span: timedelta) -> str:
    """So much working time: “1 h 20 min”. What is less than a minute is told as one."""
    return span_of(max(1, span // _MINUTE))


def _sentence(badge: Badge) -> str:
    named = {"metric": badge.metric.label, "span": span_words(abs(badge.left))}
    if badge.is_paused:
        return _("%(metric)s paused, %(span)s left") % named
    named["time"] = near(badge.due_at) if badge.due_at else ""
    if badge.is_over and badge.metric is Metric.UPDATE:
        return _("Update owed since %(time)s") % named
    if badge.is_over:
        return _("%(metric)s %(span)s over (%(time)s)") % named
    if badge.is_steady:
        return _("%(metric)s in %(span)s (%(time)s)") % named
    return _("%(metric)s: %(span)s left (%(time)s)") % named


def _brief(badge: Badge) -> str:
    span = abs(badge.left)
    count = _("%(hours)d h") % {"hours": span // _HOUR} if span >= _HOUR else span_words(span)
    named = {"metric": _SHORT[badge.metric], "span": count}
    if badge.is_paused:
        return pgettext("clock in a list", "%(span)s, paused") % named
    if badge.is_over and badge.metric is Metric.UPDATE:
        return _("Update owed")
    if badge.is_over:
        return pgettext("clock in a list", "%(metric)s %(span)s over") % named
    return pgettext("clock in a list", "%(metric)s %(span)s") % named


def _title(badge: Badge) -> str:
    """Everything that the words leave out: which clock, when it is due and in which zone, what is left of it."""
    named = {"metric": badge.metric.label, "span": span_words(abs(badge.left)), "time": exactly(badge.due_at)}
    if badge.is_paused:
        return _("%(metric)s: the clock stands, %(span)s of working time are left") % named
    if badge.is_over:
        return _("%(metric)s was due %(time)s, %(span)s of working time ago") % named
    return _("%(metric)s is due %(time)s, after %(span)s of working time") % named


def _marked(badge: Badge, words: str) -> SafeString:
    if badge.is_paused:
        tone, sign = "", "pause"
    elif badge.is_over:
        tone = sign = "danger"
    else:
        tone, sign = ("warning", "warning") if badge.is_soon else ("", "clock")
    return mark_safe(  # noqa: S308 - escaped
        f'<span class="clock{_look(tone)}" title="{escape(_title(badge))}">'
        f"{icon(sign)}<span>{escape(words)}</span></span>"
    )


def _toned(tone: str, sign: str, words: Text) -> SafeString:
    return mark_safe(f'<span class="clock{_look(tone)}">{icon(sign)}<span>{escape(words)}</span></span>')  # noqa: S308 - escaped


def _look(tone: str) -> str:
    return f" clock-{tone}" if tone else ""
