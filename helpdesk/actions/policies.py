"""What a policy promises changes by versions, see `versions`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from helpdesk.actions import previews
from helpdesk.actions._base import action
from helpdesk.actions._record import audit
from helpdesk.actions.versions import (
    begin,
    begins_at,
    check_seen,
    draft_in,
    end_plan,
    hold,
    newest_of,
    next_number,
    planned_in,
    state_of,
    told,
)
from helpdesk.actors import Actor
from helpdesk.domain.sla_rules import Rules
from helpdesk.errors import RULE_PROBLEMS, Code, DomainError
from helpdesk.models import Calendar, PolicyVersion, SLAPolicy

__all__ = ["Terms", "discard_draft", "draft_rules", "field_of", "newest", "put_into_force", "state_of", "take_back"]

_STALE: Final = _("Somebody else changed this policy meanwhile. Open it anew, then change it again.")


@dataclass(frozen=True, slots=True)
class Terms:
    """What a version of a policy says."""

    calendar: Calendar
    rules: Rules


@action
def draft_rules(*, policy: SLAPolicy, terms: Terms, seen: str, by: Actor, now: datetime) -> PolicyVersion:
    """Keep other terms as the policy's draft. `seen` is what they were written from, see `state_of`.

    The same words sent twice are one draft.
    """
    hold(policy, by)
    base, rules = newest(policy), terms.rules.as_json()
    words = (terms.calendar.pk, rules, by.user)
    if base is not None and base.is_draft and (base.calendar_id, base.rules, base.made_by) == words:
        return base
    check_seen(base, seen, _STALE)
    for place, code in terms.rules.problems():
        raise DomainError(RULE_PROBLEMS[code], Code.WRONG, field=field_of(place))
    _check_calendar(terms.calendar, None)
    if base is None or not base.is_draft:
        base = PolicyVersion(policy=policy, number=next_number(policy.versions.all()))
    base.calendar, base.rules, base.made_at, base.made_by = terms.calendar, rules, now, by.user
    previews.ask_for(base, now)
    base.save()
    audit("policy_drafted", *_told(base), by=by, now=now)
    return base


@action
def put_into_force(
    *, policy: SLAPolicy, seen: str, valid_from: datetime | None, by: Actor, now: datetime
) -> PolicyVersion:
    """Let the draft count from an instant on, or from now. The clocks of open tickets follow then."""
    draft = _draft(policy, seen, by)
    begins = begins_at(valid_from, now)
    # Nobody takes its hours back meanwhile.
    hold(draft.calendar, by)
    _check_calendar(draft.calendar, begins)
    begin(draft, "policy", begins)
    audit("policy_in_force", *_told(draft), by=by, now=now)
    return draft


@action
def take_back(*, policy: SLAPolicy, number: int, by: Actor, now: datetime) -> PolicyVersion:
    """Let terms that were planned never count. What counts until then goes on."""
    hold(policy, by)
    version = planned_in(policy.versions.all(), number, now)
    audit("policy_taken_back", *_told(version), by=by, now=now)
    end_plan(version, "policy", now)
    return version


@action
def discard_draft(*, policy: SLAPolicy, seen: str, by: Actor, now: datetime) -> None:
    """Throw the draft away. It was never in force, and nothing points to it."""
    draft = _draft(policy, seen, by)
    audit("policy_draft_discarded", *_told(draft), by=by, now=now)
    draft.delete()


def newest(policy: SLAPolicy) -> PolicyVersion | None:
    """The policy's newest version, see `newest_of`."""
    return newest_of(policy.versions.all())


def field_of(place: str) -> str | None:
    """The field of a form for a place that `Rules.problems` names."""
    kind, _colon, rest = place.partition(":")
    if kind in {"targets", "updates"} and rest:
        return rest.replace(":", "_")
    return {"warn_at": "warn_at", "pauses": f"pauses_{rest}"}.get(kind)


def _draft(policy: SLAPolicy, seen: str, by: Actor) -> PolicyVersion:
    hold(policy, by)
    return draft_in(policy.versions.all(), seen, _STALE)


def _check_calendar(calendar: Calendar, at: datetime | None) -> None:
    """Whether the calendar has hours, at that instant or at all: without any nothing could fall due."""
    versions = calendar.versions.filter(valid_from__isnull=False)
    if not (versions if at is None else versions.filter(valid_from__lte=at)).exists():
        words = _(
            "“%(name)s” has no hours in force by then, so nothing could fall due. Put its hours into force first."
        )
        raise DomainError(words % {"name": calendar}, Code.WRONG, field="calendar" if at is None else "valid_from")


def _told(version: PolicyVersion) -> tuple[tuple[str, object], dict[str, object]]:
    """What the record says of a version, and of what."""
    return ("slapolicy", version.policy_id), told(version)
