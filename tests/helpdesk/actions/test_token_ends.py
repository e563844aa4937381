"""What happens to somebody's tokens when something happens to them; and a token never does more than its person."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from helpdesk.actions import accounts, invitations, person_merging, second_step, sessions, setup, tokens
from helpdesk.actions.integrations import Wanted, add_integration
from helpdesk.actions.tokens import make_token
from helpdesk.actors import Actor
from helpdesk.choices import Channel, Role
from helpdesk.errors import DomainError
from helpdesk.models import AuditEvent, DeskSettings, Invitation, User
from helpdesk.permissions import Right, holds, scope
from helpdesk.scopes import SCOPE_RIGHTS, TokenScope, rights_of
from tests.factories import NOW, actor
from tests.helpdesk.api.caller import Caller
from tests.world import PEOPLE, World, make_world

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


@pytest.fixture
def world() -> World:
    return make_world()


def close(world: World, person: User) -> None:
    person.is_active = False
    setup.save_setup(change=setup.Change(person, ["is_active"]), by=boss(world), now=NOW)


def boss(world: World) -> Actor:
    return actor(world.people["administrator"])


def invite(world: World, person: User) -> None:
    invitations.invite(name="X", email=person.email, role="agent", teams=[], by=boss(world), now=timezone.now())
    row = Invitation.objects.get()
    invitations.accept(invitation=row, typed={"password": PASSWORD}, request_id="", now=timezone.now())


def reset(world: World, person: User) -> None:
    Authenticator.objects.create(user=person, type="totp", data={})
    second_step.reset(person=person, by=boss(world), now=NOW)


def merge(world: World, person: User) -> None:
    row = person_merging.merge(source=person, target=world.people["stranger"], by=boss(world), now=timezone.now())
    person_merging.undo(merge=row, by=boss(world), now=timezone.now())


ENDS: dict[str, Callable[[World, User], Any]] = {
    "account closed": close,
    "another password": lambda _world, person: accounts.set_password(
        user=person, password=PASSWORD, by=actor(person), now=NOW
    ),
    "logged out everywhere": lambda world, person: sessions.end_all_of(person=person, by=boss(world), now=NOW),
    "second step reset": reset,
    "taken into the desk": invite,
    "merged, and taken back": merge,
}


@pytest.mark.parametrize("what", ENDS)
def test_tokens_end_wherever_all_sessions_do(world: World, what: str) -> None:
    person = world.people["owner"]
    caller, other = Caller(person), Caller(world.people["watcher"])
    ENDS[what](world, person)
    # Not even when the account is open again.
    User.objects.filter(pk=person.pk).update(is_active=True)
    assert caller.get("me/").status_code == 401
    assert other.get("me/").status_code == 200
    assert AuditEvent.objects.filter(kind="token_revoked", subject_id=str(caller.row.pk)).count() == 1


def test_own_log_out_elsewhere_leaves_them(world: World) -> None:
    caller = Caller(world.people["owner"])
    sessions.end_others(this="", by=actor(world.people["owner"]), now=NOW)
    assert caller.get("me/").status_code == 200


def test_role_that_is_taken_away_is_taken_from_the_token_too(world: World) -> None:
    person = world.people["agent"]
    caller, where = Caller(person), f"tickets/{world.here.ref}/"
    assert caller.get(where).status_code == 200
    person.role = Role.REQUESTER
    setup.save_setup(change=setup.Change(person, ["role"]), by=boss(world), now=NOW)
    assert caller.get(where).status_code == 404
    assert caller.get("people/").status_code == 403
    assert caller.get("me/").status_code == 200


def test_who_owes_a_second_step_comes_by_no_token_until_it_is_set_up(world: World) -> None:
    agent, owner = Caller(world.people["agent"]), Caller(world.people["owner"])
    system = add_integration(wanted=Wanted("Monitoring", Role.AGENT), by=boss(world), now=NOW)
    monitoring = Caller(system.user)
    DeskSettings.objects.update_or_create(pk=1, defaults={"staff_need_second_step": True})
    refused = agent.get("me/")
    assert refused.status_code == 403
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["code"] == "second_step_owed"
    assert "second step" in refused.json()["detail"]
    agent.row.refresh_from_db()
    assert agent.row.last_used_at is None
    # Neither who asks for help nor another system owes one.
    assert owner.get("me/").status_code == monitoring.get("me/").status_code == 200
    # Recovery codes alone are none.
    Authenticator.objects.create(user=world.people["agent"], type="recovery_codes", data={})
    assert agent.get("me/").status_code == 403
    Authenticator.objects.create(user=world.people["agent"], type="totp", data={})
    assert agent.get("me/").status_code == 200


def test_no_scope_gives_more_than_the_person_has(world: World) -> None:
    for name in PEOPLE:
        person = world.people[name]
        whole, none = Actor(person, Channel.API), Actor(person, Channel.API, scopes=frozenset())
        nothing = {right: scope(none, right) for right in Right}
        for one in TokenScope:
            limited = Actor(person, Channel.API, scopes=rights_of([one]))
            for right in Right:
                assert not holds(limited, right) or (holds(whole, right) and right in SCOPE_RIGHTS[one]), (name, one)
                assert scope(limited, right) in {scope(whole, right), nothing[right]}


def test_tokens_that_opened_nothing_for_long_leave_their_place_to_others(world: World) -> None:
    person = world.people["agent"]
    how: dict[str, Any] = {"user": person, "name": "Script", "scopes": ["tickets:read"], "by": actor(person)}
    ends = NOW + timedelta(days=1)
    ending = [make_token(**how, now=NOW, expires_at=ends)[0] for _one in range(tokens.MAX_TOKENS)]
    with pytest.raises(DomainError, match="There is room for 50"):
        make_token(**how, now=NOW)
    # One that is replaced counts for as long as it opens something.
    tokens.rotate_token(token=ending[0], overlap=timedelta(hours=1), by=actor(person), now=NOW)
    with pytest.raises(DomainError, match="There is room for 50"):
        make_token(**how, now=NOW)
    for _one in range(tokens.MAX_TOKENS):
        make_token(**how, now=ends)
    with pytest.raises(DomainError, match="There is room for 50"):
        make_token(**how, now=ends)


def test_who_replaces_again_and_again_does_not_make_any_number(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "MAX_TOKENS", 2)
    person = world.people["agent"]
    how: dict[str, Any] = {"by": actor(person), "now": NOW}
    token, _text = make_token(user=person, name="Script", scopes=["tickets:read"], **how)
    for _one in range(3):
        token, _text = tokens.rotate_token(token=token, overlap=timedelta(days=1), **how)
    with pytest.raises(DomainError, match="There is room for 4"):
        tokens.rotate_token(token=token, overlap=timedelta(days=1), **how)
    # One that leaked is replaced all the same.
    tokens.rotate_token(token=token, overlap=timedelta(), **how)


def test_token_makes_replaces_and_revokes_no_token(world: World) -> None:
    person = world.people["administrator"]
    row = Caller(person).row
    by = Actor(person, Channel.API, scopes=frozenset(Right))
    for act in (
        lambda: make_token(user=person, name="More", scopes=["tickets:read"], by=by, now=NOW),
        lambda: tokens.rotate_token(token=row, overlap=timedelta(), by=by, now=NOW),
        lambda: tokens.revoke_token(token=row, by=by, now=NOW),
    ):
        with pytest.raises(DomainError, match="makes and ends no tokens"):
            act()
