"""Who follows a ticket without having asked or working on it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Final

from django.utils.translation import gettext_lazy as _

from helpdesk.actions import _people
from helpdesk.actions._base import action
from helpdesk.actions._work import Work, begin
from helpdesk.actors import Actor
from helpdesk.choices import Role
from helpdesk.domain.events import WatcherAdded, WatcherRemoved
from helpdesk.domain.words import clean_line
from helpdesk.errors import Code, DomainError
from helpdesk.models import Ticket, TicketEvent, User, Watcher
from helpdesk.permissions import Right, may
from helpdesk.selectors.privacy import is_private
from helpdesk.selectors.watchers import watchers_of

MAX_WATCHERS: Final = 20
# So many at once with one reply.
MAX_COPIES: Final = 10
# What somebody who does not work on the ticket may add within a day: so many people, and so many times.
MAX_PEOPLE_A_DAY: Final = 10
MAX_TIMES_A_DAY: Final = 50


@action
def add_watcher(*, ticket: Ticket, email: str, name: str = "", by: Actor, now: datetime) -> Ticket:
    """Let whoever has this address follow the ticket; who is new becomes a requester, who can claim the account.

    What comes back is the same whether or not somebody had the address, and so are the limits: they count everybody
    who was added, lest they tell who was known.
    """
    address = _people.clean_address(email)
    work = begin(ticket, by=by, now=now, right=Right.ADD_WATCHER)
    who = _whom(work, address, name)
    if who == work.ticket.requester:
        raise DomainError(_("%(name)s asked for this, and is told anyway.") % {"name": who}, Code.WRONG, field="email")
    _add(work, who)
    return work.save()


def copy_to(work: Work, addresses: Sequence[str]) -> None:
    """The step that lets these follow the ticket from the words on that are written now, whose mail tells them of it.

    Who is told anyway is no mistake here.
    """
    if not addresses:
        return
    work.require(Right.ADD_WATCHER)
    if len(addresses) > MAX_COPIES:
        raise DomainError(
            _("These are %(count)d addresses; at most %(limit)d can be added at once.")
            % {"count": len(addresses), "limit": MAX_COPIES},
            Code.WRONG,
            field="cc",
        )
    try:
        for address in dict.fromkeys(_people.clean_address(parseaddr(one)[1] or one) for one in addresses):
            who = _whom(work, address)
            if who != work.ticket.requester:
                _add(work, who, with_words=True)
    except DomainError as refusal:
        raise DomainError(refusal.message, refusal.code, field="cc") from refusal


def _whom(work: Work, address: str, name: str = "") -> User:
    """Who has this address; who is new becomes a requester."""
    by = work.by
    if not may(by, Right.WORK, work.ticket):
        _refuse_too_many_a_day(work, address)
    given = _people.clean_name(name) if clean_line(name) else ""
    new = User(name=given, email=address, role=Role.REQUESTER)
    if by.user is not None:
        new.language, new.time_zone = by.user.language, by.user.time_zone
    who = _people.held_present(_people.found_or_added(new, by=by, now=work.now))
    if not who.is_active or who.role == Role.AUDITOR:
        raise DomainError(_people.NOT_THIS_ADDRESS, Code.WRONG, field="email")
    return who


@action
def watch(*, ticket: Ticket, by: Actor, now: datetime) -> Ticket:
    """Follow a ticket oneself. Whoever may speak on it may: it lets nobody say more than before."""
    work = begin(ticket, by=by, now=now, right=Right.REPLY)
    if by.person == work.ticket.requester:
        raise DomainError(_("This is your own ticket; you are told of it anyway."), Code.WRONG)
    _add(work, by.person)
    return work.save()


@action
def remove_watcher(*, ticket: Ticket, who: User, by: Actor, now: datetime) -> Ticket:
    """Let somebody follow the ticket no longer: whoever may add people, and each for themselves."""
    work = begin(ticket, by=by, now=now, right=Right.VIEW if who == by.user else Right.ADD_WATCHER)
    if work.ticket.has_merged and Ticket.objects.filter(merged_into=work.ticket, requester=who).exists():
        raise DomainError(
            _("%(name)s asked for a ticket that goes on here, and stays.") % {"name": who}, Code.WRONG, field="email"
        )
    if drop(work, who):
        return work.save()
    return work.ticket


def drop(work: Work, who: User, cause: TicketEvent | None = None) -> bool:
    """The step that takes somebody off the watchers inside an action. False where they are none."""
    gone, _rows = Watcher.objects.filter(ticket=work.ticket, user=who).delete()
    if gone:
        work.record(WatcherRemoved(who.pk), cause=cause)
    return bool(gone)


def take_over(work: Work, watchers: Iterable[User], cause: TicketEvent) -> None:
    """The step that lets those who followed one ticket follow the one that comes after it."""
    before = Watcher.objects.filter(ticket=work.ticket.follows_id, admitted=True)
    admitted = frozenset(before.values_list("user", flat=True))
    for who in watchers:
        Watcher.objects.create(ticket=work.ticket, user=who, admitted=who.pk in admitted)
        work.record(WatcherAdded(who.pk), cause=cause)


def _add(work: Work, who: User, *, with_words: bool = False) -> None:
    if watchers_of(work.ticket).filter(pk=who.pk).exists():
        return
    if watchers_of(work.ticket).count() >= MAX_WATCHERS:
        raise DomainError(
            _("%(limit)d people follow this ticket already. Remove somebody first.") % {"limit": MAX_WATCHERS},
            Code.WRONG,
            field="email",
        )
    # Who watched before the ticket became private may be among them already, and see nothing by it.
    let_in = is_private(work.ticket) and not may(Actor(who, work.by.channel), Right.VIEW, work.ticket)
    Watcher.objects.update_or_create(ticket=work.ticket, user=who, defaults={"admitted": let_in})
    work.record(WatcherAdded(who.pk, with_words))


def _refuse_too_many_a_day(work: Work, address: str) -> None:
    """Let nobody have the desk write to people without end. Two requests of one person wait for each other here."""
    person = User.objects.select_for_update(no_key=True).get(pk=work.by.person.pk)
    added = TicketEvent.objects.filter(
        actor=person, kind=WatcherAdded.kind, effective_at__gt=work.now - timedelta(days=1)
    )
    ids = list(added.values_list("data__user_id", flat=True))
    people = set(User.objects.filter(pk__in=ids).values_list("email", flat=True))
    if len(ids) >= MAX_TIMES_A_DAY or len(people | {address}) > MAX_PEOPLE_A_DAY:
        raise DomainError(
            _("You added many people today. Add the others tomorrow, or ask us to do it in a reply."),
            Code.WRONG,
            field="email",
        )
