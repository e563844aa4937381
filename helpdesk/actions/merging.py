"""Two tickets about one matter become one, and, for a day, two again."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from helpdesk.actions._base import action
from helpdesk.actions._merged_rows import STEPS, new_watchers
from helpdesk.actions._pair import lock_relations
from helpdesk.actions._work import Work
from helpdesk.actions.watching import drop, take_over
from helpdesk.actors import Actor
from helpdesk.choices import ResolutionKind, Status
from helpdesk.domain.relation_events import Merged, TookIn, Unmerged
from helpdesk.errors import Code, DomainError
from helpdesk.models import Ticket, TicketMerge, User, Watcher
from helpdesk.permissions import Right
from helpdesk.selectors.merging import merge_of, new_readers
from helpdesk.selectors.privacy import is_private
from helpdesk.selectors.settings import desk_settings

UNDO_WITHIN: Final = timedelta(days=1)
# The columns of the source that the merge sets, and undoing sets back; moments among them.
_COLUMNS: Final = ("status", "status_since", "resolved_at", "closed_at", "close_due_at", "resolution_kind", "waits_id")
_WAITING: Final = "unanswered_since"


@action
def merge(
    *,
    ticket: Ticket,
    into: Ticket,
    by: Actor,
    now: datetime,
    knowing: bool = False,
    seen: tuple[int, int | None] | None = None,
) -> TicketMerge:
    """Close the ticket and let all that was said and is known of it go on in another one.

    Where `into` was merged itself, the ticket goes to where that one went. Refused where somebody would read more than
    before, unless the actor is `knowing`; and where either changed since its version in `seen`, as far as one is told.
    Told twice, it counts once.
    """
    lock_relations()
    source, target = _begin(ticket, into, by, now)
    if source.ticket.merged_into_id is not None:
        return _already(source.ticket, target.ticket)
    for work in (source, target):
        work.require(Right.WORK)
    if seen is not None and (seen[0] != source.ticket.version or seen[1] not in {None, target.ticket.version}):
        raise DomainError(
            _("One of the tickets changed while you were looking. Look at what will happen, then decide again."),
            Code.STALE,
        )
    _refuse_to_bury(source.ticket, target.ticket)
    _refuse_to_betray(source.ticket, target.ticket)
    if not knowing and new_readers(source.ticket, target.ticket):
        raise DomainError(
            _("Somebody would read what they could not read before. Say that they may, or leave the tickets apart."),
            Code.MISSING,
            field="knowing",
        )
    return _merge(source, target)


@action
def undo_merge(*, merge: TicketMerge, by: Actor, now: datetime) -> Ticket:
    """Take two tickets apart again: everything that went over goes back, and what was written since stays.

    Returns the ticket that had been merged.
    """
    lock_relations()
    return _undo(merge, by, now)


@action
def take_out(*, ticket: Ticket, by: Actor, now: datetime) -> Ticket:
    """Undo the merge by which the ticket went into another one."""
    lock_relations()
    merge = merge_of(ticket)
    if merge is None:
        raise DomainError(_("This ticket was not merged into another one."), Code.ILLEGAL_MOVE)
    return _undo(merge, by, now)


def _undo(merge: TicketMerge, by: Actor, now: datetime) -> Ticket:
    back = merge.moved.get("merged", [])
    works = _locked([merge.source_id, merge.target_id, *back], by, now)
    source, target = works[merge.source_id], works[merge.target_id]
    for work in (source, target):
        work.require(Right.WORK)
    merge = TicketMerge.objects.get(pk=merge.pk)
    if merge.undone_at is not None:
        return source.ticket
    _refuse_to_undo(merge, target.ticket, now)
    followers = User.objects.filter(pk__in=merge.moved["watchers"])
    for name, (_over, go_back) in STEPS.items():
        if go_back is not None:
            go_back(source.ticket, target.ticket, merge.moved[name])
    Ticket.objects.filter(pk__in=back).update(merged_into=source.ticket)
    _restore(merge, source, target)
    cause = source.record(Unmerged(target.ticket.pk))
    target.record(Unmerged(source.ticket.pk), cause=cause)
    for who in followers:
        drop(target, who)
    merge.undone_at = now
    merge.save(update_fields=["undone_at"])
    source.change(merged_into=None, has_merged=bool(back), public_at=now)
    source.save()
    still = Ticket.objects.filter(merged_into=target.ticket).exists()
    target.change(has_merged=still, public_at=now)
    target.save()
    return source.ticket


def _begin(ticket: Ticket, into: Ticket, by: Actor, now: datetime) -> tuple[Work, Work]:
    """Both under their locks, with those that were merged into the source before: they go on to its target."""
    # Nobody merges meanwhile, so this stays true: no ticket is merged into one that was merged itself.
    final = Ticket.objects.values_list("merged_into", flat=True).get(pk=into.pk) or into.pk
    if final == ticket.pk:
        words = (
            _("This is the same ticket. Choose another one.")
            if into.pk == ticket.pk
            else _("That ticket was merged into this one already.")
        )
        raise DomainError(words, Code.WRONG, field="into")
    merged = Ticket.objects.filter(merged_into=ticket).values_list("pk", flat=True)
    works = _locked([ticket.pk, final, *merged], by, now)
    return works[ticket.pk], works[final]


def _locked(ids: list[int], by: Actor, now: datetime) -> dict[int, Work]:
    rows = Ticket.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    settings = desk_settings()
    return {row.pk: Work(row, by, now, settings) for row in rows}


def _already(source: Ticket, target: Ticket) -> TicketMerge:
    if source.merged_into_id != target.pk:
        raise DomainError(
            _("%(ref)s was merged into another ticket meanwhile.") % {"ref": source.ref}, Code.STALE, field="into"
        )
    return TicketMerge.objects.get(source=source, undone_at=None)


def _refuse_to_bury(source: Ticket, target: Ticket) -> None:
    """What is not solved would be lost in what is: nobody looks there any more."""
    if target.is_solved and not source.is_solved:
        raise DomainError(
            _("%(target)s is solved and %(source)s is not. Reopen %(target)s first, or merge it into %(source)s.")
            % {"target": target.ref, "source": source.ref},
            Code.ILLEGAL_MOVE,
            field="into",
        )


def _refuse_to_betray(source: Ticket, target: Ticket) -> None:
    """What is private to some teams stays among them: other teams would read its words, or lose their own."""
    if source.category_id != target.category_id and (is_private(source) or is_private(target)):
        raise DomainError(
            _("One of these tickets is private to some teams, the other is not theirs alone. They stay apart."),
            Code.FORBIDDEN,
            field="into",
        )


def _merge(source: Work, target: Work) -> TicketMerge:
    here, there, now = source.ticket, target.ticket, source.now
    before = {
        "source": {name: _stored(getattr(here, name)) for name in (*_COLUMNS, _WAITING)},
        "target": {_WAITING: _stored(there.unanswered_since)},
    }
    followers = new_watchers(here, there)
    moved: dict[str, Any] = {name: over(here, there) for name, (over, _back) in STEPS.items()}
    moved["watchers"] = [person.pk for person in followers]
    moved["merged"] = list(Ticket.objects.filter(merged_into=here).order_by("pk").values_list("pk", flat=True))
    Ticket.objects.filter(pk__in=moved["merged"]).update(merged_into=there)
    waiting = [moment for moment in (here.unanswered_since, there.unanswered_since) if moment is not None]
    if waiting and not there.is_solved:
        target.change(unanswered_since=min(waiting))
    target.change(has_merged=True, public_at=now)
    source.change(
        merged_into=there,
        has_merged=False,
        status=Status.CLOSED,
        status_since=now,
        resolved_at=here.resolved_at or now,
        closed_at=now,
        close_due_at=None,
        resolution_kind=ResolutionKind.MERGED,
        unanswered_since=None,
        waits=None,
        public_at=now,
    )
    source.record(Merged(there.pk))
    took_in = target.record(TookIn(here.pk))
    take_over(target, followers, took_in)
    if is_private(there):
        # Who asked for the one, or was let in there, is let in here.
        Watcher.objects.filter(ticket=there, user__in=followers).update(admitted=True)
    merge = TicketMerge.objects.create(source=here, target=there, merged_at=now, moved=moved, before=before)
    merge.before["target"]["set"] = _stored(there.unanswered_since)
    merge.save(update_fields=["before"])
    source.save()
    target.save()
    return merge


def _refuse_to_undo(merge: TicketMerge, target: Ticket, now: datetime) -> None:
    if now > merge.merged_at + UNDO_WITHIN:
        raise DomainError(
            _("A merge can be undone for a day; this one is older. Open a new ticket for what belongs apart."),
            Code.ILLEGAL_MOVE,
        )
    if target.merged_into_id is not None:
        raise DomainError(
            _("%(ref)s was merged itself since then. Undo that first.") % {"ref": target.ref}, Code.ILLEGAL_MOVE
        )


def _restore(merge: TicketMerge, source: Work, target: Work) -> None:
    """The columns as they were; who waits for an answer on the target, unless that changed since."""
    source.change(**{name: _read(name, value) for name, value in merge.before["source"].items()})
    was = merge.before["target"]
    if _stored(target.ticket.unanswered_since) == was["set"]:
        target.change(unanswered_since=_read(_WAITING, was[_WAITING]))


def _stored(value: Any) -> str | None:
    return value.isoformat() if isinstance(value, datetime) else value


def _read(name: str, value: str | None) -> Any:
    is_moment = name.endswith(("_at", "_since"))
    return parse_datetime(value) if is_moment and value else value
