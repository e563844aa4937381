"""What happened, in words with names: the lines of a ticket's timeline and of the records."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from helpdesk.choices import FieldKind, Impact, MoveName, Pressure, Priority, ResolutionKind, Status
from helpdesk.domain import events, work_events
from helpdesk.models import Delivery, User
from helpdesk.selectors.answers import shown
from helpdesk.selectors.conversation import Entry
from helpdesk.templatetags.desk import span_of
from helpdesk.views.desk import clock_words, relation_words
from helpdesk.views.desk.filling import fill as _fill

_OWN_KINDS: Final = {
    "account_mail": gettext_lazy("Account"),
    "export_ready": gettext_lazy("Export ready"),
    "webhook_event": gettext_lazy("Webhook"),
    "webhook_test": gettext_lazy("Test of a webhook"),
}
_EVENT_WORDS: Final = {
    events.TicketCreated.kind: gettext_lazy("Ticket filed"),
    events.ReplyAdded.kind: gettext_lazy("Reply"),
    events.NoteAdded.kind: gettext_lazy("Internal note"),
    events.Assigned.kind: gettext_lazy("Assignment"),
    events.StatusChanged.kind: gettext_lazy("Change of status"),
    events.Escalated.kind: gettext_lazy("Escalation"),
    events.Deescalated.kind: gettext_lazy("Handed back"),
    events.Resolved.kind: gettext_lazy("Resolution"),
    events.Confirmed.kind: gettext_lazy("Confirmation"),
    events.Rejected.kind: gettext_lazy("Still a problem"),
    events.Reopened.kind: gettext_lazy("Reopening"),
    events.Closed.kind: gettext_lazy("Closing"),
    events.FollowedUp.kind: gettext_lazy("Follow-up"),
    events.PriorityChanged.kind: gettext_lazy("Change of priority"),
    events.QueueChanged.kind: gettext_lazy("Change of queue"),
    events.CategoryChanged.kind: gettext_lazy("Change of category"),
    events.KindChanged.kind: gettext_lazy("Change of kind"),
    events.TagsChanged.kind: gettext_lazy("Change of tags"),
    events.FieldChanged.kind: gettext_lazy("Answer"),
    events.WatcherAdded.kind: gettext_lazy("Watcher added"),
    events.WatcherRemoved.kind: gettext_lazy("Watcher removed"),
    **relation_words.NAMES,
    **clock_words.NAMES,
    work_events.ProblemChanged.kind: gettext_lazy("Change of problem"),
    work_events.PriorityWeighed.kind: gettext_lazy("Impact and urgency"),
    work_events.PriorityMeasured.kind: gettext_lazy("Measurement"),
    work_events.MessageEdited.kind: gettext_lazy("Message changed"),
    work_events.TimeSpent.kind: gettext_lazy("Time spent"),
    work_events.TimeCorrected.kind: gettext_lazy("Time taken back"),
    events.PersonMerged.kind: gettext_lazy("Two accounts of one person merged"),
    events.PersonUnmerged.kind: gettext_lazy("Merge of two accounts taken back"),
}
_STATE_WORDS: Final = {
    "sent": gettext_lazy("Sent"),
    "cancelled": gettext_lazy("Cancelled"),
    "given_up": gettext_lazy("Given up"),
    "leased": gettext_lazy("Leaving now"),
    "waiting": gettext_lazy("Waiting"),
}


def event_kind(kind: str) -> str:
    """The name of a kind of ticket event."""
    return str(_EVENT_WORDS.get(kind, kind))


def delivery_kind(delivery: Delivery) -> str:
    """What a delivery is about."""
    return str(_OWN_KINDS[delivery.kind]) if delivery.kind in _OWN_KINDS else event_kind(delivery.kind)


def delivery_state(delivery: Delivery) -> str:
    """Where a delivery stands."""
    return str(_STATE_WORDS[delivery.state])


def line(entry: Entry) -> str:
    """An event as one line: who did what."""
    kind = entry.data.kind
    words = _LINES[kind](entry, entry.data) if kind in _LINES else str(_SIMPLE_LINES[kind])
    return words % {"who": str(entry.event.actor or _("Watchdesk"))}


def _status(code: str) -> str:
    return str(Status(code).label)


def _tier(entry: Entry, level: int) -> str:
    return str(entry.named.tiers.get(level, level))


def _assigned(entry: Entry, data: events.Assigned) -> str:
    actor = entry.event.actor_id
    before, after = (entry.named.people.get(pk) if pk else None for pk in (data.from_id, data.to_id))
    if after is None:
        if data.from_id == actor:
            return _("%(who)s gave this ticket back: nobody has it")
        return _fill(_("%(who)s took this ticket from %(name)s: nobody has it"), name=before)
    if data.to_id == actor:
        return _("%(who)s took this ticket")
    return _fill(_("%(who)s gave this ticket to %(name)s"), name=after)


def _status_changed(entry: Entry, data: events.StatusChanged) -> str:
    old, new = _status(data.from_status), _status(data.to_status)
    if entry.event.cause_id is not None and data.move != MoveName.ASK:
        return _fill(_("Status from “%(old)s” to “%(new)s”"), old=old, new=new)
    return _fill(_("%(who)s changed the status from “%(old)s” to “%(new)s”"), old=old, new=new)


def _escalated(entry: Entry, data: events.Escalated) -> str:
    old, new = _tier(entry, data.from_tier), _tier(entry, data.to_tier)
    return _fill(_("%(who)s escalated from %(old)s to %(new)s"), old=old, new=new)


def _deescalated(entry: Entry, data: events.Deescalated) -> str:
    old, new = _tier(entry, data.from_tier), _tier(entry, data.to_tier)
    return _fill(_("%(who)s handed back from %(old)s to %(new)s"), old=old, new=new)


def _resolved(_entry: Entry, data: events.Resolved) -> str:
    return _fill(_("%(who)s resolved this ticket: %(how)s"), how=ResolutionKind(data.resolution_kind).label)


def _closed(_entry: Entry, data: events.Closed) -> str:
    words = ngettext(
        "Closed by itself after %(days)d quiet day",
        "Closed by itself after %(days)d quiet days",
        data.quiet_days,
    )
    return words % {"days": data.quiet_days}


def _priority_changed(_entry: Entry, data: events.PriorityChanged) -> str:
    old, new = (Priority(value).label for value in (data.from_priority, data.to_priority))
    return _fill(_("%(who)s changed the priority from %(old)s to %(new)s"), old=old, new=new)


def _queue_changed(entry: Entry, data: events.QueueChanged) -> str:
    old, new = (entry.named.queues.get(pk) for pk in (data.from_queue_id, data.to_queue_id))
    return _fill(_("%(who)s moved this ticket from “%(old)s” to “%(new)s”"), old=old, new=new)


def _category_changed(entry: Entry, data: events.CategoryChanged) -> str:
    old, new = (entry.named.categories.get(pk or 0) for pk in (data.from_category_id, data.to_category_id))
    return _of_one(old, new, _CATEGORY_WORDS)


def _kind_changed(entry: Entry, data: events.KindChanged) -> str:
    old, new = (entry.named.kinds.get(pk or 0) for pk in (data.from_kind_id, data.to_kind_id))
    return _of_one(old, new, _KIND_WORDS)


# What is said of a thing that a ticket may have or not: it got one, lost it, or got another.
_CATEGORY_WORDS: Final = (
    gettext_lazy("%(who)s set the category “%(new)s”"),
    gettext_lazy("%(who)s took away the category “%(old)s”"),
    gettext_lazy("%(who)s changed the category from “%(old)s” to “%(new)s”"),
)
_KIND_WORDS: Final = (
    gettext_lazy("%(who)s set the kind “%(new)s”"),
    gettext_lazy("%(who)s took away the kind “%(old)s”"),
    gettext_lazy("%(who)s changed the kind from “%(old)s” to “%(new)s”"),
)


def _of_one(old: object, new: object, words: tuple[Promise, Promise, Promise]) -> str:
    got, lost, changed = words
    return _fill(str(got if old is None else lost if new is None else changed), old=old, new=new)


def _tags_changed(entry: Entry, data: events.TagsChanged) -> str:
    added, removed = (_listed(entry.named.tags, ids) for ids in (data.added_ids, data.removed_ids))
    if not removed:
        return _fill(_("%(who)s added the tags %(added)s"), added=added)
    if not added:
        return _fill(_("%(who)s removed the tags %(removed)s"), removed=removed)
    return _fill(_("%(who)s added the tags %(added)s and removed %(removed)s"), added=added, removed=removed)


def _listed(rows: Mapping[int, object], ids: Sequence[int]) -> str:
    return ", ".join(_("“%(name)s”") % {"name": rows[pk]} for pk in ids if pk in rows)


def _field_changed(entry: Entry, data: events.FieldChanged) -> str:
    field = entry.named.fields.get(data.field_id)
    if field is None:
        return _("%(who)s answered a question")
    label = field.shown("label")
    if field.kind in (FieldKind.TEXT, FieldKind.LONG_TEXT):
        got, lost = data.from_value is None, data.to_value is None
        words = _TEXT_WORDS[0 if got else 1 if lost else 2]
        return _fill(str(words), field=label)
    people = (entry.named.people.get(pk or 0) for pk in (data.from_id, data.to_id))
    before, after = (
        shown(field, pk if value is None else value, person)
        for value, pk, person in zip((data.from_value, data.to_value), (data.from_id, data.to_id), people, strict=True)
    )
    words = _ANSWER_WORDS[0 if not before else 1 if not after else 2]
    return _fill(str(words), field=label, old=before, new=after)


_TEXT_WORDS: Final = (
    gettext_lazy("%(who)s answered “%(field)s”"),
    gettext_lazy("%(who)s took away the answer to “%(field)s”"),
    gettext_lazy("%(who)s changed the answer to “%(field)s”"),
)
_ANSWER_WORDS: Final = (
    gettext_lazy("%(who)s answered “%(field)s”: %(new)s"),
    gettext_lazy("%(who)s took away the answer to “%(field)s”, which was %(old)s"),
    gettext_lazy("%(who)s changed the answer to “%(field)s” from %(old)s to %(new)s"),
)


def _watcher_added(entry: Entry, data: events.WatcherAdded) -> str:
    if data.user_id == entry.event.actor_id:
        return _("%(who)s watches this ticket")
    return _fill(_("%(who)s added %(name)s as a watcher"), name=entry.named.people.get(data.user_id))


def _watcher_removed(entry: Entry, data: events.WatcherRemoved) -> str:
    if data.user_id == entry.event.actor_id:
        return _("%(who)s watches this ticket no longer")
    return _fill(_("%(who)s removed %(name)s as a watcher"), name=entry.named.people.get(data.user_id))


def _problem_changed(entry: Entry, data: work_events.ProblemChanged) -> str:
    found = (entry.named.problems.get(pk or 0) for pk in (data.from_problem_id, data.to_problem_id))
    # By its reference alone: who sees the ticket may not see a private problem.
    old, new = (problem and problem.ref for problem in found)
    return _of_one(old, new, _PROBLEM_WORDS)


_PROBLEM_WORDS: Final = (
    gettext_lazy("%(who)s gathered this ticket under the problem %(new)s"),
    gettext_lazy("%(who)s took this ticket out of the problem %(old)s"),
    gettext_lazy("%(who)s moved this ticket from the problem %(old)s to %(new)s"),
)


def _time_spent(_entry: Entry, data: work_events.TimeSpent) -> str:
    return _fill(_("%(who)s spent %(time)s"), time=span_of(data.minutes))


def _time_corrected(_entry: Entry, data: work_events.TimeCorrected) -> str:
    return _fill(_("%(who)s took %(time)s back"), time=span_of(-data.minutes))


def _priority_weighed(_entry: Entry, data: work_events.PriorityWeighed) -> str:
    return _fill(
        _("%(who)s weighed: “%(impact)s”, “%(urgency)s”. That is %(priority)s."),
        impact=Impact(data.impact).label,
        urgency=Pressure(data.urgency).label,
        priority=Priority(data.priority).label,
    )


def _priority_measured(entry: Entry, data: work_events.PriorityMeasured) -> str:
    told = [_measured(entry, row) for row in data.rows]
    words = _("%(who)s measured: %(rows)s. The worst decides: %(priority)s.")
    return _fill(words, rows="; ".join(told), priority=Priority(data.priority).label)


def _measured(entry: Entry, row: Mapping[str, Any]) -> str:
    criterion = entry.named.criteria.get(row["criterion_id"])
    name = criterion.shown_name if criterion else "–"
    if row["is_case"]:
        return f"{name} (P{row['priority']})"
    unit = f" {criterion.unit}" if criterion and criterion.unit else ""
    return f"{name} {row['value']}{unit} (P{row['priority']})"


def _person_merged(entry: Entry, data: events.PersonMerged) -> str:
    old, new = (entry.named.people.get(pk) for pk in (data.from_id, data.to_id))
    return _fill(_("%(who)s merged %(old)s into %(new)s"), old=_account(old), new=_account(new))


def _person_unmerged(entry: Entry, data: events.PersonUnmerged) -> str:
    old, new = (entry.named.people.get(pk) for pk in (data.to_id, data.from_id))
    return _fill(_("%(who)s took back the merge of %(old)s into %(new)s"), old=_account(old), new=_account(new))


def _account(person: User | None) -> str:
    """Which of the accounts of one name is meant."""
    return person.account if person is not None else ""


_SIMPLE_LINES: Final = {
    **clock_words.SIMPLE_LINES,
    work_events.MessageEdited.kind: gettext_lazy("%(who)s changed a message"),
    events.TicketCreated.kind: gettext_lazy("%(who)s filed this ticket"),
    events.ReplyAdded.kind: gettext_lazy("%(who)s replied"),
    events.NoteAdded.kind: gettext_lazy("%(who)s wrote an internal note"),
    events.Confirmed.kind: gettext_lazy("%(who)s confirmed that it is solved"),
    events.Rejected.kind: gettext_lazy("%(who)s says that it is still a problem"),
    events.Reopened.kind: gettext_lazy("%(who)s opened this ticket again"),
    events.FollowedUp.kind: gettext_lazy("%(who)s answered after the closing: a new ticket follows this one"),
}
_LINES: Final[dict[str, Callable[[Entry, Any], str]]] = {
    events.Assigned.kind: _assigned,
    events.StatusChanged.kind: _status_changed,
    events.Escalated.kind: _escalated,
    events.Deescalated.kind: _deescalated,
    events.Resolved.kind: _resolved,
    events.Closed.kind: _closed,
    events.PriorityChanged.kind: _priority_changed,
    events.QueueChanged.kind: _queue_changed,
    events.CategoryChanged.kind: _category_changed,
    events.KindChanged.kind: _kind_changed,
    events.TagsChanged.kind: _tags_changed,
    events.FieldChanged.kind: _field_changed,
    events.WatcherAdded.kind: _watcher_added,
    events.WatcherRemoved.kind: _watcher_removed,
    **relation_words.LINES,
    **clock_words.LINES,
    work_events.ProblemChanged.kind: _problem_changed,
    work_events.PriorityWeighed.kind: _priority_weighed,
    work_events.PriorityMeasured.kind: _priority_measured,
    work_events.TimeSpent.kind: _time_spent,
    work_events.TimeCorrected.kind: _time_corrected,
    events.PersonMerged.kind: _person_merged,
    events.PersonUnmerged.kind: _person_unmerged,
}
