"""The pages of integrations and tokens: added, given tokens that are shown once, shut out; and what they are not."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from helpdesk.actions import assignment, conversation, deliveries, letters
from helpdesk.actions.consumers import consume_due
from helpdesk.actions.integrations import Wanted, add_integration, change_integration, close_integration, state_of
from helpdesk.choices import Role
from helpdesk.errors import Code, DomainError
from helpdesk.models import ApiToken, AuditEvent, Delivery, Integration, TeamMembership, Ticket, User
from helpdesk.selectors.mentions import mentionable, named
from helpdesk.selectors.people import assignable_to, logging_in_with
from helpdesk.selectors.suggestions import SOURCES
from helpdesk.views.desk.audit_words import AUDIT_WORDS
from tests.factories import NOW, CategoryFactory, actor
from tests.helpdesk.api.caller import Caller
from tests.helpdesk.views.portal.test_tokens import at_the_door, secret_in
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def client(world: World) -> Client:
    return at_the_door(world.people["administrator"])


def added(world: World, name: str = "Monitoring", role: Role = Role.AGENT, **more: Any) -> Integration:
    wanted = Wanted(name, role, teams=[world.team] if role is not Role.REQUESTER else [], **more)
    return add_integration(wanted=wanted, by=actor(world.people["administrator"]), now=NOW)


def bearer(text: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {text}"})


def make(client: Client, row: Integration, **more: Any) -> Any:
    given = {"name": "First", "scopes": ["tickets:write"], "ends": "90", **more}
    return client.post(reverse("admin:integration", args=[row.pk]), given)


def test_integration_is_added_gets_a_token_works_and_is_shut_out(client: Client, world: World) -> None:
    assert "No other system comes here yet" in client.get(reverse("admin:integrations")).content.decode()
    given = {"name": "Monitoring", "purpose": "Ask Mara.", "role": "agent", "teams": [world.team.pk]}
    client.post(reverse("admin:integration_new"), given)
    row = Integration.objects.get()
    where = reverse("admin:integration", args=[row.pk])
    secret = secret_in(make(client, row, queues=[world.queue.pk]))
    page = client.get(where).content.decode()
    assert secret not in page
    for shown in (secret[:15], "Ask Mara.", f"only in {world.queue.name}", "Made by administrator", "Not used yet"):
        assert shown in page
    told = bearer(secret).get("/api/v1/me/").json()
    assert (told["name"], told["is_integration"]) == ("Monitoring", True)
    assert bearer(secret).get(f"/api/v1/tickets/{world.here.ref}/").status_code == 200
    assert "Last used" in client.get(where).content.decode()
    client.post(reverse("admin:integration_close", args=[row.pk]))
    assert bearer(secret).get("/api/v1/me/").status_code == 401
    assert "It is shut out" in client.get(where).content.decode()
    client.post(reverse("admin:integration_open", args=[row.pk]))
    # What leaked stays out.
    assert bearer(secret).get("/api/v1/me/").status_code == 401
    assert bearer(secret_in(make(client, row))).get("/api/v1/me/").status_code == 200
    kinds = {"integration_added", "integration_closed", "integration_opened", "token_made", "token_revoked"}
    assert kinds <= set(AuditEvent.objects.values_list("kind", flat=True)) <= set(AUDIT_WORDS)
    assert "Mara" not in str(list(AuditEvent.objects.values_list("data", flat=True)))


def test_replacing_leaves_the_old_one_for_as_long_as_was_chosen(client: Client, world: World) -> None:
    row = added(world)
    first = secret_in(make(client, row))
    old = ApiToken.objects.get()
    turn = reverse("admin:token_rotate", args=[old.pk])
    second = secret_in(client.post(turn, {"overlap": "1"}))
    assert bearer(first).get("/api/v1/me/").status_code == bearer(second).get("/api/v1/me/").status_code == 200
    assert client.post(turn, {"overlap": "1"}, follow=True).content.decode().count("was replaced before") == 1
    client.post(reverse("admin:token_revoke", args=[old.pk]))
    assert bearer(first).get("/api/v1/me/").status_code == 401
    assert bearer(second).get("/api/v1/me/").status_code == 200


def test_token_of_an_integration_that_is_asked_for_twice_at_once_is_made_once(client: Client, world: World) -> None:
    row = added(world)
    page = client.get(reverse("admin:integration", args=[row.pk])).content.decode()
    (key,) = re.findall(r'name="key" value="([\w-]+)"', page)
    make(client, row, key=key)
    second = make(client, row, key=key)
    assert "sent twice and made once" in second.content.decode()
    assert ApiToken.objects.count() == 1
    assert bearer(secret_in(second)).get("/api/v1/me/").status_code == 200
    # The key is of this form of this integration.
    assert make(client, added(world, "Other"), key=key).status_code == 409
    assert {"token_made", "token_written_anew"} <= set(AuditEvent.objects.values_list("kind", flat=True))
    assert set(AuditEvent.objects.values_list("kind", flat=True)) <= set(AUDIT_WORDS)


def test_token_of_an_integration_that_is_replaced_twice_at_once_is_replaced_once(client: Client, world: World) -> None:
    row = added(world)
    make(client, row)
    turn = reverse("admin:token_rotate", args=[ApiToken.objects.get().pk])
    page = client.get(reverse("admin:integration", args=[row.pk])).content.decode()
    (key,) = re.findall(rf'action="{turn}".*?name="key" value="([\w-]+)"', page, re.DOTALL)
    first, second = (client.post(turn, {"overlap": "1", "key": key}) for _number in range(2))
    assert "sent twice and made once" in second.content.decode()
    assert ApiToken.objects.count() == 2
    assert bearer(secret_in(first)).get("/api/v1/me/").status_code == 401
    assert bearer(secret_in(second)).get("/api/v1/me/").status_code == 200


def test_open_browser_alone_makes_no_token(world: World) -> None:
    row, client = added(world), Client()
    client.force_login(world.people["administrator"])
    assert "/reauthenticate/" in make(client, row)["Location"]
    assert not ApiToken.objects.exists()


def test_scopes_and_queues_end_where_the_integration_does(client: Client, world: World) -> None:
    row = added(world, role=Role.REQUESTER)
    assert "people:read" not in client.get(reverse("admin:integration", args=[row.pk])).content.decode()
    assert make(client, row, scopes=["people:read"]).status_code == 422
    worker = added(world, "Worker")
    assert make(client, worker, queues=[world.elsewhere.queue_id]).status_code == 422


def test_tokens_of_people_are_seen_and_revoked_and_never_read(client: Client, world: World) -> None:
    caller = Caller(world.people["agent"], "tickets:read")
    page = client.get(reverse("admin:tokens")).content.decode()
    assert caller.row.key in page
    assert caller.text not in page
    assert client.post(reverse("admin:token_rotate", args=[caller.row.pk]), {"overlap": "1"}).status_code == 404
    client.post(reverse("admin:token_revoke", args=[caller.row.pk]))
    assert caller.get("me/").status_code == 401
    # Whose it was is told by whom.
    deliveries.send_due(now=timezone.now(), limit=100)
    (letter,) = mail.outbox
    assert letter.to == [world.people["agent"].email]
    assert f"administrator revoked your token “{caller.row.name}”" in " ".join(str(letter.body).split())
    assert "/profile/tokens/" in letter.body
    auditor = at_the_door(world.people["auditor"])
    assert auditor.get(reverse("admin:tokens")).status_code == 200
    assert auditor.post(reverse("admin:token_revoke", args=[caller.row.pk])).status_code == 403


def test_lists_ask_as_often_for_one_as_for_three(
    client: Client, world: World, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    row = added(world)
    make(client, row)
    Caller(world.people["agent"])
    places = [reverse("admin:integrations"), reverse("admin:tokens"), reverse("admin:integration", args=[row.pk])]
    counts = []
    for where in places:
        client.get(where)
        with django_assert_max_num_queries(20) as asked:
            client.get(where)
        counts.append(len(asked))
    for name in ("two", "three"):
        make(client, row, name=name, queues=[world.queue.pk])
        make(client, added(world, name))
        Caller(world.people["other_agent"])
    for where, count in zip(places, counts, strict=True):
        with django_assert_num_queries(count):
            client.get(where)


def test_many_tokens_come_in_pages(client: Client, world: World) -> None:
    for name in ("agent", "other_agent"):
        for _number in range(30):
            Caller(world.people[name])
    page = client.get(reverse("admin:tokens")).content.decode()
    (older,) = re.findall(r"\?before=(\d+)", page)
    rest = client.get(f"{reverse('admin:tokens')}?before={older}").content.decode()
    keys = re.findall(r"wd_\w{12}", page) + re.findall(r"wd_\w{12}", rest)
    assert len(keys) == len(set(keys)) == 60
    assert client.get(f"{reverse('admin:tokens')}?before=x").status_code == 200


def test_what_is_wrong_stands_at_its_place_and_the_second_who_saves_is_told(client: Client, world: World) -> None:
    answer = client.post(reverse("admin:integration_new"), {"name": " ", "role": "agent", "purpose": "Kept words"})
    assert answer.status_code == 422
    assert "Kept words" in answer.content.decode()
    teams = {"name": "X", "role": "requester", "teams": [world.team.pk]}
    assert "Choose another role, or no team." in client.post(reverse("admin:integration_new"), teams).content.decode()
    assert not Integration.objects.exists()
    row = added(world)
    where, seen = reverse("admin:integration_edit", args=[row.pk]), state_of(row)
    mine = {"name": "Mine", "role": "auditor", "seen": seen}
    assert client.post(where, mine).status_code == 302
    assert client.post(where, {**mine, "name": "Theirs"}).status_code == 409
    row = Integration.objects.get()
    assert (row.user.name, row.user.role) == ("Mine", "auditor")
    assert not TeamMembership.objects.filter(user=row.pk, is_active=True).exists()


@pytest.mark.parametrize("name", ["manager", "head_of_support", "auditor", "agent"])
def test_nobody_else_looks_after_integrations(world: World, name: str) -> None:
    row, by = added(world), actor(world.people[name])
    for refused in (
        lambda: add_integration(wanted=Wanted("Mine"), by=by, now=NOW),
        lambda: change_integration(integration=row, wanted=Wanted("Mine", Role.ADMINISTRATOR), by=by, now=NOW),
        lambda: close_integration(integration=row, by=by, now=NOW),
    ):
        with pytest.raises(DomainError) as refusal:
            refused()
        assert refusal.value.code == Code.FORBIDDEN


def test_integration_is_no_person(client: Client, world: World) -> None:
    row = added(world, role=Role.MANAGER)
    account, ticket = User.objects.get(pk=row.pk), world.here
    boss = actor(world.people["administrator"])
    # It stands in no list of people, and no page of people opens it.
    for source in ("assignee", "person", "asker", "staff", "account", "mention"):
        found = SOURCES[source].suggest(boss, "Monitoring", ticket)
        assert account not in found, source
    assert account not in assignable_to(ticket)
    assert account not in mentionable(ticket)
    assert not named("@Monitoring look", ticket).readers
    assert "Monitoring" not in client.get(reverse("admin:helpdesk_user_changelist")).content.decode()
    assert client.get(reverse("admin:helpdesk_user_change", args=[row.pk])).status_code == 302
    assert client.get(reverse("admin:person_access", args=[row.pk])).status_code == 404
    assert client.get(reverse("admin:person_merge", args=[row.pk])).status_code == 404
    # It has no ticket in hand.
    with pytest.raises(DomainError, match="no tickets in hand"):
        assignment.assign(ticket=ticket, to=account, seen_assignee_id=ticket.assignee_id, by=boss, now=NOW)
    # It signs in nowhere, even with a password that somebody slipped under it.
    account.set_password("correct horse battery")
    account.save()
    assert logging_in_with(account.email) is None
    assert not Client().login(email=account.email, password="correct horse battery")
    intruder = Client()
    intruder.force_login(account, backend="helpdesk.adapters.backend.Backend")
    assert intruder.get("/admin/").status_code == 302
    assert intruder.get("/tickets/").status_code == 302
    assert intruder.get("/api/v1/me/").status_code == 401


def test_integration_gets_no_mail(world: World) -> None:
    row = added(world, role=Role.REQUESTER)
    topic = CategoryFactory.create(queue=world.queue)
    filed = Caller(row.user).post("tickets/", {"subject": "Disk", "body": "Full.", "category": topic.code})
    assert filed.status_code == 201
    ticket = Ticket.objects.get(requester=row.user)
    conversation.reply(ticket=ticket, body="Mended.", by=actor(world.people["agent"]), now=timezone.now())
    letters.post_letter("second_step_reset", to=row.user, now=timezone.now())
    consume_due(now=timezone.now(), limit=100)
    deliveries.send_due(now=timezone.now(), limit=100)
    assert row.user.email not in [address for one in mail.outbox for address in one.to]
    assert not Delivery.objects.filter(recipient=row.user, sent_at__isnull=False).exists()
