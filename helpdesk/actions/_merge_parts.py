"""What of this app goes along when a person is merged into another one; the registry's `MergePart` says how."""

from collections.abc import Callable
from typing import Any, Final

from allauth.account.models import EmailAddress
from django.db.models import Model, Q, QuerySet
from django.utils.translation import ngettext

from helpdesk.models import (
    Delivery,
    Export,
    FieldValue,
    OrganizationMembership,
    Problem,
    SubTask,
    Ticket,
    TimeEntry,
    User,
    Watcher,
)
from helpdesk.models.deliveries import OPEN
from helpdesk.registry import MergePart, Merging

Ids = dict[str, Any]


def _count_tickets(source: User, _target: User) -> int:
    return Ticket.objects.filter(requester=source).count()


def _move_tickets(merging: Merging) -> Ids:
    asked = Ticket.objects.filter(requester=merging.source)
    ids = list(asked.order_by("pk").values_list("pk", flat=True))
    asked.update(requester=merging.target)
    return {"ids": ids}


def _put_back_tickets(merging: Merging, moved: Ids) -> tuple[int, int]:
    still = Ticket.objects.filter(pk__in=moved["ids"], requester=merging.target)
    back = still.update(requester=merging.source)
    return back, len(moved["ids"]) - back


def _count_watched(source: User, _target: User) -> int:
    return Watcher.objects.filter(user=source).count()


def _move_watched(merging: Merging) -> Ids:
    """Nobody follows a ticket twice, or one that they asked for: such rows go, and are remembered."""
    source, target = merging.source, merging.target
    theirs, own = Watcher.objects.filter(user=source), Watcher.objects.filter(user=target)
    doubled = theirs.filter(Q(ticket__in=own.values("ticket")) | Q(ticket__requester=target))
    asked = own.filter(ticket__requester=target)
    gone = [list(rows.values_list("ticket", flat=True)) for rows in (doubled, asked)]
    for rows in (doubled, asked):
        Watcher.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).delete()
    ids = list(theirs.values_list("pk", flat=True))
    theirs.update(user=target)
    return {"ids": ids, "doubled": gone[0], "asked": gone[1]}


def _put_back_watched(merging: Merging, moved: Ids) -> tuple[int, int]:
    source, target = merging.source, merging.target
    back = Watcher.objects.filter(pk__in=moved["ids"], user=target).update(user=source)
    for who, tickets in ((source, moved["doubled"]), (target, moved["asked"])):
        fit = Ticket.objects.filter(pk__in=tickets).exclude(requester=who)
        Watcher.objects.bulk_create([Watcher(ticket=ticket, user=who) for ticket in fit], ignore_conflicts=True)
    return back + len(moved["doubled"]), len(moved["ids"]) - back


def _count_addresses(source: User, _target: User) -> int:
    return int(EmailAddress.objects.filter(user=source).count())


def _move_addresses(merging: Merging) -> Ids:
    """They sign in with both from now on; mails go to the address of who is left."""
    source, target = merging.source, merging.target
    rows = list(EmailAddress.objects.select_for_update().filter(user=source).order_by("pk"))
    proven = [row.email for row in rows if row.verified]
    # What somebody typed once, and never confirmed, stands in the way of who did.
    EmailAddress.objects.filter(user=target, email__in=proven, verified=False, primary=False).delete()
    known = set(EmailAddress.objects.filter(user=target).values_list("email", flat=True))
    ids = [row.pk for row in rows if row.email not in known]
    primary = next((row.pk for row in rows if row.primary), None)
    EmailAddress.objects.filter(pk__in=ids).update(user=target, primary=False)
    return {"ids": ids, "primary": primary}


def _put_back_addresses(merging: Merging, moved: Ids) -> tuple[int, int]:
    still = EmailAddress.objects.filter(pk__in=moved["ids"], user=merging.target, primary=False)
    back = still.update(user=merging.source)
    own = EmailAddress.objects.filter(user=merging.source)
    if not own.filter(primary=True).exists():
        own.filter(pk=moved["primary"]).update(primary=True)
    return back, len(moved["ids"]) - back


def _count_places(source: User, _target: User) -> int:
    return OrganizationMembership.objects.filter(user=source, is_active=True).count()


def _move_places(merging: Merging) -> Ids:
    """In an organisation in which both have a place, who is left keeps their own."""
    places = OrganizationMembership.objects.filter(user=merging.source, is_active=True)
    known = OrganizationMembership.objects.filter(user=merging.target).values("organization")
    closed = list(places.filter(organization__in=known).values_list("pk", flat=True))
    ids = list(places.exclude(pk__in=closed).values_list("pk", flat=True))
    OrganizationMembership.objects.filter(pk__in=closed).update(is_active=False)
    OrganizationMembership.objects.filter(pk__in=ids).update(user=merging.target)
    return {"ids": ids, "closed": closed}


