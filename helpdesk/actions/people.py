"""People are added and find their places in teams and organisations."""

from datetime import datetime
from zoneinfo import available_timezones

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from helpdesk.actions import _people
from helpdesk.actions._base import action
from helpdesk.actions._quiet import put_off_anew
from helpdesk.actions._record import audit
from helpdesk.actors import Actor
from helpdesk.choices import OrganizationRole, Role, TeamRole
from helpdesk.errors import Code, DomainError
from helpdesk.models import (
    Organization,
    OrganizationMembership,
    Region,
    Team,
    TeamMembership,
    User,
)
from helpdesk.permissions import Right, holds


@action
def add_person(
    *,
    name: str,
    email: str,
    by: Actor,
    now: datetime,
    role: Role = Role.REQUESTER,
    region: Region | None = None,
    language: str = "en",
    time_zone: str = "UTC",
    password: str | None = None,
) -> User:
    """Add a person. Without a password they claim the account by a mailed link.

    A password given here comes from who runs the desk, who vouches for the address with it.
    """
    _require(by, Right.CHANGE_PEOPLE)
    name, address = _people.clean_name(name), email.strip().lower()
    if User.objects.filter(email__iexact=address).exists():
        raise DomainError(_("There is somebody with this address already."), Code.WRONG, field="email")
    user = User(name=name, email=address, role=role, region=region, language=language, time_zone=time_zone)
    return _people.add(user, by=by, now=now, password=password)


@action
def change_profile(*, name: str, time_zone: str, language: str, by: Actor, now: datetime) -> User:
    """Say how one is called, and in which zone and language one reads. Each for themselves."""
    user = User.objects.select_for_update().get(pk=by.person.pk)
    if not user.is_active:
        raise DomainError(_("Your account is closed."), Code.FORBIDDEN)
    if time_zone not in available_timezones():
        raise DomainError(_("Choose a time zone from the list."), Code.WRONG, field="time_zone")
    if language not in dict(settings.LANGUAGES):
        raise DomainError(_("Choose a language from the list."), Code.WRONG, field="language")
    wanted = {"name": _people.clean_name(name), "time_zone": time_zone, "language": language}
    changed = {column: value for column, value in wanted.items() if getattr(user, column) != value}
    if not changed:
        return user
    for column, value in changed.items():
        setattr(user, column, value)
    user.save(update_fields=list(changed))
    # A name says who somebody is, and stays out of the record.
    values = {column: value for column, value in changed.items() if column != "name"}
    audit("profile_changed", ("user", user.pk), {"fields": list(changed), "values": values}, by=by, now=now)
    if "time_zone" in changed:
        put_off_anew(user, now)
    return user


@action
def join_team(
    *,
    user: User,
    team: Team,
    by: Actor,
    now: datetime,
    role: TeamRole = TeamRole.MEMBER,
) -> TeamMembership:
    """Give a person a place in a team, or another role there."""
    _require(by, Right.CHANGE_SETUP)
    place, _made = TeamMembership.objects.update_or_create(
        user=user, team=team, defaults={"role": role, "is_active": True}
    )
    audit(
        "team_joined",
        ("team", team.pk),
        {"user_id": user.pk, "role": role},
        by=by,
        now=now,
    )
    return place


@action
def join_organization(
    *,
    user: User,
    organization: Organization,
    by: Actor,
    now: datetime,
    role: OrganizationRole = OrganizationRole.MEMBER,
) -> OrganizationMembership:
    """Give a person a place in an organisation, or another role there."""
    _require(by, Right.CHANGE_SETUP)
    place, _made = OrganizationMembership.objects.update_or_create(
        user=user, organization=organization, defaults={"role": role, "is_active": True}
    )
    data = {"user_id": user.pk, "role": role}
    audit("organization_joined", ("organization", organization.pk), data, by=by, now=now)
    return place


def _require(by: Actor, right: Right) -> None:
    if not holds(by, right):
        raise DomainError(_("You may not change who works where."), Code.FORBIDDEN)
