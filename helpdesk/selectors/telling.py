"""What people chose to be told of, and when they are left in peace."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from helpdesk.choices import DeliveryChannel, Occasion
from helpdesk.domain.occasions import Chosen
from helpdesk.domain.quiet import quiet_until
from helpdesk.models import NotificationPreference, QuietHours, User


def chosen_by(people: Iterable[User], occasion: Occasion | None = None) -> Mapping[int, Chosen]:
    """What each of the people chose otherwise, by their ids, for all of them at once."""
    rows = NotificationPreference.objects.filter(user__in=[person.pk for person in people])
    if occasion is not None:
        rows = rows.filter(occasion=occasion)
    found: defaultdict[int, dict[tuple[Occasion, DeliveryChannel], bool]] = defaultdict(dict)
    for user, name, channel, on in rows.values_list("user", "occasion", "channel", "on"):
        found[user][Occasion(name), DeliveryChannel(channel)] = on
    return found


def quiet_ends(people: Iterable[User], now: datetime) -> Mapping[int, datetime]:
    """When the quiet ends of those of the people who have it at this moment, for all of them at once."""
    by_id = {person.pk: person for person in people}
    rows = QuietHours.objects.filter(user__in=by_id)
    ends = {row.user_id: quiet_until(row.hours, by_id[row.user_id].time_zone, now) for row in rows}
    return {user: end for user, end in ends.items() if end is not None}


def quiet_hours_of(person: User) -> QuietHours:
    """The person's quiet hours; a row that is not kept yet where they have none."""
    return QuietHours.objects.filter(user=person).first() or QuietHours(user=person)
