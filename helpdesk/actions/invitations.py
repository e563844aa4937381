"""Administrators invite people to work at the desk; who follows the mailed link joins."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from helpdesk.actions import _people, _sessions, _tokens, letters
from helpdesk.actions._base import action
from helpdesk.actions._record import audit
from helpdesk.actors import Actor
from helpdesk.choices import Channel, Role
from helpdesk.domain.words import clean_line
from helpdesk.errors import Code, DomainError
from helpdesk.models import Invitation, Team, TeamMembership, User
from helpdesk.models.invitations import OPEN_INVITATION
from helpdesk.permissions import Right, holds
from helpdesk.selectors.people import logging_in_with

LIFE: Final = timedelta(days=7)
_GONE: Final = _("This invitation does not hold any more. Ask whoever invited you for another one.")


@action
def invite(*, name: str, email: str, role: Role, teams: Sequence[Team], by: Actor, now: datetime) -> Invitation:
    """Invite somebody by mail. Who asks for help here already keeps the account and gets the role on accepting."""
    _require(by)
    address = email.strip().lower()
    known = logging_in_with(address)
    if known is not None and not known.is_active:
        words = _("%(name)s has a closed account with this address. Open it again on their page.")
        raise DomainError(words % {"name": known}, Code.WRONG, field="email")
    if known is not None and known.is_staff:
        raise DomainError(_("%(name)s works here already.") % {"name": known}, Code.REPEATED, field="email")
    if role == Role.REQUESTER:
        raise DomainError(_("Choose a role at the desk."), Code.WRONG, field="role")
    invitation = Invitation(
        name=_people.clean_name(name),
        email=address,
        role=role,
        invited_by=by.person,
        created_at=now,
        sent_at=now,
        expires_at=now + LIFE,
    )
    try:
        invitation.save(force_insert=True)
    except IntegrityError as error:
        words = _("This address is invited already. Send that invitation again, or withdraw it.")
        raise DomainError(words, Code.REPEATED, field="email") from error
    invitation.teams.set(teams)
    data = {"role": role, "team_ids": sorted(team.pk for team in teams)}
    audit("invitation_sent", ("invitation", invitation.pk), data, by=by, now=now)
    _mail(invitation, now)
    return invitation


@action
def send_again(*, invitation_id: int, by: Actor, now: datetime) -> Invitation:
    """Mail a new link, which lives as long as the first one did. The old one works no more."""
    invitation = _locked(invitation_id, by)
    invitation.seal, invitation.sent_at, invitation.expires_at = uuid.uuid4(), now, now + LIFE
    # Whoever sends it vouches for it.
    invitation.invited_by = by.person
    invitation.save(update_fields=["seal", "sent_at", "expires_at", "invited_by"])
    audit("invitation_sent_again", ("invitation", invitation.pk), {}, by=by, now=now)
    _mail(invitation, now)
    return invitation


@action
def withdraw(*, invitation_id: int, by: Actor, now: datetime) -> Invitation:
    """Take an invitation back: its link works no more."""
    invitation = _locked(invitation_id, by)
    invitation.withdrawn_at = now
    invitation.save(update_fields=["withdrawn_at"])
    audit("invitation_withdrawn", ("invitation", invitation.pk), {}, by=by, now=now)
    return invitation


@action
def accept(*, invitation: Invitation, typed: dict[str, Any], request_id: str, now: datetime) -> User:
    """Join the desk by a mailed link, once; the link proves the address.

    `typed` holds `name`, `password`, `language` and `time_zone` of somebody new, and the `password` of somebody who had
    none yet. Whoever has one logs in with it afterwards, in every place anew.
    """
    row = Invitation.objects.select_for_update().filter(OPEN_INVITATION, pk=invitation.pk).first()
    if row is None or row.seal != invitation.seal or row.expires_at <= now:
        raise DomainError(_GONE, Code.STALE)
    if not holds(Actor(row.invited_by, Channel.SYSTEM), Right.CHANGE_PEOPLE):
        raise DomainError(_GONE, Code.FORBIDDEN)
    known = logging_in_with(row.email)
    if known is None:
        person, before = User(email=row.email, role=row.role, **_about(row, typed)), None
        by = Actor(person, Channel.PORTAL, request_id)
        _people.add(person, by=by, now=now, password=typed["password"])
    else:
        person = User.objects.select_for_update().get(pk=known.pk)
        before, by = person.role, Actor(person, Channel.PORTAL, request_id)
        _promote(person, row, typed, by, now)
    for team in row.teams.all():
        place = {"is_active": True}
        TeamMembership.objects.update_or_create(user=person, team=team, defaults=place)
        audit("team_joined", ("team", team.pk), {"user_id": person.pk, "role": "member"}, by=by, now=now)
    row.accepted_at, row.person = now, person
    row.save(update_fields=["accepted_at", "person"])
    data = {"invitation_id": row.pk, "role": [before, row.role]}
    audit("invitation_accepted", ("user", person.pk), data, by=by, now=now)
    return person


def _about(row: Invitation, typed: dict[str, Any]) -> dict[str, Any]:
    about = {name: typed[name] for name in ("language", "time_zone") if typed.get(name)}
    return {"name": clean_line(typed.get("name", "")) or row.name, **about}


def _promote(person: User, row: Invitation, typed: dict[str, Any], by: Actor, now: datetime) -> None:
    if not person.is_active or person.is_staff:
        raise DomainError(_GONE, Code.STALE)
    changed = ["role"]
    person.role = row.role
    if not person.has_usable_password():
        person.set_password(typed["password"])
        changed.append("password")
    person.save(update_fields=changed)
    # Whoever sits in one of their old sessions, or holds a token, has not shown that they read this mail.
    _sessions.end_of(person)
    _tokens.end_of(person, by=by, now=now)
    # The link went to the invited address, which may be another one of theirs, proven before.
    if person.email.lower() == row.email.lower():
        _people.prove(person, by=by, now=now)


def _require(by: Actor) -> None:
    if not holds(by, Right.CHANGE_PEOPLE):
        raise DomainError(_("You may not invite people."), Code.FORBIDDEN)


def _locked(invitation_id: int, by: Actor) -> Invitation:
    _require(by)
    invitation = Invitation.objects.select_for_update().filter(OPEN_INVITATION, pk=invitation_id).first()
    if invitation is None:
        raise DomainError(_("This invitation was accepted or withdrawn already."), Code.STALE)
    return invitation


def _mail(invitation: Invitation, now: datetime) -> None:
    payload = {
        "address": invitation.email,
        "letter": letters.INVITATION,
        "language": invitation.invited_by.spoken_language,
        "facts": {"invitation_id": invitation.pk, "seal": str(invitation.seal)},
    }
    letters.post(payload, to=logging_in_with(invitation.email), now=now)
