"""What a ticket is filed under, and what happens to who has it."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from helpdesk.actions import assignment, properties, tiers
from helpdesk.choices import Channel, MoveName, Priority, Status
from helpdesk.errors import Code, DomainError
from helpdesk.models import AuditEvent, Kind, Tag, TicketEvent
from tests.factories import CategoryFactory, QueueFactory, TeamFactory, UserFactory, actor, make_agent
from tests.helpdesk.actions.desk import LATER, Desk

pytestmark = pytest.mark.django_db


def events(d: Desk) -> list[tuple[str, dict[str, Any]]]:
    """What was recorded after the filing."""
    return list(TicketEvent.objects.filter(ticket=d.ticket, seq__gt=1).order_by("seq").values_list("kind", "data"))


def retag(d: Desk, *add: str, remove: tuple[str, ...] = ()) -> None:
    properties.retag(ticket=d.ticket, add=add, remove=remove, by=d.desk(), now=LATER)


def tags(d: Desk) -> list[str]:
    return sorted((tag.name for tag in d.now().tags.all()), key=str.lower)


def test_priority_changes_once_and_is_on_record(d: Desk) -> None:
    for _click in range(2):
        properties.set_priority(ticket=d.ticket, to=1, by=d.desk(), now=LATER, seen=3)
    assert (d.now().priority, d.now().updated_at) == (Priority.P1, LATER)
    assert events(d) == [("priority_changed", {"from_priority": 3, "to_priority": 1})]


def test_who_decides_on_an_older_page_is_told_what_it_is_now(d: Desk) -> None:
    properties.set_priority(ticket=d.ticket, to=1, by=d.desk(), now=LATER)
    with pytest.raises(DomainError, match="Meanwhile the priority is P1 critical") as refusal:
        properties.set_priority(ticket=d.ticket, to=4, by=d.desk(), now=LATER, seen=3)
    assert (refusal.value.code, refusal.value.field) == (Code.STALE, "priority")
    with pytest.raises(DomainError, match=f"Meanwhile the ticket is in the queue “{d.queue}”"):
        properties.set_queue(ticket=d.ticket, to=QueueFactory.create(), by=d.desk(), now=LATER, seen=d.queue.pk + 1)
    with pytest.raises(DomainError, match="Meanwhile the ticket has no category"):
        properties.set_category(ticket=d.ticket, to=CategoryFactory.create(), by=d.desk(), now=LATER, seen=77)
    kind = Kind.objects.create(code="bug", name="Bug")
    properties.set_kind(ticket=d.ticket, to=kind, by=d.desk(), now=LATER, seen=0)
    with pytest.raises(DomainError, match="Meanwhile the kind is “Bug”"):
        properties.set_kind(ticket=d.ticket, to=None, by=d.desk(), now=LATER, seen=0)


def test_priority_is_one_of_the_list(d: Desk) -> None:
    with pytest.raises(DomainError) as refusal:
        properties.set_priority(ticket=d.ticket, to=9, by=d.desk(), now=LATER)
    assert (refusal.value.code, refusal.value.field) == (Code.WRONG, "priority")


def test_ticket_that_moves_leaves_the_hands_of_who_does_not_work_there(d: Desk) -> None:
    elsewhere = QueueFactory.create(teams=[d.teams[1]])
    d.take()
    d.move(MoveName.START, d.desk())
    moved = properties.set_queue(ticket=d.ticket, to=elsewhere, by=d.desk(), now=LATER, seen=d.queue.pk)
    assert (moved.queue, moved.assignee, moved.status) == (elsewhere, None, Status.OPEN)
    queue_changed, assigned, status_changed = events(d)[-3:]
    assert queue_changed == ("queue_changed", {"from_queue_id": d.queue.pk, "to_queue_id": elsewhere.pk})
    assert assigned == ("assigned", {"from_id": d.agents[0].pk, "to_id": None})
    assert status_changed[1] | {"message_id": None} == {
        "from_status": "in_progress", "to_status": "open", "move": "hand_over", "message_id": None,
    }  # fmt: skip
    causes = TicketEvent.objects.filter(kind__in=("assigned", "status_changed"), cause__kind="queue_changed")
    assert causes.count() == 2


def test_who_works_the_new_queue_too_keeps_the_ticket(d: Desk) -> None:
    elsewhere = QueueFactory.create(teams=[d.teams[0]])
    d.take()
    d.move(MoveName.START, d.desk())
    moved = properties.set_queue(ticket=d.ticket, to=elsewhere, by=d.desk(), now=LATER)
    assert (moved.assignee, moved.status) == (d.agents[0], Status.IN_PROGRESS)


def test_new_ticket_stays_new_in_another_queue(d: Desk) -> None:
    elsewhere = QueueFactory.create(teams=[d.teams[1]])
    assert properties.set_queue(ticket=d.ticket, to=elsewhere, by=d.desk(), now=LATER).status == Status.NEW
    assert d.record() == ["ticket_created", "queue_changed"]


def test_mover_may_lose_sight_of_the_ticket(d: Desk) -> None:
    elsewhere = QueueFactory.create(teams=[TeamFactory.create()])
    properties.set_queue(ticket=d.ticket, to=elsewhere, by=d.desk(), now=LATER)
    with pytest.raises(DomainError) as refusal:
        properties.set_queue(ticket=d.ticket, to=d.queue, by=d.desk(), now=LATER)
    assert refusal.value.code is Code.FORBIDDEN


def test_nothing_moves_to_a_queue_that_is_closed(d: Desk) -> None:
    with pytest.raises(DomainError, match="is closed") as refusal:
        properties.set_queue(ticket=d.ticket, to=QueueFactory.create(is_active=False), by=d.desk(), now=LATER)
    assert refusal.value.field == "queue"


def test_category_and_kind_come_and_go_and_leave_the_queue_alone(d: Desk) -> None:
    category, kind = CategoryFactory.create(), Kind.objects.create(code="bug", name="Bug")
    for to in (category, None):
        properties.set_category(ticket=d.ticket, to=to, by=d.desk(), now=LATER)
    for wanted in (kind, kind, None):
        properties.set_kind(ticket=d.ticket, to=wanted, by=d.desk(), now=LATER)
    assert events(d) == [
        ("category_changed", {"from_category_id": None, "to_category_id": category.pk}),
        ("category_changed", {"from_category_id": category.pk, "to_category_id": None}),
        ("kind_changed", {"from_kind_id": None, "to_kind_id": kind.pk}),
        ("kind_changed", {"from_kind_id": kind.pk, "to_kind_id": None}),
    ]
    assert d.now().queue == d.queue


def test_what_is_not_in_use_any_more_is_not_chosen_anew(d: Desk) -> None:
    with pytest.raises(DomainError, match="not in use") as category:
        properties.set_category(ticket=d.ticket, to=CategoryFactory.create(is_active=False), by=d.desk(), now=LATER)
    old = Kind.objects.create(code="old", name="Old", is_active=False)
    Tag.objects.create(name="Old", is_active=False)
    with pytest.raises(DomainError, match="not in use") as kind:
        properties.set_kind(ticket=d.ticket, to=old, by=d.desk(), now=LATER)
    with pytest.raises(DomainError, match="not in use") as tag:
        retag(d, "old")
    assert [refusal.value.field for refusal in (category, kind, tag)] == ["category", "kind", "tags"]


def test_tags_are_words_whatever_their_case(d: Desk) -> None:
    Tag.objects.create(name="VPN")
    retag(d, "  printer \n fire ", "vpn", "Vpn")
    assert tags(d) == ["printer fire", "VPN"]
    retag(d, "VPN", remove=("PRINTER FIRE", "never heard of"))
    assert tags(d) == ["VPN"]
    (_kind, added), (_other, removed) = events(d)
    assert (len(added["added_ids"]), added["removed_ids"]) == (2, [])
    assert (removed["added_ids"], len(removed["removed_ids"])) == ([], 1)
    assert AuditEvent.objects.filter(kind="tag_made").count() == 1


def test_same_tags_again_are_no_change(d: Desk) -> None:
    retag(d, "vpn")
    retag(d, "VPN", remove=("other",))
    assert d.record() == ["ticket_created", "tags_changed"]


def test_tag_that_is_not_in_use_any_more_stays_and_can_be_taken_off(d: Desk) -> None:
    retag(d, "vpn")
    Tag.objects.update(is_active=False)
    retag(d, "vpn", "new")
    assert tags(d) == ["new", "vpn"]
    retag(d, remove=("vpn",))
    assert tags(d) == ["new"]


@pytest.mark.parametrize(
    ("name", "words"),
    [("  ", "Write the name"), ("x" * 41, "has 41 characters; a tag takes 40"), ("\u200b", "Write the name")],
)
def test_tag_needs_a_name_that_can_be_read(d: Desk, name: str, words: str) -> None:
    with pytest.raises(DomainError, match=words) as refusal:
        retag(d, name)
    assert refusal.value.field == "tags"


def test_ticket_takes_twenty_tags(d: Desk) -> None:
    retag(d, *(f"t{n}" for n in range(20)))
    with pytest.raises(DomainError, match="takes 20 tags"):
        retag(d, "one more")
    assert not Tag.objects.filter(name="one more").exists()
    with pytest.raises(DomainError, match="at most 20"):
        retag(d, *(f"u{n}" for n in range(21)))
    retag(d, "one more", remove=("t0",))
    assert len(tags(d)) == 20


def test_solved_ticket_keeps_its_place_and_can_still_be_sorted(d: Desk) -> None:
    d.resolve()
    for change in (
        partial(properties.set_priority, to=1),
        partial(properties.set_queue, to=QueueFactory.create()),
    ):
        with pytest.raises(DomainError, match="reopen it first") as refusal:
            change(ticket=d.ticket, by=d.desk(), now=LATER)
        assert refusal.value.code is Code.ILLEGAL_MOVE
    properties.set_kind(ticket=d.ticket, to=Kind.objects.create(code="b", name="B"), by=d.desk(), now=LATER)
    properties.set_category(ticket=d.ticket, to=CategoryFactory.create(), by=d.desk(), now=LATER)
    retag(d, "vpn")
    assert d.record()[-3:] == ["kind_changed", "category_changed", "tags_changed"]


def test_requester_and_stranger_sort_nothing(d: Desk) -> None:
    changes: list[Callable[..., Any]] = [
        partial(properties.set_priority, to=1),
        partial(properties.set_queue, to=QueueFactory.create()),
        partial(properties.set_category, to=None),
        partial(properties.set_kind, to=None),
        partial(properties.retag, add=["vpn"]),
    ]
    for who in (d.requester, make_agent(TeamFactory.create())):
        for change in changes:
            with pytest.raises(DomainError) as refusal:
                change(ticket=d.ticket, by=actor(who), now=LATER)
            assert refusal.value.code is Code.FORBIDDEN
    assert d.record() == ["ticket_created"]
    assert not Tag.objects.exists()


def test_coordinator_moves_a_ticket_but_does_not_work_it(d: Desk) -> None:
    coordinator = actor(UserFactory.create(role="oncall_coordinator"), Channel.DESK)
    properties.set_queue(ticket=d.ticket, to=QueueFactory.create(), by=coordinator, now=LATER)
    with pytest.raises(DomainError):
        properties.set_priority(ticket=d.ticket, to=1, by=coordinator, now=LATER)


def test_escalation_leaves_the_hands_as_before(d: Desk) -> None:
    assignment.assign(ticket=d.ticket, to=d.agents[0], seen_assignee_id=None, by=d.desk(), now=LATER)
    tiers.escalate(ticket=d.ticket, reason="Hard.", by=d.desk(), now=LATER)
    assert d.record()[-2:] == ["escalated", "assigned"]
