"""What people chose to be told of, and when they are left in peace."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import F, QuerySet

from helpdesk.choices import DeliveryChannel, Occasion
from helpdesk.domain.occasions import Chosen
from helpdesk.domain.quiet import quiet_until
from helpdesk.models import NotificationPreference, QuietHours, User
from helpdesk.prepared import prepared


def choices_of(person: F) -> QuerySet[NotificationPreference]:
    """What somebody chose otherwise, in the middle of a query about them."""
    return NotificationPreference.objects.filter(user=person)


def rest_of(person: F) -> QuerySet[QuietHours]:
    """The quiet hours that somebody keeps, in the middle of a query about them."""
    return QuietHours.objects.filter(user=person)


def chosen_by(people: Iterable[User]) -> Mapping[int, Chosen]:
    """What each of the people chose otherwise, by their ids, for all of them at once."""
    found: defaultdict[int, dict[tuple[Occasion, DeliveryChannel], bool]] = defaultdict(dict)
    for user, name, channel, on in _choices([person.pk for person in people]):
        found[user][Occasion(name), DeliveryChannel(channel)] = on
    return found


@prepared
def _choices(users: Sequence[int]) -> QuerySet[NotificationPreference, tuple[int, str, str, bool]]:
    rows = NotificationPreference.objects.filter(user__among=users)
    return rows.values_list("user_id", "occasion", "channel", "on")


def quiet_ends(people: Iterable[User], now: datetime) -> Mapping[int, datetime]:
    """When the quiet ends of those of the people who have it at this moment, for all of them at once."""
    by_id = {person.pk: person for person in people}
    ends = {row.user_id: quiet_until(row.hours, by_id[row.user_id].time_zone, now) for row in _quiet(list(by_id))}
    return {user: end for user, end in ends.items() if end is not None}


@prepared
def _quiet(users: Sequence[int]) -> QuerySet[QuietHours]:
    return QuietHours.objects.filter(user__among=users)


def quiet_hours_of(person: User) -> QuietHours:
    """The person's quiet hours; a row that is not kept yet where they have none."""
    return QuietHours.objects.filter(user=person).first() or QuietHours(user=person)
