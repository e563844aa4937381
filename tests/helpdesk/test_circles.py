"""What lists show of private tickets, and what follows when somebody leaves the circle of those who work a ticket."""

import csv
import io
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.test import Client

from helpdesk.actions import assignment, conversation, merging, properties, setup, status
from helpdesk.actions.setup import Change
from helpdesk.choices import Channel, FieldKind, MoveName, ResolutionKind, Role
from helpdesk.models import AuditEvent, FieldValue, Message, Team, TeamMembership, Ticket, TicketEvent, User
from helpdesk.permissions import Right, may
from helpdesk.selectors.conversation import messages
from tests.factories import (
    NOW,
    CategoryFactory,
    CustomFieldFactory,
    RegionFactory,
    TeamFactory,
    TeamMembershipFactory,
    actor,
    make_agent,
    make_ticket,
)
from tests.together import together
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def again(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def sign_in(world: World, name: str) -> Client:
    client = Client(headers={"X-Piece": "1"})
    client.force_login(world.people[name])
    return client


def save(world: World, row: Any, *fields: str, **more: Any) -> None:
    """Save it as an administrator does on its page."""
    by = actor(world.people["administrator"], Channel.DESK)
    setup.save_setup(change=Change(row, fields, **more), by=by, now=NOW)


def give(ticket: Ticket, person: User) -> None:
    assignment.assign(ticket=ticket, to=person, seen_assignee_id=None, by=actor(person, Channel.DESK), now=NOW)


def leave(world: World, team: Team, person: User) -> None:
    place = TeamMembership.objects.get(team=team, user=person)
    place.is_active = False
    save(world, team, children=[Change(place, ["is_active"])])


# What the set-up can do to somebody who has a ticket: the name of who has it, and the change.
LOSSES: dict[str, tuple[str, Callable[[World], None]]] = {
    "leaves the team": ("agent", lambda w: leave(w, w.team, w.people["agent"])),
    "team closes": ("agent", lambda w: _set(w, w.team, is_active=False)),
    "queue gets another team": ("agent", lambda w: save(w, w.queue, links={"teams": [TeamFactory.create()]})),
    "becomes an auditor": ("agent", lambda w: _set(w, w.people["agent"], role=Role.AUDITOR)),
    "region is another one": ("regional_manager", lambda w: _set(w, w.people["regional_manager"], region=_region())),
    "region of the team is": ("regional_manager", lambda w: _set(w, w.team, region=_region())),
}


def _region() -> Any:
    return RegionFactory.create()


def _set(world: World, row: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    save(world, row, *values)


@pytest.mark.parametrize("loss", LOSSES)
def test_whoever_may_not_work_a_ticket_any_more_has_it_no_longer(world: World, loss: str) -> None:
    name, change = LOSSES[loss]
    person = world.people[name]
    give(world.here, person)
    status.make_move(ticket=world.here, move=MoveName.START, by=actor(person, Channel.DESK), now=NOW)
    change(world)
    assert not may(actor(User.objects.get(pk=person.pk)), Right.WORK, world.here)
    assert (again(world.here).assignee, again(world.here).status) == (None, "open")
    told = TicketEvent.objects.filter(ticket=world.here, kind="assigned").latest("seq")
    assert (told.data, told.actor) == ({"from_id": person.pk, "to_id": None}, world.people["administrator"])


def test_who_leaves_the_circle_has_its_tickets_no_longer_and_others_keep_theirs(world: World) -> None:
    insider, second = world.people["insider"], world.people["other_agent"]
    TeamMembershipFactory.create(team=world.circle, user=second)
    other = make_ticket(world.people["owner"], world.queue, category=world.secret.category)
    give(world.secret, insider)
    give(other, second)
    leave(world, world.circle, insider)
    assert (again(world.secret).assignee, again(other).assignee) == (None, second)


def test_who_leaves_one_of_two_teams_of_the_circle_keeps_the_ticket(world: World) -> None:
    insider, category = world.people["insider"], world.secret.category
    second = TeamFactory.create()
    TeamMembershipFactory.create(team=second, user=insider)
    assert category is not None
    save(world, category, links={"restricted_to": [world.circle, second]})
    give(world.secret, insider)
    leave(world, world.circle, insider)
    assert again(world.secret).assignee == insider


@pytest.mark.parametrize("way", ["reject", "reopen", "reply"])
def test_who_left_does_not_get_back_what_is_reopened(world: World, way: str) -> None:
    insider, owner = world.people["insider"], actor(world.people["owner"])
    give(world.secret, insider)
    status.make_move(
        ticket=world.secret, move=MoveName.RESOLVE, text="Done.", resolution_kind=ResolutionKind.FIXED,
        by=actor(insider, Channel.DESK), now=NOW,
    )  # fmt: skip
    leave(world, world.circle, insider)
    assert again(world.secret).assignee == insider, "Who solved it stays on record."
    if way == "reply":
        conversation.reply(ticket=world.secret, body="Again.", by=owner, now=NOW)
    else:
        status.make_move(ticket=world.secret, move=MoveName(way), text="Again.", by=owner, now=NOW)
    assert (again(world.secret).assignee, again(world.secret).status) == (None, "open")


@pytest.mark.parametrize("by_setup", [False, True])
def test_what_was_merged_into_a_ticket_becomes_private_with_it(world: World, by_setup: bool) -> None:
    lead = actor(world.people["team_lead"], Channel.DESK)
    old = make_ticket(world.people["owner"], world.queue, body="Who knows of the leak?")
    topic = CategoryFactory.create(queue=world.queue)
    Ticket.objects.filter(pk=world.here.pk).update(category=topic)
    merging.merge(ticket=old, into=again(world.here), by=lead, now=NOW, knowing=True)
    agent = world.people["agent"]
    assert may(actor(agent), Right.READ_NOTES, again(old))
    if by_setup:
        save(world, topic, links={"restricted_to": [world.circle]})
    else:
        properties.set_category(ticket=world.here, to=world.secret.category, by=lead, now=NOW)
    assert not may(actor(agent), Right.VIEW, again(old))
    assert "Who knows of the leak?" in {
        message.body for message in messages(actor(world.people["insider"]), again(world.here))
    }
    assert TicketEvent.objects.filter(ticket=old).latest("seq").kind == "category_changed"


# --- what lists show to who oversees


def _answered(world: World) -> None:
    field = CustomFieldFactory.create(label="Whose fault?", category=world.secret.category, kind=FieldKind.TEXT)
    FieldValue.objects.create(ticket=world.secret, field=field, value="The janitor's", words="The janitor's")


def test_auditor_reads_what_is_private_on_the_ticket_and_in_no_list(world: World) -> None:
    _answered(world)
    auditor = sign_in(world, "auditor")
    page = auditor.get("/admin/tickets/?status=all").content.decode()
    assert world.secret.ref in page
    assert page.count("It smokes since nine.") == 2, "of the two tickets that are not private"
    assert world.secret.ref not in auditor.get("/admin/tickets/?status=all&q=janitor").content.decode()
    sent = auditor.post("/admin/tickets/export/", {"format": "csv", "list": "status=all"})
    rows = list(csv.DictReader(io.StringIO(b"".join(sent.streaming_content).decode("utf-8-sig"), newline="")))  # type: ignore[attr-defined] # a file
    assert {row["Reference"]: row["Whose fault?"] for row in rows}[world.secret.ref] == ""
    assert not AuditEvent.objects.filter(kind="private_ticket_opened").exists()
    assert "The janitor" in auditor.get(f"/admin/tickets/{world.secret.ref}/").content.decode()
    assert AuditEvent.objects.filter(kind="private_ticket_opened").count() == 1


def test_insider_reads_the_same_in_lists(world: World) -> None:
    _answered(world)
    insider = sign_in(world, "insider")
    assert "It smokes since nine." in insider.get("/admin/tickets/?status=all").content.decode()
    assert world.secret.ref in insider.get("/admin/tickets/?status=all&q=janitor").content.decode()


def test_asking_for_news_is_no_opening_until_there_is_some(world: World) -> None:
    auditor, url = sign_in(world, "auditor"), f"/tickets/{world.secret.ref}/news/"
    newest = Message.objects.filter(ticket=world.secret).latest("pk").pk
    assert auditor.get(url, {"after": newest}).status_code == 204
    assert not AuditEvent.objects.filter(kind="private_ticket_opened").exists()
    conversation.reply(ticket=world.secret, body="We look.", by=actor(world.people["insider"]), now=NOW)
    assert "We look." in auditor.get(url, {"after": newest, "status": "open"}).content.decode()
    assert AuditEvent.objects.filter(kind="private_ticket_opened").count() == 1


# --- the lock


def test_lock_stands_beside_every_private_ticket_and_no_other(world: World) -> None:
    ref, lock = world.secret.ref, 'class="private-mark"'
    for name, urls in {
        "insider": ("/admin/tickets/", f"/admin/tickets/{ref}/peek/"),
        "owner": ("/tickets/", "/", f"/tickets/found/?q={ref}"),
    }.items():
        client = sign_in(world, name)
        for url in urls:
            page = client.get(url).content.decode()
            assert page.count(lock) == 1, (name, url)
            assert '<span class="visually-hidden">Private </span>' in page
    assert lock not in sign_in(world, "agent").get("/admin/tickets/").content.decode()


def test_private_ticket_says_who_sees_it(world: World) -> None:
    world.circle.name = "Trust & safety"
    world.circle.save()
    words = "only who asked, whom they let follow it, Trust &amp; safety and auditors see it."
    for name, url in (("insider", "/admin/tickets/{}/"), ("owner", "/tickets/{}/")):
        client = sign_in(world, name)
        assert words in client.get(url.format(world.secret.ref)).content.decode()
    assert "auditors see it" not in sign_in(world, "owner").get(f"/tickets/{world.here.ref}/").content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rounds", [4, pytest.param(300, marks=pytest.mark.long)])
def test_nobody_is_given_a_ticket_at_the_moment_in_which_they_leave(rounds: int) -> None:
    world = make_world()
    category = world.secret.category
    for _round in range(rounds):
        person = make_agent(world.circle)
        ticket = make_ticket(world.people["owner"], world.queue, category=category)
        by = actor(world.people["insider"], Channel.DESK)
        together(
            partial(
                assignment.assign, ticket=ticket, to=User.objects.get(pk=person.pk), seen_assignee_id=None, by=by,
                now=NOW,
            ),
            partial(leave, world, world.circle, person),
        )  # fmt: skip
        assert again(ticket).assignee is None
