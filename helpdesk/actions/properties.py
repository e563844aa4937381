"""What a ticket is filed under: its queue, priority, category, kind, organisation and tags."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Value
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from helpdesk.actions._base import action
from helpdesk.actions._privacy import draw_circle, withdraw
from helpdesk.actions._record import audit
from helpdesk.actions._work import Work, begin
from helpdesk.actions.judging import FOLLOWS
from helpdesk.actors import Actor
from helpdesk.choices import Priority
from helpdesk.domain.events import CategoryChanged, KindChanged, PriorityChanged, QueueChanged, TagsChanged
from helpdesk.domain.relation_events import OrganizationChanged
from helpdesk.domain.words import clean_line
from helpdesk.errors import Code, DomainError, Text
from helpdesk.models import Category, Kind, Organization, Queue, Tag, Ticket
from helpdesk.permissions import Right
from helpdesk.selectors.people import places_of

MAX_TAGS: Final = 20
MAX_TAG: Final = 40


@action
def set_priority(*, ticket: Ticket, to: int, by: Actor, now: datetime, seen: int | None = None) -> Ticket:
    """Say how much the ticket matters. `seen` is the priority that the page showed."""
    work = begin(ticket, by=by, now=now, right=Right.WORK)
    before = work.ticket.priority
    if to == before:
        return work.ticket
    _refuse_stale(seen, before, "priority", _("Meanwhile the priority is %(value)s."), Priority(before).label)
    work.refuse_solved("priority")
    if (follows := FOLLOWS.get(work.ticket.queue.priority_source)) is not None:
        raise DomainError(follows, Code.WRONG, field="priority")
    if to not in Priority.values:
        raise DomainError(_("Choose a priority from the list."), Code.WRONG, field="priority")
    work.change(priority=to)
    work.record(PriorityChanged(before, to))
    return work.save()


@action
def set_queue(*, ticket: Ticket, to: Queue, by: Actor, now: datetime, seen: int | None = None) -> Ticket:
    """Move the ticket to another queue. `seen` is the id of the queue that the page showed.

    Whoever has the ticket and may not work the new queue loses it, and it is open for who comes next there. So may the
    actor lose sight of it.
    """
    to = Queue.objects.get(pk=to.pk)
    work = begin(ticket, by=by, now=now, right=Right.ASSIGN)
    before = work.ticket.queue
    if to == before:
        return work.ticket
    _refuse_stale(seen, before.pk, "queue", _("Meanwhile the ticket is in the queue “%(value)s”."), before)
    work.refuse_solved("queue")
    if not to.is_active:
        raise DomainError(
            _("The queue “%(name)s” is closed. Choose another one.") % {"name": to}, Code.WRONG, field="queue"
        )
    work.change(queue=to)
    withdraw(work, work.record(QueueChanged(before.pk, to.pk)))
    return work.save()


@action
def set_category(*, ticket: Ticket, to: Category | None, by: Actor, now: datetime, seen: int | None = None) -> Ticket:
    """Say what the ticket is about. It stays in its queue and keeps its kind, whatever the category would begin with.

    Under a private category only its teams see the ticket from now on, the actor perhaps not among them.
    `seen` is the id of the category that the page showed, 0 where it showed none.
    """
    words = _("Meanwhile the category is “%(value)s”."), _("Meanwhile the ticket has no category.")
    work = begin(ticket, by=by, now=now, right=Right.WORK)
    return _file_under(work, "category", to, seen=seen, stale=words, event=CategoryChanged)


@action
def set_kind(*, ticket: Ticket, to: Kind | None, by: Actor, now: datetime, seen: int | None = None) -> Ticket:
    """Say what sort of report the ticket is. `seen` is the id of the kind that the page showed, 0 for none."""
    words = _("Meanwhile the kind is “%(value)s”."), _("Meanwhile the ticket has no kind.")
    work = begin(ticket, by=by, now=now, right=Right.WORK)
    return _file_under(work, "kind", to, seen=seen, stale=words, event=KindChanged)


@action
def set_organization(
    *, ticket: Ticket, to: Organization | None, by: Actor, now: datetime, seen: int | None = None
) -> Ticket:
    """Say for which organisation of its requester the ticket is, or that it is for none.

    Who manages the new one sees it from now on, who manages the old one does not any more. `seen` is the id of the one
    that the page showed, 0 for none.
    """
    work = begin(ticket, by=by, now=now, right=Right.WORK)
    before = work.ticket.organization
    if to == before:
        return work.ticket
    words = _("Meanwhile it is for “%(value)s”.") if before else _("Meanwhile it is for no organisation.")
    _refuse_stale(seen, before.pk if before else 0, "organization", words, before)
    work.refuse_solved("organization")
    if to is not None and not places_of(work.ticket.requester).filter(pk=to.pk).exists():
        raise DomainError(
            _("%(name)s does not belong to %(organization)s. Choose another organisation.")
            % {"name": work.ticket.requester, "organization": to},
            Code.WRONG,
            field="organization",
        )
    work.change(organization=to)
    work.record(OrganizationChanged(before.pk if before else None, to.pk if to else None))
    return work.save()


@action
def retag(*, ticket: Ticket, add: Sequence[str] = (), remove: Sequence[str] = (), by: Actor, now: datetime) -> Ticket:
    """Put tags on the ticket and take others off, by their names in any case; a name that is new becomes a tag."""
    wanted, unwanted = _names(add), _names(remove)
    work = begin(ticket, by=by, now=now, right=Right.WORK)
    before = {tag.pk for tag in work.ticket.tags.all()}
    gone = {tag.pk for name in unwanted if (tag := _known(name)) is not None}
    asked = [_known(name) or _made(name, by, now) for name in wanted]
    after = (before - gone) | {tag.pk for tag in asked}
    if after == before:
        return work.ticket
    if len(after) > MAX_TAGS:
        raise DomainError(
            _("A ticket takes %(limit)d tags. Remove one first.") % {"limit": MAX_TAGS}, Code.WRONG, field="tags"
        )
    for tag in asked:
        if not tag.is_active and tag.pk not in before:
            raise DomainError(_("The tag “%(name)s” is not in use any more.") % {"name": tag}, Code.WRONG, field="tags")
    added, removed = sorted(after - before), sorted(before - after)
    work.ticket.tags.remove(*removed)
    work.ticket.tags.add(*added)
    work.record(TagsChanged(added, removed))
    return work.save()


def _file_under(
    work: Work,
    column: str,
    to: Category | Kind | None,
    *,
    seen: int | None,
    stale: tuple[Text, Text],
    event: type[CategoryChanged | KindChanged],
) -> Ticket:
    """Point the column to an active row, or to none. `stale` says what it is meanwhile: another row, or none."""
    before = getattr(work.ticket, column)
    if to == before:
        return work.ticket
    before_id = before.pk if before else None
    _refuse_stale(seen, before_id or 0, column, stale[0] if before else stale[1], before)
    if to is not None and not type(to)._default_manager.filter(pk=to.pk, is_active=True).exists():
        raise DomainError(_("“%(name)s” is not in use any more.") % {"name": to}, Code.WRONG, field=column)
    work.change(**{column: to})
    filed = work.record(event(before_id, to.pk if to else None))
    if not isinstance(before, Kind) and not isinstance(to, Kind):
        draw_circle(work, before, filed)
    return work.save()


def _refuse_stale(seen: int | None, current: int, field: str, words: Text, value: object) -> None:
    """Refuse who decided on a page that showed something else."""
    if seen is not None and seen != current:
        raise DomainError(words % {"value": value}, Code.STALE, field=field)


def _names(names: Sequence[str]) -> list[str]:
    """The names as they are stored, in one order for all: two who make the same tags do not wait in a circle."""
    if len(names) > MAX_TAGS:
        raise DomainError(_("Choose at most %(limit)d tags at once.") % {"limit": MAX_TAGS}, Code.WRONG, field="tags")
    clean = [clean_line(name) for name in names]
    for name in clean:
        _check_name(name)
    return sorted(_once_each(clean), key=str.lower)


def _once_each(names: Iterable[str]) -> list[str]:
    return list({name.lower(): name for name in names}.values())


def _check_name(name: str) -> None:
    if not name:
        raise DomainError(_("Write the name of the tag."), Code.MISSING, field="tags")
    if len(name) > MAX_TAG:
        raise DomainError(
            _("“%(name)s…” has %(count)d characters; a tag takes %(limit)d.")
            % {"name": name[:MAX_TAG], "count": len(name), "limit": MAX_TAG},
            Code.WRONG,
            field="tags",
        )


def _known(name: str) -> Tag | None:
    """The tag of this name. The database compares, as its constraint does."""
    return Tag.objects.alias(lower=Lower("name")).filter(lower=Lower(Value(name))).first()


def _made(name: str, by: Actor, now: datetime) -> Tag:
    """A new tag; where somebody else makes it at this moment, theirs."""
    try:
        with transaction.atomic():
            tag = Tag.objects.create(name=name)
    except IntegrityError:
        return Tag.objects.alias(lower=Lower("name")).get(lower=Lower(Value(name)))
    audit("tag_made", ("tag", tag.pk), {}, by=by, now=now)
    return tag