def _put_back_places(merging: Merging, moved: Ids) -> tuple[int, int]:
    there = OrganizationMembership.objects.filter(user=merging.source).values("organization")
    still = OrganizationMembership.objects.filter(pk__in=moved["ids"], user=merging.target)
    back = still.exclude(organization__in=there).update(user=merging.source)
    opened = OrganizationMembership.objects.filter(pk__in=moved["closed"], user=merging.source)
    return back + opened.update(is_active=True), len(moved["ids"]) - back


def _waiting(person: User) -> QuerySet[Delivery]:
    return Delivery.objects.filter(OPEN, recipient=person, ticket__isnull=False, lease_until__isnull=True)


def _count_mails(source: User, _target: User) -> int:
    return _waiting(source).count()


def _move_mails(merging: Merging) -> Ids:
    """What is about to leave goes to who is left, but for what they are told themselves."""
    told = Delivery.objects.filter(recipient=merging.target, event__isnull=False).values("event")
    ids = list(_waiting(merging.source).exclude(event__in=told).values_list("pk", flat=True))
    Delivery.objects.filter(pk__in=ids).update(recipient=merging.target)
    return {"ids": ids}


def _put_back_mails(merging: Merging, moved: Ids) -> tuple[int, int]:
    back = _waiting(merging.target).filter(pk__in=moved["ids"]).update(recipient=merging.source)
    # What left meanwhile was read: nothing about it is to be said.
    return back, 0


def _tickets(count: int) -> str:
    return ngettext("%(count)d ticket", "%(count)d tickets", count) % {"count": count}


def _watched(count: int) -> str:
    words = ngettext("%(count)d ticket that they watch", "%(count)d tickets that they watch", count)
    return words % {"count": count}


def _addresses(count: int) -> str:
    return ngettext("%(count)d e-mail address", "%(count)d e-mail addresses", count) % {"count": count}


def _places(count: int) -> str:
    words = ngettext("%(count)d place in an organisation", "%(count)d places in organisations", count)
    return words % {"count": count}


def _mails(count: int) -> str:
    words = ngettext("%(count)d mail that has not left yet", "%(count)d mails that have not left yet", count)
    return words % {"count": count}


def _exports(count: int) -> str:
    return ngettext("%(count)d export", "%(count)d exports", count) % {"count": count}


def _problems(count: int) -> str:
    words = ngettext("%(count)d problem that they see to", "%(count)d problems that they see to", count)
    return words % {"count": count}


def _times(count: int) -> str:
    return ngettext("%(count)d entry of minutes", "%(count)d entries of minutes", count) % {"count": count}


def _answers(count: int) -> str:
    return ngettext("%(count)d answer that names them", "%(count)d answers that name them", count) % {"count": count}


def _sub_tasks(count: int) -> str:
    return ngettext("%(count)d sub-task", "%(count)d sub-tasks", count) % {"count": count}


def _of(name: str, model: type[Model], column: str, words: Callable[[int], str]) -> MergePart:
    """A part whose rows point to a person in one column, and need nothing but to point to who is left."""
    rows = model._default_manager

    def count(source: User, _target: User) -> int:
        return rows.filter(**{column: source}).count()

    def move(merging: Merging) -> Ids:
        ids = list(rows.filter(**{column: merging.source}).order_by("pk").values_list("pk", flat=True))
        rows.filter(pk__in=ids).update(**{column: merging.target})
        # As JSON can hold them: some keys are UUIDs.
        return {"ids": [pk if isinstance(pk, int) else str(pk) for pk in ids]}

    def put_back(merging: Merging, moved: Ids) -> tuple[int, int]:
        back = rows.filter(pk__in=moved["ids"], **{column: merging.target}).update(**{column: merging.source})
        return back, len(moved["ids"]) - back

    return MergePart(name, count, words, move, put_back)


# In this order: who asked for a ticket decides who may watch it.
PARTS: Final = (
    MergePart("tickets", _count_tickets, _tickets, _move_tickets, _put_back_tickets),
    MergePart("watched", _count_watched, _watched, _move_watched, _put_back_watched),
    MergePart("addresses", _count_addresses, _addresses, _move_addresses, _put_back_addresses),
    MergePart("places", _count_places, _places, _move_places, _put_back_places),
    MergePart("mails", _count_mails, _mails, _move_mails, _put_back_mails),
    _of("exports", Export, "owner", _exports),
    # Of who worked for the desk once.
    _of("problems", Problem, "owner", _problems),
    _of("times", TimeEntry, "person", _times),
    _of("sub_tasks", SubTask, "assignee", _sub_tasks),
    _of("answers", FieldValue, "person", _answers),
)
