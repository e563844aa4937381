"""What a ticket is filed under: its queue, priority, category, kind, organisation and tags."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import partial
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Value
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from helpdesk.actions._base import action
from helpdesk.actions._people import NOT_THEIRS
from helpdesk.actions._privacy import draw_circle, withdraw
from helpdesk.actions._record import audit
from helpdesk.actions._token_limits import led_into
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


class Unchanged(Enum):
    """What stands where nothing is asked for, since None means none."""

    UNCHANGED = "unchanged"


UNCHANGED: Final = Unchanged.UNCHANGED


@action
def set_priority(*, ticket: Ticket, to: int, by: Actor, now: datetime, seen: int | None = None) -> Ticket:
    """Say how much the ticket matters. `seen` is the priority that the page showed."""
    return _done(begin(ticket, by=by, now=now, right=Right.WORK), partial(_priority, to=to, seen=seen))


def _priority(work: Work, to: int, seen: int | None = None) -> None:
    work.require(Right.WORK)
    before = work.ticket.priority
    if to == before:
        return
    _refuse_stale(seen, before, "priority", _("Meanwhile the priority is %(value)s."), Priority(before).label)
    work.refuse_solved("priority")
    if (follows := FOLLOWS.get(work.ticket.queue.priority_source)) is not None:
        raise DomainError(follows, Code.WRONG, field="priority")
    if to not in Priority.values:
        raise DomainError(_("Choose a priority from the list."), Code.WRONG, field="priority")
    work.change(priority=to)
    work.record(PriorityChanged(before, to))


@action
def set_queue(*, ticket: Ticket, to: Queue, by: Actor, now: datetime, seen: int | None = None) -> Ticket:
    """Move the ticket to another queue. `seen` is the id of the queue that the page showed.

    Whoever has the ticket and may not work the new queue loses it, and it is open for who comes next there. So may the
    actor lose sight of it.
    """
    to = Queue.objects.get(pk=to.pk)
    return _done(begin(ticket, by=by, now=now, right=Right.ASSIGN), partial(_queue, to=to, seen=seen))


def _queue(work: Work, to: Queue, seen: int | None = None) -> None:
    work.require(Right.ASSIGN)
    before = work.ticket.queue
    if to == before:
        return
    _refuse_stale(seen, before.pk, "queue", _("Meanwhile the ticket is in the queue “%(value)s”."), before)
    work.refuse_solved("queue")
    if not to.is_active:
        raise DomainError(
            _("The queue “%(name)s” is closed. Choose another one.") % {"name": to}, Code.WRONG, field="queue"
        )
    work.change(queue=led_into(work.by, to))
    withdraw(work, work.record(QueueChanged(before.pk, to.pk)))


@action
def set_category(*, ticket: Ticket, to: Category | None, by: Actor, now: datetime, seen: int | None = None) -> Ticket:
    """Say what the ticket is about. It stays in its queue and keeps its kind, whatever the category would begin with.

    Under a private category only its teams see the ticket from now on, the actor perhaps not among them.
    `seen` is the id of the category that the page showed, 0 where it showed none.
    """
    return _done(begin(ticket, by=by, now=now, right=Right.WORK), partial(_category, to=to, seen=seen))


def _category(work: Work, to: Category | None, seen: int | None = None) -> None:
    words = _("Meanwhile the category is “%(value)s”."), _("Meanwhile the ticket has no category.")
    _file_under(work, "category", to, seen=seen, stale=words, event=CategoryChanged)


@action
def set_kind(*, ticket: Ticket, to: Kind | None, by: Actor, now: datetime, seen: int | None = None) -> Ticket:
    """Say what sort of report the ticket is. `seen` is the id of the kind that the page showed, 0 for none."""
    return _done(begin(ticket, by=by, now=now, right=Right.WORK), partial(_kind, to=to, seen=seen))


def _kind(work: Work, to: Kind | None, seen: int | None = None) -> None:
    words = _("Meanwhile the kind is “%(value)s”."), _("Meanwhile the ticket has no kind.")
    _file_under(work, "kind", to, seen=seen, stale=words, event=KindChanged)


@action
def set_organization(
    *, ticket: Ticket, to: Organization | None, by: Actor, now: datetime, seen: int | None = None
) -> Ticket:
    """Say for which organisation of its requester the ticket is, or that it is for none.

    Who manages the new one sees it from now on, who manages the old one does not any more. `seen` is the id of the one
    that the page showed, 0 for none.
    """
    return _done(begin(ticket, by=by, now=now, right=Right.WORK), partial(_organization, to=to, seen=seen))


def _organization(work: Work, to: Organization | None, seen: int | None = None) -> None:
    work.require(Right.WORK)
    before = work.ticket.organization
    if to == before:
        return
    words = _("Meanwhile it is for “%(value)s”.") if before else _("Meanwhile it is for no organisation.")
    _refuse_stale(seen, before.pk if before else 0, "organization", words, before)
    work.refuse_solved("organization")
    place = places_of(work.ticket.requester).filter(pk=to.pk).first() if to is not None else None
    if to is not None and place is None:
        raise DomainError(NOT_THEIRS % {"name": work.ticket.requester}, Code.WRONG, field="organization")
    work.change(organization=place, public_at=work.now)
    work.record(OrganizationChanged(before.pk if before else None, place.pk if place else None))


@action
def retag(*, ticket: Ticket, add: Sequence[str] = (), remove: Sequence[str] = (), by: Actor, now: datetime) -> Ticket:
    """Put tags on the ticket and take others off, by their names in any case; a name that is new becomes a tag."""
    return _done(begin(ticket, by=by, now=now, right=Right.WORK), partial(_retag, add=add, remove=remove))


def _retag(work: Work, add: Sequence[str], remove: Sequence[str] = (), *, only: bool = False) -> None:
    """The step that changes tags; with `only` the ticket has none but those that are added."""
    work.require(Right.WORK)
    by, now = work.by, work.now
    wanted, unwanted = _names(add), _names(remove)
    before = {tag.pk for tag in work.ticket.tags.all()}
    gone = {tag.pk for name in unwanted if (tag := _known(name)) is not None}
    asked = [_known(name) or _made(name, by, now) for name in wanted]
    after = (set() if only else before - gone) | {tag.pk for tag in asked}
    if after == before:
        return
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


@dataclass(frozen=True, slots=True)
class Properties:
    """What is to change about a ticket at once; what is not named stays. `tags` are all that it has from then on."""

    priority: int | None = None
    queue: Queue | None = None
    category: Category | Unchanged | None = UNCHANGED
    kind: Kind | Unchanged | None = UNCHANGED
    organization: Organization | Unchanged | None = UNCHANGED
    tags: Sequence[str] | None = None


@action
def set_properties(
    *, ticket: Ticket, to: Properties, by: Actor, now: datetime, expected_version: int | None = None
) -> Ticket:
    """Change several of them together, or none where one is refused.

    The queue comes last: whoever moves the ticket there may not work it any more.
    """
    target = Queue.objects.get(pk=to.queue.pk) if to.queue else None
    work = begin(ticket, by=by, now=now, right=Right.VIEW, expected_version=expected_version)
    steps = [
        None if to.priority is None else partial(_priority, to=to.priority),
        None if isinstance(to.kind, Unchanged) else partial(_kind, to=to.kind),
        None if isinstance(to.organization, Unchanged) else partial(_organization, to=to.organization),
        None if to.tags is None else partial(_retag, add=to.tags, only=True),
        None if isinstance(to.category, Unchanged) else partial(_category, to=to.category),
        None if target is None else partial(_queue, to=target),
    ]
    return _done(work, *(step for step in steps if step is not None))


def _done(work: Work, *steps: Callable[[Work], None]) -> Ticket:
    """The ticket after these steps, written once; where none of them changed anything, as it was."""
    before = work.ticket.version
    for step in steps:
        step(work)
    return work.ticket if work.ticket.version == before else work.save()


def _file_under(
    work: Work,
    column: str,
    to: Category | Kind | None,
    *,
    seen: int | None,
    stale: tuple[Text, Text],
    event: type[CategoryChanged | KindChanged],
) -> None:
    """Point the column to an active row, or to none. `stale` says what it is meanwhile: another row, or none."""
    work.require(Right.WORK)
    before = getattr(work.ticket, column)
    if to == before:
        return
    before_id = before.pk if before else None
    _refuse_stale(seen, before_id or 0, column, stale[0] if before else stale[1], before)
    if to is not None and not type(to)._default_manager.filter(pk=to.pk, is_active=True).exists():
        raise DomainError(_("“%(name)s” is not in use any more.") % {"name": to}, Code.WRONG, field=column)
    work.change(**{column: to})
    if column == "category":
        # What the portal shows too is news for everybody.
        work.change(public_at=work.now)
    filed = work.record(event(before_id, to.pk if to else None))
    if not isinstance(before, Kind) and not isinstance(to, Kind):
        draw_circle(work, before, filed)


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
