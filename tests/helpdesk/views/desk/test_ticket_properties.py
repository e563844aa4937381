"""What agents change in the panel of a ticket's page: done, refused, too late, taken back, and by whom not."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helpdesk.actions import assignment, properties, status, watching
from helpdesk.choices import Role
from helpdesk.domain.lifecycle import MoveName
from helpdesk.models import Kind, Queue, Team, Ticket, User
from helpdesk.selectors.watchers import watchers_of
from tests.factories import NOW, CategoryFactory, QueueFactory, TeamFactory, UserFactory, actor, make_agent
from tests.helpdesk.views.desk.pages import actions_on, post, text_of, url


@pytest.fixture
def nia(team: Team) -> User:
    return make_agent(team, name="Nia Fofana")


def _values(ticket: Ticket, queue: Queue, team: Team) -> dict[str, tuple[int, int]]:
    """For each property what the ticket has and what it could have."""
    return {
        "priority": (ticket.priority, 1),
        "queue": (queue.pk, QueueFactory.create(name="Billing", teams=[team]).pk),
        "category": (0, CategoryFactory.create(queue=queue).pk),
        "kind": (0, Kind.objects.create(code="bug", name="Bug").pk),
    }


def _current(ticket: Ticket, name: str) -> int:
    ticket.refresh_from_db()
    return getattr(ticket, name if name == "priority" else f"{name}_id") or 0


def _undo(client: Client, ticket: Ticket) -> Any:
    telling = client.get(url(ticket)).context["tellings"][-1]
    return client.post(telling.url, telling.fields)


@pytest.mark.parametrize("name", ["priority", "queue", "category", "kind"])
def test_property_is_changed_told_and_taken_back(
    ticket: Ticket, queue: Queue, team: Team, as_mara: Client, name: str
) -> None:
    before, after = _values(ticket, queue, team)[name]
    assert post(as_mara, ticket, f"set/{name}", **{name: after, "seen": before}).status_code == 302
    assert _current(ticket, name) == after
    assert _undo(as_mara, ticket).status_code == 302
    assert _current(ticket, name) == before


@pytest.mark.parametrize("name", ["priority", "queue", "category", "kind"])
def test_property_that_changed_meanwhile_is_refused_at_its_place(
    ticket: Ticket, queue: Queue, team: Team, as_mara: Client, name: str
) -> None:
    before, after = _values(ticket, queue, team)[name]
    response = post(as_mara, ticket, f"set/{name}", **{name: after, "seen": after + 1})
    assert response.status_code == 409
    panel = response.context["panels"][name]
    assert "eanwhile" in panel.problems[0]
    assert int(panel.form.choice.value()) == before
    assert _current(ticket, name) == before


@pytest.mark.parametrize("value", ["", "99999", "nonsense"])
def test_property_that_is_not_on_the_list_is_refused(ticket: Ticket, as_mara: Client, value: str) -> None:
    response = post(as_mara, ticket, "set/priority", priority=value, seen=ticket.priority)
    assert response.status_code == 422
    assert "Choose one from the list" in text_of(response)


def test_same_value_again_is_no_change_and_nothing_to_take_back(ticket: Ticket, as_mara: Client) -> None:
    ticket.refresh_from_db()
    post(as_mara, ticket, "set/priority", priority=ticket.priority, seen=ticket.priority)
    before = ticket.version
    ticket.refresh_from_db()
    assert ticket.version == before
    assert as_mara.get(url(ticket)).context["tellings"] == []


def test_ticket_that_goes_out_of_sight_leads_to_the_list(ticket: Ticket, queue: Queue, as_mara: Client) -> None:
    away = QueueFactory.create(name="Elsewhere")
    response = post(as_mara, ticket, "set/queue", queue=away.pk, seen=queue.pk)
    assert response["Location"] == "/admin/tickets/"
    assert "Elsewhere" in text_of(as_mara.get(response["Location"]))


def test_ticket_that_falls_out_of_somebodys_hands_says_so(
    ticket: Ticket, queue: Queue, mara: User, client: Client
) -> None:
    both = TeamFactory.create()
    boss = make_agent(both, name="Grace Hopper")
    queue.teams.add(both)
    away = QueueFactory.create(name="Billing", teams=[both])
    assignment.assign(ticket=ticket, to=mara, seen_assignee_id=None, by=actor(mara), now=NOW)
    client.force_login(boss)
    post(client, ticket, "set/queue", queue=away.pk, seen=queue.pk)
    page = client.get(url(ticket))
    assert "Billing. Nobody has the ticket now." in page.context["tellings"][0].words
    ticket.refresh_from_db()
    assert ticket.assignee is None


def test_solved_ticket_keeps_its_queue_and_priority(ticket: Ticket, mara: User, as_mara: Client) -> None:
    status.make_move(
        ticket=ticket, move=MoveName.RESOLVE, text="Done.", resolution_kind="fixed", by=actor(mara), now=NOW
    )
    offered = actions_on(as_mara.get(url(ticket)), ticket)
    assert {"set/category", "set/kind", "tags"} <= offered
    assert not {"set/priority", "set/queue"} & offered
    assert post(as_mara, ticket, "set/priority", priority=1, seen=ticket.priority).status_code == 409


def test_tags_are_put_on_and_taken_off_and_both_can_be_taken_back(ticket: Ticket, as_mara: Client) -> None:
    post(as_mara, ticket, "tags", tags="printer")
    assert [tag.name for tag in ticket.tags.all()] == ["printer"]
    post(as_mara, ticket, "tags", remove="printer")
    assert not ticket.tags.exists()
    _undo(as_mara, ticket)
    assert [tag.name for tag in ticket.tags.all()] == ["printer"]


def test_tag_without_a_name_is_refused_at_its_field(ticket: Ticket, as_mara: Client) -> None:
    response = post(as_mara, ticket, "tags", tags=" ")
    assert response.status_code == 422
    assert "Write the name of the tag." in text_of(response)
    long = post(as_mara, ticket, "tags", tags="x" * 41)
    assert long.status_code == 422
    assert "a tag takes 40" in text_of(long)


def test_watchers_are_added_listed_and_removed(ticket: Ticket, as_mara: Client) -> None:
    post(as_mara, ticket, "watchers", email="noor@example.org")
    assert "noor@example.org" in text_of(as_mara.get(url(ticket)))
    who = watchers_of(ticket).get()
    post(as_mara, ticket, "watchers", remove=who.pk)
    assert not watchers_of(ticket).exists()


def test_one_follows_and_unfollows_oneself(ticket: Ticket, as_mara: Client, mara: User) -> None:
    post(as_mara, ticket, "watchers", follow="1")
    assert list(watchers_of(ticket)) == [mara]
    page = text_of(as_mara.get(url(ticket)))
    assert "Unfollow" in page
    post(as_mara, ticket, "watchers", unfollow="1")
    assert not watchers_of(ticket).exists()


def test_wrong_address_is_refused_and_kept(ticket: Ticket, as_mara: Client) -> None:
    response = post(as_mara, ticket, "watchers", email="nobody")
    assert response.status_code == 422
    assert "Write an address like name@example.org." in text_of(response)
    assert 'value="nobody"' in response.content.decode()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.QUALITY_LEAD])
def test_readers_see_values_and_no_forms(
    ticket: Ticket, mara: User, client_of: Callable[[User], Client], role: Role
) -> None:
    properties.retag(ticket=ticket, add=["printer"], by=actor(mara), now=NOW)
    watching.watch(ticket=ticket, by=actor(mara), now=NOW)
    client = client_of(UserFactory.create(role=role))
    response = client.get(url(ticket))
    page = text_of(response)
    for words in ("P3 medium", "printer", "Mara Silva", "Support"):
        assert words in page
    assert actions_on(response, ticket) <= {"note", "time"}
    for action, data in (
        ("set/priority", {"priority": 1}),
        ("set/queue", {}),
        ("tags", {"tags": "x"}),
        ("watchers", {"email": "noor@example.org"}),
    ):
        assert post(client, ticket, action, **data).status_code == 403, action


def test_unknown_property_has_no_address(ticket: Ticket, as_mara: Client) -> None:
    assert post(as_mara, ticket, "set/status", status="closed").status_code == 404


def test_panel_costs_the_same_for_one_and_three(ticket: Ticket, mara: User, queue: Queue, as_mara: Client) -> None:
    def more(number: int) -> None:
        properties.retag(ticket=ticket, add=[f"tag {number}"], by=actor(mara), now=NOW)
        watching.add_watcher(ticket=ticket, email=f"w{number}@example.org", by=actor(mara), now=NOW)
        CategoryFactory.create(queue=queue)
        Kind.objects.create(code=f"k{number}", name=f"Kind {number}")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert as_mara.get(url(ticket)).status_code == 200
        return len(queries)

    more(1)
    cost()
    one = cost()
    more(2)
    more(3)
    assert cost() == one
