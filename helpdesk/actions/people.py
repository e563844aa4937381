"""People are added and find their places in teams and organisations."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.utils.translation import gettext_lazy as _

from helpdesk.actions._base import action
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
    address = email.strip().lower()
    if User.objects.filter(email__iexact=address).exists():
        raise DomainError(_("There is somebody with this address already."), Code.WRONG, field="email")
    user = User(
        name=name,
        email=address,
        role=role,
        region=region,
        language=language,
        time_zone=time_zone,
        created_at=now,
    )
    user.set_password(password)
    user.save()
    EmailAddress.objects.create(user=user, email=address, primary=True, verified=password is not None)
    audit("person_added", ("user", user.pk), {"role": role}, by=by, now=now)
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
