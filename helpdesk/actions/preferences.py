"""People choose what they are told of, and when they are left in peace. Each for themselves."""

from collections.abc import Collection
from datetime import datetime, time
from typing import Final

from django.utils.translation import gettext_lazy as _

from helpdesk.actions._base import action
from helpdesk.actions._quiet import put_off_anew
from helpdesk.actions._record import audit
from helpdesk.actors import Actor
from helpdesk.domain import occasions
from helpdesk.domain.occasions import Chosen
from helpdesk.domain.quiet import LONGEST_MUTE
from helpdesk.errors import Code, DomainError
from helpdesk.models import NotificationPreference, QuietHours, User
from helpdesk.selectors.telling import chosen_by, quiet_hours_of

_WEEK: Final = frozenset(range(1, 8))


@action
def choose(*, choices: Chosen, by: Actor, now: datetime) -> None:
    """Choose by which channels one is told of what. What is not among the choices stays as it was."""
    person = _locked(by)
    offered = occasions.offered(has_inbox=person.is_staff)
    before = chosen_by([person]).get(person.pk, {})
    told = {key: on for key, on in choices.items() if key[1] in offered.get(key[0], ())}
    after = {**before, **told}
    if (silent := occasions.silenced(after, has_inbox=person.is_staff)) is not None:
        words = _("Leave one way to tell you of this: “%(occasion)s” can be critical.")
        raise DomainError(words % {"occasion": silent.label}, Code.WRONG, field=silent.value)
    wanted = occasions.differences(after)
    if wanted == before:
        return
    mine = NotificationPreference.objects.filter(user=person)
    mine.exclude(pk__in=[row.pk for row in mine if (row.occasion, row.channel) in wanted]).delete()
    NotificationPreference.objects.bulk_create(
        [
            NotificationPreference(user=person, occasion=occasion, channel=channel, on=on)
            for (occasion, channel), on in wanted.items()
        ],
        update_conflicts=True,
        unique_fields=["user", "occasion", "channel"],
        update_fields=["on"],
    )
    changed = {f"{occasion}:{channel}": on for (occasion, channel), on in wanted.items()}
    audit("notifications_chosen", ("user", person.pk), {"differences": changed}, by=by, now=now)


@action
def set_quiet_hours(
    *,
    weekdays: Collection[int],
    starts: time,
    ends: time,
    whole_days: Collection[int],
    by: Actor,
    now: datetime,
) -> QuietHours:
    """Say when one is left in peace: from one time to another on some days, and all day on others."""
    person = _locked(by)
    if not _WEEK.issuperset({*weekdays, *whole_days}):
        raise DomainError(_("Choose days from the list."), Code.WRONG, field="weekdays")
    row = quiet_hours_of(person)
    row.weekdays, row.whole_days = sorted(set(weekdays)), sorted(set(whole_days))
    row.starts, row.ends = starts.replace(second=0, microsecond=0), ends.replace(second=0, microsecond=0)
    if row.hours.are_endless:
        raise DomainError(
            _("Leave some time of the week in which you can be told; else nothing would ever reach you."),
            Code.WRONG,
            field="weekdays",
        )
    row.save()
    told = {
        "weekdays": row.weekdays,
        "whole_days": row.whole_days,
        "starts": f"{starts:%H:%M}",
        "ends": f"{ends:%H:%M}",
    }
    audit("quiet_hours_set", ("user", person.pk), told, by=by, now=now)
    put_off_anew(person, now)
    return row


@action
def mute(*, until: datetime | None, by: Actor, now: datetime) -> QuietHours:
    """Be left in peace until a moment, whatever one's hours are; None ends that at once."""
    person = _locked(by)
    if until is not None and not now < until <= now + LONGEST_MUTE:
        raise DomainError(_("Choose a moment within the next 30 days."), Code.WRONG, field="until")
    row = quiet_hours_of(person)
    if row.muted_until == until:
        return row
    row.muted_until = until
    row.save()
    audit("muted", ("user", person.pk), {"until": until.isoformat() if until else None}, by=by, now=now)
    put_off_anew(person, now)
    return row


def _locked(by: Actor) -> User:
    """The person, one after the other: of two who save at once the second sees what the first one chose."""
    person = User.objects.select_for_update(no_key=True).get(pk=by.person.pk)
    if not person.is_active:
        raise DomainError(_("Your account is closed."), Code.FORBIDDEN)
    return person
