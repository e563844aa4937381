"""What the desk's fields suggest, and to whom."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helpdesk.choices import Role
from helpdesk.forms.pick import PickField
from helpdesk.models import Organization, Queue, Tag, Team, Ticket, User
from helpdesk.selectors.suggestions import LIMIT
from tests.factories import (
    CategoryFactory,
    OrganizationFactory,
    QueueFactory,
    TeamFactory,
    UserFactory,
    actor,
    make_agent,
    make_ticket,
)

AsUser = Callable[[User], Client]


def suggested(client: Client, source: str, **query: str) -> list[str]:
    answer = client.get(f"/admin/suggest/{source}/", query)
    assert answer.status_code == 200
    return [option["label"] for option in answer.json()["options"]]


def test_people_are_found_by_name_and_address(queue: Queue, mara: User, team: Team, as_mara: Client) -> None:
    make_agent(team, name="Tom Weber", email="weber@example.org")
    assert suggested(as_mara, "assignee", q="tom") == ["Tom Weber"]
    assert suggested(as_mara, "assignee", q="weber@") == ["Tom Weber"]
    assert suggested(as_mara, "assignee") == ["Mara Silva", "Tom Weber"]


def test_nobody_is_suggested_who_works_elsewhere_or_not_at_all(
    team: Team, queue: Queue, ada: User, as_mara: Client
) -> None:
    elsewhere = TeamFactory.create()
    QueueFactory.create(teams=[elsewhere])
    make_agent(elsewhere, name="Tom elsewhere")
    make_agent(team, name="Tom gone", is_active=False)
    assert suggested(as_mara, "assignee", q="tom") == []
    assert suggested(as_mara, "assignee", q="ada") == []


def test_ticket_narrows_people_to_those_of_its_queue(ticket: Ticket, team: Team, client_of: AsUser, mara: User) -> None:
    other = TeamFactory.create()
    QueueFactory.create(teams=[other])
    make_agent(other, name="Tom elsewhere")
    manager = client_of(UserFactory.create(name="Grace", role=Role.MANAGER))
    assert suggested(manager, "assignee") == ["Grace", "Mara Silva", "Tom elsewhere"]
    assert suggested(manager, "assignee", ticket=ticket.ref) == ["Grace", "Mara Silva"]


def test_ticket_that_may_not_be_seen_suggests_nothing(ticket: Ticket, client_of: AsUser) -> None:
    stranger = client_of(make_agent(name="Otto"))
    assert stranger.get("/admin/suggest/assignee/", {"ticket": ticket.ref}).status_code == 404


def test_organisations_are_those_of_tickets_that_one_sees(ticket: Ticket, as_mara: Client, client_of: AsUser) -> None:
    seen, _unseen = OrganizationFactory.create(name="Acme"), OrganizationFactory.create(name="Acme secret")
    Ticket.objects.filter(pk=ticket.pk).update(organization=seen)
    assert suggested(as_mara, "organization", q="acme") == ["Acme"]
    auditor = client_of(UserFactory.create(role=Role.AUDITOR))
    assert suggested(auditor, "organization", q="acme") == ["Acme", "Acme secret"]


def test_teams_are_those_of_queues_that_one_sees(queue: Queue, as_mara: Client) -> None:
    QueueFactory.create(teams=[TeamFactory.create(name="Far away")])
    assert suggested(as_mara, "team") == ["First line"]


def test_suggestions_are_few_and_cost_the_same(as_mara: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            suggested(as_mara, "tag", q="tag")
        return len(queries)

    Tag.objects.create(name="tag")
    cost()
    one = cost()
    Tag.objects.bulk_create(Tag(name=f"tag {number}") for number in range(LIMIT + 5))
    assert cost() == one
    assert len(suggested(as_mara, "tag", q="tag")) == LIMIT
    Tag.objects.update(is_active=False)
    assert suggested(as_mara, "tag", q="tag") == []


def test_requesters_get_no_suggestions_and_unknown_ones_are_not_there(ada: User, client_of: AsUser) -> None:
    assert client_of(ada).get("/admin/suggest/tag/").status_code == 302
    assert client_of(make_agent()).get("/admin/suggest/nonsense/").status_code == 404


def picked(user: User, text: str, source: str = "assignee") -> object:
    field = PickField(source, required=False)
    field.ask(actor(user))
    return field.clean(text)


def test_typed_words_are_a_row_when_they_fit_one(queue: Queue, team: Team, mara: User) -> None:
    tom = make_agent(team, name="Tom Weber", email="tom@example.org")
    for text in (str(tom.pk), "tom weber", "TOM@example.org", "web", "  tom\u00a0 Weber "):
        assert picked(mara, text) == tom
    assert picked(mara, "") is None


def test_whole_name_wins_over_names_that_only_contain_it(mara: User) -> None:
    UserFactory.create(role=Role.ADMINISTRATOR)
    one = Organization.objects.create(name="Acme")
    Organization.objects.create(name="Acme North")
    assert picked(UserFactory.create(role=Role.MANAGER), "acme", "organization") == one


def test_typed_words_that_fit_several_or_none_get_a_sentence(queue: Queue, team: Team, mara: User) -> None:
    for number in range(4):
        make_agent(team, name="Tom", email=f"tom{number}@example.org")
    with pytest.raises(ValidationError, match=r"fits Tom \(tom0@example.org\), .* and others"):
        picked(mara, "tom")
    with pytest.raises(ValidationError, match="Nobody who works here is called “%_”"):
        picked(mara, "%_")
    with pytest.raises(ValidationError, match="Nobody who works here"):
        picked(mara, "9" * 40)


def test_private_ticket_carries_a_lock_where_it_is_suggested(
    ticket: Ticket, team: Team, queue: Queue, as_mara: Client
) -> None:
    secret = make_ticket(ticket.requester, queue, category=CategoryFactory.create(queue=queue, restricted_to=[team]))
    options = as_mara.get("/admin/suggest/ticket/").json()["options"]
    marked = {option["value"]: option.get("private") for option in options}
    assert marked == {secret.ref: "Private", ticket.ref: None}
    assert all(option["lock"].endswith("#lock") for option in options if "private" in option)
