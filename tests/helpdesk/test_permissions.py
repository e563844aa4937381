"""Who may do what: every standing × every right × a ticket, and lists against objects."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from helpdesk import access
from helpdesk.actors import SYSTEM, Actor
from helpdesk.choices import Channel, Role
from helpdesk.models import Ticket
from helpdesk.permissions import RIGHTS, Hat, Reach, Right, hats, holds, may, scope
from helpdesk.selectors import conversation, tickets
from tests.factories import actor
from tests.world import PEOPLE, World, make_world

pytestmark = pytest.mark.django_db

EVERYTHING = frozenset({"manager", "head_of_support", "administrator"})
AT_WORK = EVERYTHING | {"agent", "team_lead", "regional_manager"}
LOOKING = frozenset({"auditor", "oncall_coordinator", "quality_lead", "training_specialist", "process_lead"})
ASKING = frozenset({"owner", "organization_manager"})
WATCHING = frozenset({"watcher"})

# Who holds each right on the ticket `here`, told a second time in plain sets.
ON_THE_TICKET = {
    Right.VIEW: ASKING | WATCHING | AT_WORK | LOOKING,
    Right.REPLY: ASKING | WATCHING | AT_WORK,
    Right.READ_NOTES: AT_WORK | LOOKING,
    Right.WRITE_NOTES: AT_WORK | {"oncall_coordinator", "quality_lead", "process_lead"},
    Right.WORK: AT_WORK,
    Right.ASSIGN: AT_WORK | {"oncall_coordinator"},
    Right.ESCALATE: AT_WORK | {"oncall_coordinator"},
    Right.CONFIRM: ASKING,
    Right.REOPEN: ASKING | AT_WORK,
    Right.ADD_WATCHER: ASKING | AT_WORK,
    Right.ACKNOWLEDGE: AT_WORK | {"oncall_coordinator"},
    Right.CHOOSE_POLICY: EVERYTHING | {"team_lead", "regional_manager"},
}
DESK_WIDE = frozenset(Right) - frozenset(ON_THE_TICKET)
WRITING = frozenset(Right) - {
    Right.VIEW, Right.READ_NOTES, Right.ENTER_DESK, Right.SEE_SETUP, Right.SEE_PEOPLE, Right.SEE_RECORD,
    Right.SEE_OPERATION,
}  # fmt: skip


@pytest.fixture
def world() -> World:
    return make_world()


def test_rights_on_a_ticket_are_exactly_those_of_the_table(world: World) -> None:
    for right, holders in ON_THE_TICKET.items():
        for name in PEOPLE:
            assert may(world.actor(name), right, world.here) is (name in holders), (name, right)


def test_nothing_of_one_ticket_gives_a_right_on_another(world: World) -> None:
    for right in ON_THE_TICKET:
        here = {name for name in PEOPLE if may(world.actor(name), right, world.here)}
        there = {name for name in PEOPLE if may(world.actor(name), right, world.elsewhere)}
        assert here & there <= EVERYTHING | LOOKING, right


def test_lists_show_exactly_what_can_be_opened(world: World) -> None:
    for name, person in world.everybody():
        who = actor(person)
        for right in ON_THE_TICKET:
            listed = set(tickets.visible_to(who, right))
            covered = {ticket for ticket in Ticket.objects.all() if scope(who, right).covers(ticket)}
            assert listed == covered, (name, right)
        opened = set()
        for ticket in Ticket.objects.all():
            try:
                opened.add(access.get_ticket(who, ticket.ref))
            except Http404:
                continue
        assert opened == set(tickets.visible_to(who)), name


def test_what_may_not_be_seen_is_not_there_and_what_is_barred_is_refused(world: World) -> None:
    for name in PEOPLE:
        who = world.actor(name)
        for right, holders in ON_THE_TICKET.items():
            if name in holders:
                assert access.get_ticket(who, world.here.ref, right) == world.here
            elif name in ON_THE_TICKET[Right.VIEW]:
                with pytest.raises(PermissionDenied):
                    access.get_ticket(who, world.here.ref, right)
            else:
                with pytest.raises(Http404):
                    access.get_ticket(who, world.here.ref, right)


def test_auditor_holds_no_right_to_write(world: World) -> None:
    auditor = actor(world.people["auditor"])
    assert not [right for right in WRITING if holds(auditor, right) or may(auditor, right, world.here)]


def test_whoever_holds_a_right_on_a_ticket_may_see_it(world: World) -> None:
    for right, holders in ON_THE_TICKET.items():
        assert holders <= ON_THE_TICKET[Right.VIEW], right


def test_deactivated_person_holds_nothing(world: World) -> None:
    who = actor(world.people["deactivated_administrator"])
    assert not [right for right in Right if not scope(who, right).is_empty or holds(who, right)]


def test_desk_is_entered_by_those_who_work_there(world: World) -> None:
    outside = {
        "owner",
        "watcher",
        "stranger",
        "organization_member",
        "organization_manager",
        "other_organization_manager",
    }
    entering = {name for name, person in world.everybody() if holds(actor(person), Right.ENTER_DESK)}
    assert entering == set(PEOPLE) - outside - {"deactivated_administrator"}


def test_set_up_and_people_are_changed_by_few(world: World) -> None:
    def holders(right: Right) -> set[str]:
        return {name for name in PEOPLE if holds(world.actor(name), right)}

    assert holders(Right.CHANGE_SETUP) == {"administrator", "head_of_support"}
    assert holders(Right.ANNOUNCE) == {"administrator", "head_of_support", "manager"}
    assert holders(Right.CHANGE_PEOPLE) == {"administrator"}
    assert holders(Right.WORK_PROBLEMS) == AT_WORK | {
        "other_agent",
        "idle_agent",
        "insider",
        "former_agent",
        "other_regional_manager",
    }
    assert holders(Right.PUBLISH_PROBLEMS) == EVERYTHING | {"team_lead", "regional_manager", "other_regional_manager"}
    assert holders(Right.SEE_RECORD) == {"administrator", "auditor"}


def test_guest_holds_the_rights_of_one_ticket_and_no_other(world: World) -> None:
    everything = {right for right in Right if right in ON_THE_TICKET}
    for name in ("owner", "administrator"):
        guest = Actor(world.people[name], Channel.PORTAL, guest_ticket_id=world.here.pk)
        held = {right for right in everything if may(guest, right, world.here)}
        assert held == {Right.VIEW, Right.REPLY, Right.CONFIRM, Right.REOPEN}
        assert not [right for right in Right if holds(guest, right) or may(guest, right, world.elsewhere)]
        assert [list(tickets.visible_to(guest, right)) for right in held] == [[world.here]] * len(held)
    gone = Actor(world.people["deactivated_administrator"], Channel.PORTAL, guest_ticket_id=world.here.pk)
    assert not [right for right in Right if not scope(gone, right).is_empty or holds(gone, right)]


def test_token_can_do_no_more_than_its_scopes_and_its_owner(world: World) -> None:
    reading = Actor(world.people["agent"], Channel.API, scopes=frozenset({Right.VIEW}))
    assert may(reading, Right.VIEW, world.here)
    assert not may(reading, Right.REPLY, world.here)
    greedy = Actor(world.people["owner"], Channel.API, scopes=frozenset(Right))
    assert not may(greedy, Right.WORK, world.here)


def test_desk_itself_holds_every_right(world: World) -> None:
    assert all(may(SYSTEM, right, world.here) for right in ON_THE_TICKET)


def test_every_right_and_every_role_stands_in_the_table() -> None:
    assert set(RIGHTS) == set(Right)
    worn = {hat for table in RIGHTS.values() for hat in table}
    assert worn == set(Hat)
    assert {role.value for role in Role} <= {hat.value for hat in Hat}
    for right in DESK_WIDE:
        assert set(RIGHTS[right].values()) == {Reach.ALL}, right


def test_former_member_of_a_team_wears_no_agents_reach(world: World) -> None:
    former = actor(world.people["former_agent"])
    assert Hat.AGENT in hats(former.standing)
    assert scope(former, Right.WORK).queue_ids == frozenset()


def test_notes_and_their_files_are_listed_for_those_who_read_notes_only(world: World) -> None:
    for name, person in world.everybody():
        reads = may(actor(person), Right.READ_NOTES, world.here)
        assert reads is (name in ON_THE_TICKET[Right.READ_NOTES])
        shown = conversation.messages(actor(person), world.here)
        assert not shown.filter(visibility="internal").exists() or reads


def test_standing_is_read_with_three_queries_at_most(world: World, django_assert_max_num_queries: object) -> None:
    for _name, person in world.everybody():
        with django_assert_max_num_queries(3):  # type: ignore[operator]
            _ = actor(person).standing
