"""How tickets stand to each other."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from helpdesk.actions._base import action
from helpdesk.actions._pair import begin_both, lock_relations
from helpdesk.actions._work import Work
from helpdesk.actors import Actor
from helpdesk.choices import LinkKind, Relation
from helpdesk.domain.relation_events import Linked, Unlinked
from helpdesk.domain.relations import closes_circle, ends, opposite
from helpdesk.errors import Code, DomainError
from helpdesk.models import Ticket, TicketLink
from helpdesk.permissions import Right

MAX_LINKS: Final = 100
_CIRCLES: Final = {
    LinkKind.BLOCKS: _("They would block each other in a circle, and neither could ever go on."),
    LinkKind.DUPLICATES: _("They would duplicate each other in a circle."),
    LinkKind.PARENT: _("A ticket would be its own parent."),
}


@action
def link(*, ticket: Ticket, other: Ticket, relation: Relation, by: Actor, now: datetime) -> Ticket:
    """Say how the ticket stands to another one, which the actor sees as the desk does. Told twice, it counts once."""
    here, there, (kind, source, target) = _begin(ticket, other, relation, by, now)
    if TicketLink.objects.filter(kind=kind, source=source, target=target).exists():
        return here.ticket
    _refuse_circle(kind, source, target)
    _refuse_second_parent(kind, target)
    for work in (here, there):
        if _links_of(work.ticket).count() >= MAX_LINKS:
            raise DomainError(
                _("%(ref)s has %(limit)d links already. Remove one first.")
                % {"ref": work.ticket.ref, "limit": MAX_LINKS},
                Code.WRONG,
                field="other",
            )
    TicketLink.objects.create(kind=kind, source_id=source, target_id=target)
    here.record(Linked(relation, other.pk))
    there.record(Linked(opposite(relation), ticket.pk))
    there.save()
    return here.save()


@action
def unlink(*, ticket: Ticket, other: Ticket, relation: Relation, by: Actor, now: datetime) -> Ticket:
    """Take a link away. One that is gone already is no mistake."""
    here, there, (kind, source, target) = _begin(ticket, other, relation, by, now)
    gone, _rows = TicketLink.objects.filter(kind=kind, source=source, target=target).delete()
    if gone:
        here.record(Unlinked(relation, other.pk))
        there.record(Unlinked(opposite(relation), ticket.pk))
        there.save()
        return here.save()
    return here.ticket


def _begin(
    ticket: Ticket, other: Ticket, relation: Relation, by: Actor, now: datetime
) -> tuple[Work, Work, tuple[LinkKind, int, int]]:
    lock_relations()
    here, there = begin_both(ticket, other, by=by, now=now)
    here.require(Right.WORK)
    there.require(Right.READ_NOTES)
    return here, there, ends(Relation(relation), ticket.pk, other.pk)


def _refuse_circle(kind: LinkKind, source: int, target: int) -> None:
    if closes_circle_with(TicketLink.objects.all(), kind, source, target):
        raise DomainError(_CIRCLES[kind], Code.WRONG, field="other")


def closes_circle_with(links: QuerySet[TicketLink], kind: LinkKind, source: int, target: int) -> bool:
    """Whether such a link, beside these, would lead back to where it begins, and may not."""

    def onwards(ids: Collection[int]) -> Iterable[int]:
        return links.filter(kind=kind, source__in=ids).values_list("target", flat=True)

    return kind in _CIRCLES and closes_circle(source, target, onwards)


def _refuse_second_parent(kind: LinkKind, child: int) -> None:
    if kind is not LinkKind.PARENT:
        return
    known = TicketLink.objects.filter(kind=kind, target=child).select_related("source", "target").first()
    if known is not None:
        raise DomainError(
            _("%(ref)s has another parent already. Take that link away first.") % {"ref": known.target.ref},
            Code.WRONG,
            field="other",
        )


def _links_of(ticket: Ticket) -> QuerySet[TicketLink]:
    return TicketLink.objects.filter(Q(source=ticket) | Q(target=ticket))
