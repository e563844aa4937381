"""A ticket begins."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from helpdesk.actions import _answers, _once
from helpdesk.actions._asking import ByAddress, ById, Whom, asking_for
from helpdesk.actions._base import action
from helpdesk.actions._files import NewFile
from helpdesk.actions._once import Submission
from helpdesk.actions._people import held_present
from helpdesk.actions._token_limits import led_into
from helpdesk.actions._work import Work
from helpdesk.actions.assignment import hand_to
from helpdesk.actions.judging import FOLLOWS, weighed
from helpdesk.actions.watching import take_over
from helpdesk.actors import Actor
from helpdesk.choices import Priority, PrioritySource, Purpose, Status, Visibility
from helpdesk.domain.answers import Typed
from helpdesk.domain.events import TicketCreated, WatcherAdded
from helpdesk.domain.first_tier import first_level
from helpdesk.domain.words import MAX_SUBJECT, clean_line, clean_text
from helpdesk.domain.work_events import PriorityWeighed
from helpdesk.errors import Code, DomainError
from helpdesk.models import Category, Organization, Queue, Ticket, Tier, User, Watcher
from helpdesk.permissions import Right, holds, may
from helpdesk.selectors.catalogue import default_queue, tier_up_to
from helpdesk.selectors.people import first_place_of
from helpdesk.selectors.settings import desk_settings
from helpdesk.selectors.watchers import watchers_of

QUEUE_IS_THE_DESKS: Final = _("The desk decides who takes it. Choose a category, or leave both out.")

__all__ = ["QUEUE_IS_THE_DESKS", "ByAddress", "ById", "Submission", "create_ticket"]


@action
def create_ticket(
    *,
    subject: str,
    body: str,
    by: Actor,
    now: datetime,
    category: Category | None = None,
    queue: Queue | None = None,
    priority: int | None = None,
    requester: Whom | None = None,
    organization: Organization | None = None,
    follow: bool = False,
    take: bool = False,
    files: Sequence[NewFile] = (),
    answers: Mapping[str, Typed] | None = None,
    impact: int | None = None,
    urgency: int | None = None,
    submission: Submission | None = None,
) -> Ticket:
    """File a ticket for the actor, or for `requester` where the actor may file for them.

    Who files for anybody may name an `organization` of theirs, a `queue` and, where its queue finds it in no other way,
    a `priority`, `take` the ticket if they work it, and `follow` it where it is not private to others.
    The queue is the given one, else the category's, else the default one; without a priority the queue's applies.
    `answers` are those to the questions of the category and the queue by their keys; who files for anybody need not
    know them all. `impact` and `urgency` decide on the priority where the queue weighs them, and asks the actor.
    """
    if not holds(by, Right.FILE_TICKET):
        raise DomainError(_("You may not file tickets."), Code.FORBIDDEN)
    key, earlier = _once.claim(by, submission)
    if earlier is not None:
        return earlier
    chosen = _queue(by, category, queue)
    asking, place = asking_for(by, requester, now, organization)
    answered = _answers.check(category, chosen, answers or {}, by=by, insist=_tells_all(by, asking))
    weight = _weighed(by, chosen, priority, impact, urgency)
    ticket = start_ticket(
        subject=subject,
        body=body,
        by=by,
        now=now,
        category=category,
        queue=chosen,
        priority=priority if weight is None else weight.priority,
        requester=asking,
        organization=place,
        files=files,
    )
    _answers.keep(ticket, answered)
    return _once.settle(key, _begun(ticket, by, now, weight, follow=follow, take=take))


def _queue(by: Actor, category: Category | None, queue: Queue | None) -> Queue:
    """The queue that takes it; only who files for anybody names one."""
    if queue is not None and not holds(by, Right.FILE_FOR_OTHERS):
        raise DomainError(QUEUE_IS_THE_DESKS, Code.FORBIDDEN, field="queue")
    return led_into(by, queue_for(category, queue))


def _tells_all(by: Actor, asking: User) -> bool:
    """Whether they have to answer what the form asks: who takes down what a caller says need not know it all."""
    return asking == by.user or not holds(by, Right.FILE_FOR_OTHERS)


def _check_priority(by: Actor, queue: Queue, priority: int | None, impact: int | None, urgency: int | None) -> None:
    """Refuse a priority that the actor, or nobody in this queue, may choose, and a weight that it does not ask them."""
    at_desk, weighs = holds(by, Right.FILE_FOR_OTHERS), queue.priority_source == PrioritySource.WEIGHED
    if priority is not None and not at_desk:
        raise DomainError(_("The desk decides on the priority."), Code.FORBIDDEN, field="priority")
    if priority is not None and (follows := FOLLOWS.get(queue.priority_source)) is not None:
        raise DomainError(follows, Code.WRONG, field="priority")
    for name, told in (("impact", impact), ("urgency", urgency)):
        if told is not None and not (weighs and (at_desk or queue.asks_impact)):
            raise DomainError(_("This is not asked here."), Code.WRONG, field=name)


def _begun(
    ticket: Ticket, by: Actor, now: datetime, weight: PriorityWeighed | None, *, follow: bool, take: bool
) -> Ticket:
    """The ticket with who follows it and who has it from the first moment, and from what its priority followed."""
    if not follow and not take and weight is None:
        return ticket
    work, before = Work(ticket, by, now, desk_settings()), ticket.version
    if follow and by.user != ticket.requester and may(by, Right.VIEW, ticket):
        Watcher.objects.create(ticket=ticket, user=by.person)
        work.record(WatcherAdded(by.person.pk))
    if weight is not None:
        work.record(weight)
    if take:
        hand_to(work, by.person)
    return ticket if ticket.version == before else work.save()


def _weighed(
    by: Actor, queue: Queue, priority: int | None, impact: int | None, urgency: int | None
) -> PriorityWeighed | None:
    """What the queue makes of both, where they were told. Refuses what it does not ask, or not this actor."""
    _check_priority(by, queue, priority, impact, urgency)
    if impact is None and urgency is None:
        return None
    return PriorityWeighed(impact or 0, urgency or 0, weighed(queue, impact or 0, urgency or 0))


def start_ticket(
    *,
    subject: str,
    body: str,
    by: Actor,
    now: datetime,
    queue: Queue,
    requester: User,
    category: Category | None = None,
    priority: int | None = None,
    files: Sequence[NewFile] = (),
    follows: Ticket | None = None,
    organization: Organization | None = None,
) -> Ticket:
    """The step that writes a new ticket inside an action. The organisation is the requester's, unless it is told."""
    subject, body = clean_line(subject), clean_text(body)
    check_words(subject, body)
    chosen, requester = _priority(queue, priority), held_present(requester)
    tier = _first_tier(queue, chosen)
    ticket = Ticket.objects.create(
        subject=subject,
        requester=requester,
        organization=organization or (follows.organization if follows else first_place_of(requester)),
        queue=queue,
        category=category,
        kind=category.kind if category else None,
        tier=tier,
        priority=chosen,
        status=Status.NEW,
        channel=by.channel,
        follows=follows,
        **dict.fromkeys(("created_at", "updated_at", "public_at", "status_since"), now),
    )
    return _told(Work(ticket, by, now, desk_settings()), body, files)


