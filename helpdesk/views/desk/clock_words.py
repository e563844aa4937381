"""What happened to the clocks of a ticket, in words: a part of `words`."""

from collections.abc import Callable
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from helpdesk.choices import Metric
from helpdesk.domain import clock_events
from helpdesk.selectors.conversation import Entry
from helpdesk.views.desk.filling import fill

NAMES: Final = {
    clock_events.ClockWarned.kind: gettext_lazy("Warning of a clock"),
    clock_events.ClockBreached.kind: gettext_lazy("Breach"),
    clock_events.UpdateOwed.kind: gettext_lazy("Update owed"),
    clock_events.RungReached.kind: gettext_lazy("Escalation by the clock"),
    clock_events.BreachWithdrawn.kind: gettext_lazy("Breach withdrawn"),
    clock_events.Acknowledged.kind: gettext_lazy("Acknowledgement"),
    clock_events.PolicyChosen.kind: gettext_lazy("Choice of SLA policy"),
    clock_events.PromiseChanged.kind: gettext_lazy("Change of what is promised"),
    clock_events.OncallCalled.kind: gettext_lazy("Call to who is on call"),
    clock_events.LadderClimbed.kind: gettext_lazy("Question to management"),
    clock_events.LadderTold.kind: gettext_lazy("Notice of the clock"),
}


def _metric(data: Any) -> str:
    return str(Metric(data.metric).label)


def _warned(_entry: Entry, data: clock_events.ClockWarned) -> str:
    # The sign with its number: two rounds of filling in would take it for a gap.
    share = f"{data.percent}\u00a0%"
    return fill(_("%(metric)s: %(share)s of the time are used up"), metric=_metric(data), share=share)


def _breached(_entry: Entry, data: clock_events.ClockBreached) -> str:
    return fill(_("%(metric)s: the time is used up, the promise is broken"), metric=_metric(data))


def _reached(_entry: Entry, data: clock_events.RungReached) -> str:
    return fill(_("%(metric)s: nobody answered in time, so this ticket escalates"), metric=_metric(data))


def _withdrawn(_entry: Entry, data: clock_events.BreachWithdrawn) -> str:
    return fill(_("%(metric)s: there is no breach after all"), metric=_metric(data))


def _policy_chosen(entry: Entry, data: clock_events.PolicyChosen) -> str:
    if not data.chosen:
        return _("%(who)s left it to the rules what is promised")
    if data.policy_id is None:
        return _("%(who)s chose that nothing is promised")
    return fill(_("%(who)s chose the SLA policy “%(name)s”"), name=entry.named.policies.get(data.policy_id))


def _climbed(entry: Entry, data: clock_events.LadderClimbed) -> str:
    role, person = entry.named.roles.get(data.role_id), entry.named.people.get(data.user_id or 0)
    if person is None:
        return fill(_("%(who)s wanted to turn to “%(role)s”, which nobody fills"), role=role)
    return fill(_("%(who)s turned to %(name)s (%(role)s)"), name=person, role=role)


def _told(entry: Entry, data: clock_events.LadderTold) -> str:
    """Everybody with the ways by which they were told, in the order of their names."""
    names = {}
    for pk in {*data.inbox_ids, *data.mail_ids}:
        if (person := entry.named.people.get(pk)) is None:
            continue
        if pk not in data.mail_ids:
            words = pgettext("who was told, and how", "%(name)s (inbox)")
        elif pk not in data.inbox_ids:
            words = pgettext("who was told, and how", "%(name)s (mail)")
        else:
            words = pgettext("who was told, and how", "%(name)s (inbox and mail)")
        names[str(person), pk] = words % {"name": person}
    return fill(_("Told: %(names)s"), names=", ".join(names[key] for key in sorted(names)))


SIMPLE_LINES: Final = {
    clock_events.UpdateOwed.kind: gettext_lazy("The requester has heard nothing for too long: an update is owed"),
    clock_events.Acknowledged.kind: gettext_lazy("%(who)s has seen this ticket"),
    clock_events.PromiseChanged.kind: gettext_lazy("What is promised changed: the clocks were counted anew"),
    clock_events.OncallCalled.kind: gettext_lazy("%(who)s called who is on call"),
}
LINES: Final[dict[str, Callable[[Entry, Any], str]]] = {
    clock_events.ClockWarned.kind: _warned,
    clock_events.ClockBreached.kind: _breached,
    clock_events.RungReached.kind: _reached,
    clock_events.BreachWithdrawn.kind: _withdrawn,
    clock_events.PolicyChosen.kind: _policy_chosen,
    clock_events.LadderClimbed.kind: _climbed,
    clock_events.LadderTold.kind: _told,
}
