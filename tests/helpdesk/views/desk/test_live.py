"""What a ticket's page asks for while somebody looks at it: what is new, and how a text will look."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helpdesk.actions import assignment, conversation, properties
from helpdesk.choices import Role
from helpdesk.domain.words import MAX_TEXT
from helpdesk.models import Team, Ticket, User
from tests.factories import NOW, UserFactory, actor, make_agent
from tests.helpdesk.views.desk.pages import text_of, url


@pytest.fixture
def nia(team: Team) -> User:
    return make_agent(team, name="Nia Fofana")


def _news(client: Client, ticket: Ticket, after: int, known: int = 0) -> tuple[int, str]:
    answer = client.get(url(ticket, "news"), {"after": after, "known": known})
    return answer.status_code, text_of(answer)


def test_nothing_new_costs_one_question(ticket: Ticket, as_mara: Client) -> None:
    ticket.refresh_from_db()
    address = f"{url(ticket, 'news')}?after={ticket.version}"
    as_mara.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert as_mara.get(address).status_code == 204
    about_the_ticket = [query for query in queries if "helpdesk_ticket" in query["sql"]]
    assert len(about_the_ticket) == 1


def test_words_of_others_come_before_changes(ticket: Ticket, as_mara: Client, ada: User, nia: User) -> None:
    ticket.refresh_from_db()
    before = ticket.version
    conversation.reply(ticket=ticket, body="It smokes again.", by=actor(ada), now=NOW)
    conversation.add_note(ticket=ticket, body="Between us.", by=actor(nia), now=NOW)
    properties.set_priority(ticket=ticket, to=1, by=actor(nia), now=NOW)
    status, said = _news(as_mara, ticket, before)
    assert status == 200
    for words in ("Ada Lovelace replied", "Nia Fofana wrote an internal note", "priority"):
        assert words in said
    assert said.index("replied") < said.index("priority")
    assert "Show" in said


def test_what_was_told_is_not_told_again(ticket: Ticket, as_mara: Client, ada: User) -> None:
    ticket.refresh_from_db()
    before = ticket.version
    conversation.reply(ticket=ticket, body="It smokes again.", by=actor(ada), now=NOW)
    answer = as_mara.get(url(ticket, "news"), {"after": before})
    assert _news(as_mara, ticket, before, int(answer["X-Ticket-Version"]))[0] == 204


def test_own_doing_in_another_window_is_one_line(ticket: Ticket, as_mara: Client, mara: User) -> None:
    ticket.refresh_from_db()
    before = ticket.version
    assignment.assign(ticket=ticket, to=mara, seen_assignee_id=None, by=actor(mara), now=NOW)
    assert "You changed this ticket in another window" in _news(as_mara, ticket, before)[1]


def test_nonsense_is_taken_for_the_beginning(ticket: Ticket, as_mara: Client) -> None:
    for nonsense in ("", "x", "-1", "9" * 30):
        assert as_mara.get(url(ticket, "news"), {"after": nonsense}).status_code in {200, 204}


def test_preview_shows_what_readers_will_see(ticket: Ticket, as_mara: Client) -> None:
    page = as_mara.post(url(ticket, "preview"), {"text": "**Hello** <script>alert(1)</script>"})
    assert "<strong>Hello</strong>" in page.content.decode()
    assert "<script>" not in page.content.decode()
    assert "Nothing is written yet." in text_of(as_mara.post(url(ticket, "preview"), {"text": " "}))


def test_preview_of_too_much_says_so(ticket: Ticket, as_mara: Client) -> None:
    answer = as_mara.post(url(ticket, "preview"), {"text": "x" * (MAX_TEXT + 1)})
    assert answer.status_code == 422
    assert "Attach the rest as a file." in text_of(answer)


def test_who_writes_nothing_previews_nothing(ticket: Ticket, client_of: Callable[[User], Client]) -> None:
    auditor = client_of(UserFactory.create(role=Role.AUDITOR))
    assert auditor.post(url(ticket, "preview"), {"text": "x"}).status_code == 403
