"""What the portal tells of known issues, and what it asks where impact and urgency count."""

import pytest
from django.test import Client

from helpdesk import presets
from helpdesk.actions import problems
from helpdesk.actors import SYSTEM
from helpdesk.choices import PrioritySource
from helpdesk.models import Problem, Ticket, TicketEvent
from tests.factories import NOW, CategoryFactory, QueueFactory, TierFactory, UserFactory, actor, make_agent

pytestmark = pytest.mark.django_db


def publish() -> Problem:
    boss = actor(make_agent(role="manager"))
    problem = problems.open_problem(title="Inner title", cause="Secret cause", by=boss, now=NOW)
    german = {"de": {"public_title": "Große Exporte brechen ab", "public_words": "Halbe Monate."}}
    return problems.publish(
        problem=problem, title="Large exports stop", words="Take *half* a month.", translations=german, by=boss, now=NOW
    )


def client_of(language: str = "en") -> Client:
    client = Client()
    client.force_login(UserFactory.create(language=language))
    return client


def test_known_issue_stands_at_home_and_where_one_asks_in_the_readers_language() -> None:
    problem, topic = publish(), CategoryFactory.create()
    TierFactory.create(level=1)
    for where in ("/", f"/tickets/new/{topic.code}/"):
        page = client_of().get(where, follow=True).content.decode()
        assert "Large exports stop" in page
        assert "<em>half</em>" in page
        for secret in ("Inner title", "Secret cause", problem.ref):
            assert secret not in page
        german = client_of("de").get(where, follow=True).content.decode()
        assert "Große Exporte brechen ab" in german
        assert "Halbe Monate." in german
    boss = actor(make_agent(role="manager"))
    problems.withdraw(problem=problem, by=boss, now=NOW)
    assert "Large exports stop" not in client_of().get("/").content.decode()
    assert "Large exports stop" not in Client().get("/").content.decode()


def test_requester_tells_impact_and_urgency_in_plain_words_where_the_queue_asks() -> None:
    presets.load(by=SYSTEM, now=NOW)
    queue = QueueFactory.create(priority_source=PrioritySource.WEIGHED, asks_impact=True)
    topic, client = CategoryFactory.create(queue=queue), client_of()
    where = f"/tickets/new/{topic.code}/"
    assert "How many people does this stop?" in client.get(where).content.decode()
    refused = client.post(where, {"subject": "Down", "text": "All of it", "impact": "1"})
    assert refused.status_code == 422
    assert not Ticket.objects.exists()
    client.post(where, {"subject": "Down", "text": "All of it", "impact": "1", "urgency": "1"})
    ticket = Ticket.objects.get()
    assert ticket.priority == 1
    kinds = list(TicketEvent.objects.filter(ticket=ticket).order_by("seq").values_list("kind", flat=True))
    assert kinds == ["ticket_created", "priority_weighed"]
    assert ticket.version == 2


def test_nobody_raises_a_priority_that_the_queue_does_not_ask_for() -> None:
    presets.load(by=SYSTEM, now=NOW)
    topic, client = CategoryFactory.create(), client_of()
    where = f"/tickets/new/{topic.code}/"
    assert "How many people does this stop?" not in client.get(where).content.decode()
    client.post(where, {"subject": "Down", "text": "All of it", "impact": "1", "urgency": "1"})
    assert Ticket.objects.get().priority == 3


def test_known_issue_is_named_while_the_subject_is_typed_by_its_public_words_alone() -> None:
    publish()
    boss = actor(make_agent(role="manager"))
    hidden = problems.open_problem(title="Large exports stop at midnight", workaround="Wait", by=boss, now=NOW)
    client, german = client_of(), client_of("de")

    def issues(asking: Client, subject: str) -> list[dict[str, str]]:
        found: list[dict[str, str]] = asking.get("/tickets/alike/", {"subject": subject}).json()["issues"]
        return found

    [issue] = issues(client, "my large export stops again")
    assert issue == {"title": "Large exports stop", "words": "<p>Take <em>half</em> a month.</p>\n"}
    assert [one["title"] for one in issues(german, "Exporte brechen ab")] == ["Große Exporte brechen ab"]
    # Who guesses at the desk's own words learns nothing by what is found.
    for guess in ("Inner title", "Secret cause", hidden.title + " midnight", "midnight", "exp", "\0\0\0\0"):
        assert {one["title"] for one in issues(client, guess)} <= {"Large exports stop"}
    assert issues(client, "Inner title") == issues(client, "Secret cause") == issues(client, "The printer burns") == []