def _told(work: Work, body: str, files: Sequence[NewFile]) -> Ticket:
    """The first words on a new ticket, and its first event."""
    ticket, follows = work.ticket, work.ticket.follows
    message = work.say(body, Visibility.PUBLIC, Purpose.REPORT, files)
    created = work.record(
        TicketCreated(
            message_id=message.pk,
            requester_id=ticket.requester_id,
            queue_id=ticket.queue_id,
            category_id=ticket.category_id,
            tier=ticket.tier.level,
            priority=ticket.priority,
            follows_id=ticket.follows_id,
        )
    )
    if follows is not None:
        take_over(work, watchers_of(follows), created)
    work.start_clocks()
    return work.save()


def _priority(queue: Queue, asked: int | None) -> int:
    chosen = queue.default_priority if asked is None else asked
    if chosen not in Priority.values:
        raise DomainError(_("Choose a priority from the list."), Code.WRONG, field="priority")
    return chosen


def check_words(subject: str, body: str) -> None:
    """Refuse a report without a subject or a text, and a subject that is too long."""
    if not subject:
        raise DomainError(_("Write in a few words what it is about."), Code.MISSING, field="subject")
    if len(subject) > MAX_SUBJECT:
        raise DomainError(
            _("The subject has %(count)d characters; there is room for %(limit)d. Put the rest into the text.")
            % {"count": len(subject), "limit": MAX_SUBJECT},
            Code.WRONG,
            field="subject",
        )
    if not body:
        raise DomainError(_("Write what happened, so that we can help."), Code.MISSING, field="text")


def queue_for(category: Category | None, queue: Queue | None) -> Queue:
    """The queue of a new ticket: the given one, the category's, or the default one. Refuses one that nobody works."""
    chosen = queue or (category.queue if category else default_queue())
    if chosen is None or not chosen.is_active or (category is not None and not category.is_active):
        raise DomainError(
            _("Choose what it is about; nobody takes the one you chose."),
            Code.WRONG,
            field="category",
        )
    return chosen


def _first_tier(queue: Queue, priority: int) -> Tier:
    """The tier that the queue's rule names or, while that one is not in use, the next one below it."""
    level = first_level(queue.first_tier_rule.plan, priority)
    tier = tier_up_to(level)
    if tier is None:
        raise DomainError(
            _("No tier takes this. An administrator has to set one up."),
            Code.WRONG,
            field="category",
        )
    return tier
