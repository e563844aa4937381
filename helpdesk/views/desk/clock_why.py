"""Why a clock is due when it is: the page behind each badge."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from helpdesk import access
from helpdesk.choices import LineKind, StepKind, WorkState
from helpdesk.domain.clocks import What
from helpdesk.domain.sla import Line
from helpdesk.errors import Text
from helpdesk.models import PolicyRule, SLAStep, Ticket
from helpdesk.permissions import Right
from helpdesk.requests import actor_of
from helpdesk.selectors.clock_story import bindings_of, steps_of, withdrawn_of
from helpdesk.selectors.clocks import Explained, Turn, badge, explain
from helpdesk.selectors.conversation import said_on
from helpdesk.templatetags.clocks import exact_span
from helpdesk.views.desk.frame import page
from helpdesk.views.desk.stream import leaves_out

_SECOND: Final = timedelta(seconds=1)
_TURNS: Final[dict[str, Text]] = {
    What.START: pgettext_lazy("clock", "Started"),
    What.STOP: pgettext_lazy("clock", "Stopped"),
    What.AWAY: pgettext_lazy("clock", "Taken off"),
    What.BACK: pgettext_lazy("clock", "Goes on"),
}
_BY_HAND: Final = gettext_lazy("Somebody chose it by hand for this ticket.")
_GONE: Final = gettext_lazy("A rule said so that is not there any more.")


@dataclass(frozen=True, slots=True)
class Row:
    """A stretch of time, what it was, and what of it was counted; the counted times add up to the second."""

    begins: datetime
    ends: datetime
    words: str
    counted: str


@dataclass(frozen=True, slots=True)
class Turned:
    """Something that happened to the clock, who did it, and where on the ticket's page it stands."""

    at: datetime
    words: str
    who: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Stepped:
    """Something that came due."""

    words: str
    due_at: datetime
    recorded_at: datetime
    binding: int


@require_safe
def why(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """Everything that decides on when one clock of a ticket is due, and what became of it."""
    ticket = access.get_ticket(actor_of(request), ref, Right.READ_NOTES)
    cycle = access.get_cycle(ticket, pk)
    now = timezone.now()
    told = explain(cycle, now) if cycle.target_seconds is not None else None
    bindings = bindings_of(cycle)
    # Of a long talk the page leaves the middle out, unless it is asked for all.
    way = "?all=1" if leaves_out(said_on(ticket).count()) else ""
    title = _("Why this deadline?")
    context = {
        **frame(ticket, title),
        "cycle": cycle,
        "badge": badge(cycle, now) if told is not None and not cycle.is_stopped else None,
        "why": told,
        "because": _because(told) if told else "",
        "lines": list(_rows(told)) if told else [],
        "used": exact_span(told.used) if told else "",
        "is_whole": told is not None and told.used == cycle.target,
        "turns": [_turned(turn, way) for turn in told.turns] if told else [],
        "bindings": bindings if len(bindings) > 1 else [],
        "steps": [_stepped(step) for step in steps_of(cycle)],
        "withdrawn": withdrawn_of(cycle),
    }
    return page(request, "desk/clock_why.html", context)


def frame(ticket: Ticket, title: str) -> dict[str, object]:
    """What a page about the clocks of a ticket tells of where it is."""
    where = reverse("admin:ticket", args=[ticket.ref])
    crumbs = [{"title": _("Tickets"), "url": reverse("admin:tickets")}, {"title": ticket.ref, "url": where}]
    return {"title": title, "own_heading": True, "crumbs": crumbs, "here": title, "ticket": ticket, "back": where}


def _because(told: Explained) -> str:
    if told.is_chosen:
        return str(_BY_HAND)
    return str(_GONE) if told.rule is None else _of_rule(told.rule)


def _of_rule(rule: PolicyRule) -> str:
    """The first rule that fits decides; this says what it asks for."""
    asked = [
        (_("organisation"), rule.organization),
        (_("service tier"), rule.service_tier),
        (_("queue"), rule.queue),
        (_("category"), rule.category),
        (_("filed during"), WorkState(rule.phase).label if rule.phase else None),
    ]
    wanted = ", ".join(f"{name} “{value}”" for name, value in asked if value is not None)
    if not wanted:
        return _("The rule for all tickets that no other rule names.")
    return _("The first rule that fits: %(wanted)s.") % {"wanted": wanted}


def _rows(told: Explained) -> Iterator[Row]:
    before = timedelta()
    for line in told.lines:
        after = before + line.counted
        # Each is cut to the second where it ends, so that what is shown adds up to what is shown below it.
        shown = after // _SECOND - before // _SECOND
        counted = exact_span(shown * _SECOND) if line.counted else ""
        yield Row(line.begins, line.ends, _words(line, told), counted)
        before = after


def _words(line: Line, told: Explained) -> str:
    name = told.holidays.get(line.holiday, "") if line.holiday else ""
    label = str(LineKind(line.kind).label)
    return f"{label}: {name}" if name else label


def _turned(turn: Turn, way: str) -> Turned:
    status = turn.status.label
    if turn.what in _TURNS:
        words = str(_TURNS[turn.what])
    elif turn.is_counting:
        words = _("Status “%(status)s”: the clock runs") % {"status": status}
    else:
        words = _("Status “%(status)s”: the clock stands") % {"status": status}
    event = turn.event
    if event is None:
        return Turned(turn.at, words, "", "")
    message = event.data.get("message_id")
    anchor = f"{way}#message-{message}" if message else f"{way}#event-{event.pk}"
    return Turned(turn.at, words, str(event.actor.present if event.actor else _("Watchdesk")), anchor)


def _stepped(step: SLAStep) -> Stepped:
    words = str(StepKind(step.kind).label)
    if step.kind == StepKind.WARNING:
        words = _("Warning at %(share)s") % {"share": f"{step.key.partition(':')[2]} %"}
    return Stepped(words, step.due_at, step.recorded_at, step.binding)
