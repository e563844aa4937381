"""Private categories: who sees their tickets, by every way, and what follows when the circle changes."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.test import Client

from helpdesk import access
from helpdesk.actions import assignment, clocks, conversation, properties, setup, watching
from helpdesk.actions.consumers import consume_due
from helpdesk.actions.deliveries import send_due
from helpdesk.actions.setup import Change
from helpdesk.choices import Channel, TeamRole
from helpdesk.errors import DomainError
from helpdesk.models import AuditEvent, Category, Delivery, Team, Ticket, TicketEvent, User, Watcher
from helpdesk.permissions import Right, holds, may, scope
from helpdesk.selectors import conversation as said
from helpdesk.selectors import tickets
from helpdesk.selectors.people import assignable_to
from helpdesk.selectors.watchers import watchers_of
from tests.factories import NOW, CategoryFactory, TeamMembershipFactory, UserFactory, actor
from tests.promises import make_policy
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
INSIDE = {"owner", "insider", "auditor"}
ON_TICKETS = tuple(
    right for right in Right if right in {"view", "reply", "read_notes", "write_notes", "work", "assign", "escalate"}
)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def secrecy(world: World) -> Category:
    category = world.secret.category
    assert category is not None
    return category


def again(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def restrict(world: World, category: Category, *teams: Team) -> None:
    by = actor(world.people["administrator"], Channel.DESK)
    setup.save_setup(change=Change(category, [], links={"restricted_to": list(teams)}), by=by, now=LATER)


def test_private_ticket_is_seen_by_its_circle_who_asked_and_auditors_alone(world: World) -> None:
    for name, person in world.everybody():
        who = actor(person)
        assert may(who, Right.VIEW, world.secret) is (name in INSIDE), name
        assert tickets.visible_to(who).filter(pk=world.secret.pk).exists() is (name in INSIDE), name
        if name not in INSIDE:
            with pytest.raises(Http404):
                access.get_ticket(who, world.secret.ref)


def test_circle_works_its_tickets_without_a_queue_and_nothing_else_of_it(world: World) -> None:
    insider = actor(world.people["insider"])
    assert all(may(insider, right, world.secret) for right in ON_TICKETS)
    assert not any(may(insider, right, world.here) for right in ON_TICKETS)
    assert list(assignable_to(world.secret)) == [world.people["insider"]]


def test_who_asked_reads_no_notes_and_auditor_writes_nothing(world: World) -> None:
    note = conversation.add_note(ticket=world.secret, body="Hush.", by=actor(world.people["insider"]), now=LATER)
    manager = world.people["manager"]
    Ticket.objects.filter(pk=world.secret.pk).update(requester=manager)
    shown = said.messages(actor(manager), again(note))
    assert [message.body for message in shown] == ["It smokes since nine."]
    assert world.secret in tickets.requested_by(actor(manager))
    assert world.secret not in tickets.visible_to(actor(manager), Right.READ_NOTES)
    auditor = actor(world.people["auditor"])
    assert {right for right in Right if scope(auditor, right).covers(note)} >= {Right.VIEW, Right.READ_NOTES}
    assert not may(auditor, Right.WRITE_NOTES, note)


def test_members_of_a_closed_team_or_place_are_outside_and_nobody_comes_in_for_them(world: World) -> None:
    insider = world.people["insider"]
    world.circle.is_active = False
    world.circle.save()
    assert not may(actor(insider), Right.VIEW, world.secret)
    assert not may(actor(world.people["agent"]), Right.VIEW, world.secret)
    assert may(actor(world.people["owner"]), Right.VIEW, world.secret)


def test_administrator_in_the_circle_is_inside(world: World) -> None:
    TeamMembershipFactory.create(team=world.circle, user=world.people["administrator"])
    assert may(actor(world.people["administrator"]), Right.WORK, world.secret)


def test_who_leads_in_the_circle_chooses_what_its_tickets_are_promised(world: World) -> None:
    policy, quick = make_policy(), make_policy()
    insider, manager, lead = (world.people[name] for name in ("insider", "manager", "team_lead"))
    assert not any(may(actor(who), Right.CHOOSE_POLICY, world.secret) for who in (insider, manager, lead))
    TeamMembershipFactory.create(team=world.circle, user=manager)
    clocks.choose_policy(ticket=world.secret, chosen=True, policy=policy, by=actor(manager), now=LATER)
    assert again(world.secret).sla_policy == policy
    # A lead of the queue's team who is a plain member of the circle leads nothing there.
    TeamMembershipFactory.create(team=world.circle, user=lead)
    assert not may(actor(lead), Right.CHOOSE_POLICY, world.secret)
    assert may(actor(lead), Right.CHOOSE_POLICY, world.here)
    world.circle.memberships.filter(user=insider).update(role=TeamRole.LEAD)
    clocks.choose_policy(ticket=world.secret, chosen=True, policy=quick, by=actor(insider), now=LATER)
    assert again(world.secret).sla_policy == quick
    assert not may(actor(insider), Right.CHOOSE_POLICY, world.here)
    # The right is one on clocks, and no other comes with it.
    assert not holds(actor(insider), Right.PUBLISH_PROBLEMS)


def test_each_opening_by_an_auditor_is_on_record_and_no_other(world: World, client: Client) -> None:
    for name in ("owner", "insider"):
        access.get_ticket(actor(world.people[name]), world.secret.ref)
    access.get_ticket(actor(world.people["auditor"]), world.here.ref)
    assert not AuditEvent.objects.filter(kind="private_ticket_opened").exists()
    client.force_login(world.people["auditor"])
    url = f"/admin/tickets/{world.secret.ref}/"
    for address in (url, f"{url}peek/", f"{url}news/?after=1", f"/tickets/{world.secret.ref}/"):
        assert client.get(address).status_code in {200, 204}
    opened = AuditEvent.objects.filter(kind="private_ticket_opened", actor=world.people["auditor"])
    assert list(opened.values_list("subject_type", "subject_id")) == [("ticket", str(world.secret.pk))] * 3


def test_ticket_that_becomes_private_leaves_the_hands_and_the_eyes_of_those_outside(
    world: World, secrecy: Category
) -> None:
    agent, insider, bob = world.people["agent"], world.people["insider"], UserFactory.create()
    by = actor(agent, Channel.DESK)
    assignment.assign(ticket=world.here, to=agent, seen_assignee_id=None, by=by, now=LATER)
    for person in (bob, insider):
        Watcher.objects.create(ticket=world.here, user=person)
    done = properties.set_category(ticket=world.here, to=secrecy, by=by, now=LATER)
    assert (done.assignee, done.status) == (None, "open")
    assert [str(who) for who in watchers_of(done)] == ["insider"]
    assert not may(actor(agent), Right.VIEW, done)
    kinds = list(TicketEvent.objects.filter(ticket=done).order_by("seq").values_list("kind", flat=True))
    assert kinds[-4:] == ["category_changed", "assigned", "watcher_removed", "watcher_removed"]


def test_ticket_that_becomes_open_is_seen_again_and_leaves_hands_that_may_not_work_it(world: World) -> None:
    insider = world.people["insider"]
    by = actor(insider, Channel.DESK)
    assignment.assign(ticket=world.secret, to=insider, seen_assignee_id=None, by=by, now=LATER)
    done = properties.set_category(ticket=world.secret, to=None, by=by, now=LATER)
    assert done.assignee is None
    assert may(actor(world.people["agent"]), Right.WORK, done)
    assert may(actor(world.people["organization_manager"]), Right.VIEW, done)
    assert may(actor(world.people["watcher"]), Right.VIEW, done)


def test_mails_that_wait_are_not_wanted_any_more(world: World, secrecy: Category) -> None:
    agent = world.people["agent"]
    by = actor(world.people["team_lead"], Channel.DESK)
    assignment.assign(ticket=world.here, to=agent, seen_assignee_id=None, by=by, now=LATER)
    conversation.reply(ticket=world.here, body="Still burning.", by=actor(world.people["owner"]), now=LATER)
    properties.set_category(ticket=world.here, to=secrecy, by=by, now=LATER)
    consume_due(now=LATER, limit=50)
    send_due(now=LATER, limit=50)
    sent = Delivery.objects.filter(ticket=world.here, sent_at__isnull=False)
    assert {delivery.recipient for delivery in sent} == {world.people["owner"]}
    assert Delivery.objects.filter(ticket=world.here, recipient=agent, cancel_reason="unwanted").exists()


def test_whom_the_circle_or_who_asked_adds_follows_the_private_ticket(world: World) -> None:
    for by, email in ((world.people["insider"], "a@example.org"), (world.people["owner"], "b@example.org")):
        watching.add_watcher(ticket=world.secret, email=email, by=actor(by), now=LATER)
    with pytest.raises(DomainError):
        watching.add_watcher(ticket=world.secret, email="c@example.org", by=actor(world.people["agent"]), now=LATER)
    for email in ("a@example.org", "b@example.org"):
        who = actor(User.objects.get(email=email))
        assert access.get_ticket(who, world.secret.ref) == world.secret
        assert list(tickets.followed_by(who)) == [world.secret]
    # `watcher` has followed it since before it was private.
    assert [who.email for who in watchers_of(world.secret)] == ["a@example.org", "b@example.org"]
    watching.add_watcher(
        ticket=world.secret, email=world.people["watcher"].email, by=actor(world.people["owner"]), now=LATER
    )
    assert may(actor(world.people["watcher"]), Right.REPLY, world.secret)


def test_who_left_the_circle_sees_nothing_by_having_watched_there(world: World) -> None:
    insider = world.people["insider"]
    watching.watch(ticket=world.secret, by=actor(insider), now=LATER)
    world.circle.memberships.update(is_active=False)
    assert not may(actor(insider), Right.VIEW, world.secret)


def test_another_circle_lets_nobody_in_whom_the_first_admitted(world: World) -> None:
    watching.add_watcher(ticket=world.secret, email="a@example.org", by=actor(world.people["owner"]), now=LATER)
    other = CategoryFactory.create(queue=world.queue, restricted_to=[world.team])
    done = properties.set_category(ticket=world.secret, to=other, by=actor(world.people["insider"]), now=LATER)
    assert not may(actor(User.objects.get(email="a@example.org")), Right.VIEW, done)
    assert not may(actor(world.people["insider"]), Right.VIEW, done)
    assert may(actor(world.people["agent"]), Right.WORK, done)


def test_late_answer_to_a_private_ticket_is_private_and_followed_by_whom_it_was(world: World) -> None:
    watching.add_watcher(ticket=world.secret, email="a@example.org", by=actor(world.people["owner"]), now=LATER)
    old = NOW - timedelta(days=400)
    Ticket.objects.filter(pk=world.secret.pk).update(
        status="closed", closed_at=old, resolved_at=old, resolution_kind="fixed"
    )
    new = conversation.reply(ticket=world.secret, body="Again.", by=actor(world.people["owner"]), now=LATER)
    assert new != world.secret
    assert may(actor(User.objects.get(email="a@example.org")), Right.VIEW, new)
    assert not may(actor(world.people["agent"]), Right.VIEW, new)


def test_reference_of_a_private_ticket_is_not_shown_on_one_that_is_not(world: World, client: Client) -> None:
    Ticket.objects.filter(pk=world.here.pk).update(follows=world.secret)
    for name, rooms, shown in (
        ("agent", ("", "/admin"), False),
        ("watcher", ("",), False),
        ("owner", ("",), True),
        ("auditor", ("", "/admin"), True),
    ):
        client.force_login(world.people[name])
        for room in rooms:
            page = client.get(f"{room}/tickets/{world.here.ref}/").content.decode()
            assert (world.secret.ref in page) is shown, (name, room)


def test_assigning_to_somebody_outside_is_refused_in_words(world: World) -> None:
    with pytest.raises(DomainError, match="in none of the teams that alone see"):
        assignment.assign(
            ticket=world.secret,
            to=world.people["agent"],
            seen_assignee_id=None,
            by=actor(world.people["insider"]),
            now=LATER,
        )


def test_set_up_draws_the_circle_anew_at_once_and_on_record(world: World, secrecy: Category) -> None:
    agent = world.people["agent"]
    restrict(world, secrecy)
    assert may(actor(agent), Right.WORK, again(world.secret))
    assignment.assign(ticket=world.secret, to=agent, seen_assignee_id=None, by=actor(agent, Channel.DESK), now=LATER)
    restrict(world, secrecy, world.circle)
    assert again(world.secret).assignee is None
    assert not may(actor(agent), Right.VIEW, again(world.secret))
    changes = AuditEvent.objects.filter(kind="setup_changed", subject_type="category").order_by("pk")
    assert [change.data["restricted_to"] for change in changes] == [[], [world.circle.pk]]


def test_moving_a_private_ticket_to_another_queue_shows_it_to_nobody_else(world: World) -> None:
    done = properties.set_queue(
        ticket=world.secret, to=world.elsewhere.queue, by=actor(world.people["insider"]), now=LATER
    )
    assert not may(actor(world.people["other_agent"]), Right.VIEW, done)
    assert may(actor(world.people["insider"]), Right.WORK, done)


def test_records_of_the_desk_name_no_private_ticket_and_nobody_on_it(world: World, client: Client) -> None:
    consume_due(now=NOW, limit=50)
    Delivery.objects.filter(ticket=world.secret).update(given_up_at=NOW, last_error="550 owner@example.org unknown")
    mail = Delivery.objects.get(ticket=world.secret)
    for name, sees in (("administrator", False), ("auditor", True), ("oncall_coordinator", False)):
        client.force_login(world.people[name])
        for url in ("/admin/helpdesk/delivery/", f"/admin/helpdesk/delivery/{mail.pk}/change/"):
            page = client.get(url).content.decode()
            assert (world.secret.ref in page, "A private ticket" in page) == (sees, not sees), (name, url)
        assert ("550 owner@" in page) is sees, name
