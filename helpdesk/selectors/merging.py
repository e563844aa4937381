"""What merging two tickets would do, and what was merged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Q

from helpdesk.actors import Actor
from helpdesk.choices import Visibility
from helpdesk.models import Attachment, Message, SubTask, Ticket, TicketLink, TicketMerge, User
from helpdesk.permissions import Right
from helpdesk.selectors.tickets import visible_to
from helpdesk.selectors.watchers import watchers_of

_LOOKED_AT: Final = 100
_OFFERED: Final = 6


@dataclass(frozen=True, slots=True)
class Readers:
    """Those on the requesters' side who would read more than before: what is said on the other ticket."""

    of_source: Sequence[User]
    of_target: Sequence[User]
    # Whether the managers of another organisation would, too.
    other_organization: bool

    def __bool__(self) -> bool:
        return bool(self.of_source or self.of_target or self.other_organization)


def new_readers(source: Ticket, target: Ticket) -> Readers:
    """Whom a merge would let read words that they do not read now. The desk's own people are no such readers."""
    here, there = _side(source), _side(target)
    return Readers(
        [person for pk, person in here.items() if pk not in there],
        [person for pk, person in there.items() if pk not in here],
        source.organization_id != target.organization_id,
    )


def _side(ticket: Ticket) -> dict[int, User]:
    """Who asked and who follows. Colleagues who follow are on the desk's side and read it anyway."""
    followers = [person for person in watchers_of(ticket) if not person.is_staff]
    return {person.pk: person for person in (ticket.requester, *followers)}


@dataclass(frozen=True, slots=True)
class Preview:
    """What would go over."""

    replies: int
    notes: int
    files: int
    tags: Sequence[str]
    sub_tasks: int
    links: int
    readers: Readers


def preview(source: Ticket, target: Ticket) -> Preview:
    """What merging the source into the target would do."""
    said = Message.objects.filter(ticket=source)
    notes = said.filter(visibility=Visibility.INTERNAL).count()
    links = TicketLink.objects.filter(Q(source=source) | Q(target=source))
    return Preview(
        replies=said.count() - notes,
        notes=notes,
        files=Attachment.objects.filter(message__ticket=source).count(),
        tags=sorted({tag.name for tag in source.tags.all()} - {tag.name for tag in target.tags.all()}),
        sub_tasks=SubTask.objects.filter(ticket=source, dropped_at=None).count(),
        links=links.exclude(Q(source=target) | Q(target=target)).count(),
        readers=new_readers(source, target),
    )


def candidates(actor: Actor, ticket: Ticket) -> list[Ticket]:
    """What the ticket could be merged into: what its requester asked for lately, the most similar subject first."""
    own = visible_to(actor, Right.WORK).filter(requester=ticket.requester_id, merged_into=None).exclude(pk=ticket.pk)
    latest = own.order_by("-updated_at", "-pk").values("pk")[:_LOOKED_AT]
    near = Ticket.objects.filter(pk__in=latest).annotate(near=TrigramSimilarity("subject", ticket.subject))
    return list(near.order_by("-near", "-updated_at", "-pk")[:_OFFERED])


def merges_into(ticket: Ticket, since: datetime) -> list[TicketMerge]:
    """What was merged into the ticket and still is; none is older than `since`, for they cannot be undone."""
    if not ticket.has_merged:
        return []
    rows = TicketMerge.objects.filter(target=ticket, undone_at=None, merged_at__gte=since)
    return list(rows.select_related("source").order_by("pk"))


def merge_of(ticket: Ticket) -> TicketMerge | None:
    """By which the ticket went on in another one, where it did."""
    return TicketMerge.objects.filter(source=ticket, undone_at=None).first()
