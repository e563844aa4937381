"""Two accounts of one person become one, and can be two again for a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk import registry
from helpdesk.actions import _sessions, _tokens
from helpdesk.actions._base import action
from helpdesk.actions._record import audit, record
from helpdesk.actors import Actor
from helpdesk.choices import Role
from helpdesk.domain.event_data import EventData
from helpdesk.domain.events import PersonMerged, PersonUnmerged
from helpdesk.errors import Code, DomainError
from helpdesk.models import PersonMerge, Ticket, User, Watcher
from helpdesk.permissions import Right, holds
from helpdesk.registry import Merging

_TRIES: Final = 4


class _Another(Exception):
    """The person got another ticket while theirs were being locked."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What came of taking a merge back: by the part's name how much went back, and how much stays."""

    merge: PersonMerge
    back: dict[str, int]
    stays: dict[str, int]
    # Tickets that were filed since, which nobody can tell whose they would have been.
    filed_since: int


def merge(*, source: User, target: User, by: Actor, now: datetime) -> PersonMerge:
    """Let everything of `source` be `target`'s, and close `source`. Refuses whoever works for the desk: a mailbox that
    opens one of the accounts opens both from then on, and nobody gains a right by that.
    """
    for _try in range(_TRIES):
        try:
            return _merge(source=source, target=target, by=by, now=now)
        except _Another:
            continue
    raise DomainError(
        _("%(name)s is filing tickets at this moment. Please try again.") % {"name": source.own_name}, Code.STALE
    )


@action
def _merge(*, source: User, target: User, by: Actor, now: datetime) -> PersonMerge:
    _require(by)
    concerned = Q(requester=source) | Q(pk__in=Watcher.objects.filter(user=source).values("ticket"))
    tickets = _lock(concerned)
    source, target = _lock_people(source, target)
    check(source, target)
    if Ticket.objects.filter(concerned).exclude(pk__in=[ticket.pk for ticket in tickets]).exists():
        raise _Another
    merging = Merging(source, target, by, now)
    # Made first, since parts may want to point to it.
    row = PersonMerge.objects.create(source=source, target=target, merged_at=now)
    row.moved = {part.name: part.move(merging) for part in registry.merge_parts}
    row.moved["account"] = {"is_active": source.is_active, "vip": source.is_vip and not target.is_vip}
    row.save(update_fields=["moved"])
    source.merged_into, source.is_active = target, False
    source.save(update_fields=["merged_into", "is_active"])
    _sessions.end_of(source)
    _tokens.end_of(source, by=by, now=now)
    target.is_vip = target.is_vip or source.is_vip
    target.save(update_fields=["is_vip"])
    _tell(tickets, PersonMerged(source.pk, target.pk), by, now)
    for person in (source, target):
        audit("person_merged", ("user", person.pk), _on_record(row), by=by, now=now)
    return row


def check(source: User, target: User) -> None:
    """Refuse to merge these two, with the reason."""
    names = {"name": source.own_name, "other": target.own_name}
    for fails, words in (
        (source == target, _("This is one account already. Choose another one.")),
        (source.is_integration or target.is_integration, _("Another system is no person.")),
        (source.merged_into_id is not None, _("%(name)s was merged already.")),
        (target.merged_into_id is not None, _("%(other)s was merged into another account. Choose that one.")),
        (
            source.role != Role.REQUESTER or target.role != Role.REQUESTER,
            _("Only accounts of people who ask for help are merged: nobody gains or loses a right in the desk by it."),
        ),
        (not target.is_active, _("The account of %(other)s is closed. Open it first, or merge the other way round.")),
    ):
        if fails:
            raise DomainError(str(words) % names, Code.WRONG, field="into")


@action
def undo(*, merge: PersonMerge, by: Actor, now: datetime) -> Undone:
    """Take a merge back: what is still as it left it goes back, what changed since stays where it is."""
    _require(by)
    row = PersonMerge.objects.get(pk=merge.pk)
    # The tickets first, as in every action, then the people, then what is between them.
    tickets = _lock(Q(pk__in=_ticket_ids(row)))
    source, target = _lock_people(row.source, row.target)
    row = PersonMerge.objects.select_for_update().get(pk=merge.pk)
    _check_undo(row, target, now)
    merging = Merging(source, target, by, now)
    source.merged_into, source.is_active = None, row.moved["account"]["is_active"]
    source.save(update_fields=["merged_into", "is_active"])
    if row.moved["account"]["vip"]:
        target.is_vip = False
        target.save(update_fields=["is_vip"])
    came = {
        part.name: part.put_back(merging, row.moved[part.name])
        for part in registry.merge_parts
        if part.name in row.moved
    }
    row.undone_at = now
    row.save(update_fields=["undone_at"])
    _tell(tickets, PersonUnmerged(target.pk, source.pk), by, now)
    for person in (source, target):
        audit("person_unmerged", ("user", person.pk), _on_record(row), by=by, now=now)
    return Undone(
        row,
        back={name: count for name, (count, _stays) in came.items() if count},
        stays={name: count for name, (_back, count) in came.items() if count},
        filed_since=Ticket.objects.filter(requester=target, created_at__gt=row.merged_at).count(),
    )


def _check_undo(row: PersonMerge, target: User, now: datetime) -> None:
    if row.undone_at is not None:
        raise DomainError(_("This merge was taken back already."), Code.REPEATED)
    if not row.can_be_undone(now):
        raise DomainError(_("A merge can be taken back for a day; this one is older."), Code.WRONG)
    if target.merged_into_id is not None:
        words = _("%(name)s was merged into %(other)s since. Take that back first.")
        raise DomainError(words % {"name": target.own_name, "other": target}, Code.STALE)


def _require(by: Actor) -> None:
    if not holds(by, Right.CHANGE_PEOPLE):
        raise DomainError(_("You may not merge accounts."), Code.FORBIDDEN)


def _lock(which: Q) -> list[Ticket]:
    return list(Ticket.objects.filter(which).select_for_update().order_by("pk"))


def _lock_people(source: User, target: User) -> tuple[User, User]:
    """Both, locked against everything: whoever files a ticket for one of them at this moment is done before, or finds
    who is left.
    """
    rows = User.objects.select_for_update().filter(pk__in=(source.pk, target.pk)).order_by("pk")
    found = {row.pk: row for row in rows}
    return found[source.pk], found[target.pk]


def _ticket_ids(row: PersonMerge) -> set[int]:
    """The tickets that a merge concerned."""
    watched = row.moved["watched"]
    still = Watcher.objects.filter(pk__in=watched["ids"]).values_list("ticket", flat=True)
    return {*row.moved["tickets"]["ids"], *watched["doubled"], *watched["asked"], *still}


def _tell(tickets: Sequence[Ticket], data: EventData, by: Actor, now: datetime) -> None:
    """Write it into the record of each ticket, without a word in the list's order: nobody said anything."""
    for ticket in tickets:
        record(ticket, data, by=by, now=now)
        ticket.save(update_fields=["version"])


def _on_record(row: PersonMerge) -> dict[str, int]:
    return {"from_id": row.source_id, "into_id": row.target_id, "merge_id": row.pk}
