"""Other systems get a role here, lose it, and get it back. They come by tokens alone: no log-in, no mail."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import uuid4

from django.utils.translation import gettext_lazy as _

from helpdesk.actions import _people, _tokens
from helpdesk.actions._base import action
from helpdesk.actions._record import audit
from helpdesk.actions.assignment import lock_places
from helpdesk.actors import Actor
from helpdesk.choices import Role
from helpdesk.domain.words import clean_line
from helpdesk.errors import Code, DomainError
from helpdesk.models import Integration, Team, TeamMembership, User
from helpdesk.permissions import Right, holds

MAX_PURPOSE: Final = 200
# What other systems are made; a place in a region is a person's.
ROLES: Final = (Role.REQUESTER, Role.AGENT, Role.AUDITOR, Role.MANAGER, Role.HEAD_OF_SUPPORT, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An integration as somebody wants it."""

    name: str
    role: Role = Role.REQUESTER
    purpose: str = ""
    teams: Sequence[Team] = ()


@action
def add_integration(*, wanted: Wanted, by: Actor, now: datetime) -> Integration:
    """Add another system as somebody with a role and places in teams."""
    name, purpose = _checked(wanted, by)
    lock_places(alone=True)
    account = User(
        name=name,
        # An address that can belong to nobody: a person's has to be there, and unlike all others.
        email=f"{uuid4().hex}@integration.invalid",
        role=wanted.role,
        is_integration=True,
        created_at=now,
    )
    account.set_unusable_password()
    account.save(force_insert=True)
    row = Integration(user=account, purpose=purpose)
    row.save(force_insert=True)
    _place(account, wanted.teams)
    audit("integration_added", ("user", account.pk), _told(account), by=by, now=now)
    return row


@action
def change_integration(
    *, integration: Integration, wanted: Wanted, by: Actor, now: datetime, seen: str | None = None
) -> Integration:
    """Change what it is called, what it is for, and what it may do. `seen` is the state looked at, see `state_of`."""
    name, purpose = _checked(wanted, by)
    lock_places(alone=True)
    row = _locked(integration)
    if seen is not None and seen != state_of(row):
        raise DomainError(
            _("Somebody changed this while you were looking at it. Open it anew, then change it again."), Code.STALE
        )
    before = state_of(row)
    row.user.name, row.user.role, row.purpose = name, wanted.role, purpose
    row.user.save(update_fields=["name", "role"])
    row.save(update_fields=["purpose"])
    _place(row.user, wanted.teams)
    if state_of(row) != before:
        audit("integration_changed", ("user", row.pk), _told(row.user), by=by, now=now)
    return row


@action
def close_integration(*, integration: Integration, by: Actor, now: datetime) -> int:
    """Shut it out: all its tokens end at once. Returns how many did. Doing so again changes nothing."""
    _require(by)
    row = _locked(integration)
    if not row.user.is_active:
        return 0
    row.user.is_active = False
    row.user.save(update_fields=["is_active"])
    ended = _tokens.end_of(row.user, by=by, now=now)
    audit("integration_closed", ("user", row.pk), {"tokens": ended}, by=by, now=now)
    return ended


@action
def open_integration(*, integration: Integration, by: Actor, now: datetime) -> Integration:
    """Let it in again, by new tokens: the old ones stay ended."""
    _require(by)
    row = _locked(integration)
    if not row.user.is_active:
        row.user.is_active = True
        row.user.save(update_fields=["is_active"])
        audit("integration_opened", ("user", row.pk), {}, by=by, now=now)
    return row


def state_of(integration: Integration) -> str:
    """A digest of all that may be changed about it: another one, if any of it changed."""
    user = integration.user
    state = [user.name, user.role, integration.purpose, _team_ids(user)]
    return hashlib.sha256(json.dumps(state).encode()).hexdigest()


def _team_ids(user: User) -> list[int]:
    places = TeamMembership.objects.filter(user=user, is_active=True).order_by("team")
    return list(places.values_list("team", flat=True))


def _told(user: User) -> dict[str, object]:
    """What the record may keep: no names."""
    return {"role": user.role, "team_ids": _team_ids(user)}


def _checked(wanted: Wanted, by: Actor) -> tuple[str, str]:
    """The name and the purpose as they are stored."""
    _require(by)
    if wanted.role not in ROLES:
        raise DomainError(_("Choose from what is offered here."), Code.WRONG, field="role")
    purpose = clean_line(wanted.purpose)
    if len(purpose) > MAX_PURPOSE:
        words = _("Write up to %(limit)d characters.")
        raise DomainError(words % {"limit": MAX_PURPOSE}, Code.WRONG, field="purpose")
    if wanted.teams and wanted.role == Role.REQUESTER:
        alone = _("Who works in a team has a role at the desk. Choose another role, or no team.")
        raise DomainError(alone, Code.WRONG, field="teams")
    return _people.clean_name(wanted.name), purpose


def _place(user: User, teams: Sequence[Team]) -> None:
    """Give it places in these teams and in no others."""
    wanted = {team.pk for team in teams}
    TeamMembership.objects.filter(user=user, is_active=True).exclude(team__in=wanted).update(is_active=False)
    for team in sorted(wanted - set(_team_ids(user))):
        TeamMembership.objects.update_or_create(user=user, team_id=team, defaults={"is_active": True})


def _locked(integration: Integration) -> Integration:
    user = User.objects.select_for_update().get(pk=integration.pk)
    row = Integration.objects.select_for_update().get(pk=integration.pk)
    row.user = user
    return row


def _require(by: Actor) -> None:
    if by.scopes is not None or not holds(by, Right.CHANGE_PEOPLE):
        raise DomainError(_("You may not look after integrations."), Code.FORBIDDEN)
