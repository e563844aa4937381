"""What rows of lists show beside the tickets themselves."""

import pytest

from helpdesk.actions import conversation
from helpdesk.choices import Channel
from helpdesk.models import Ticket
from helpdesk.selectors import tickets
from tests.factories import NOW, QueueFactory, TeamFactory, actor, make_agent, make_ticket


@pytest.mark.django_db
def test_last_words_are_those_that_the_reader_may_see() -> None:
    team = TeamFactory.create()
    ticket = make_ticket(queue=QueueFactory.create(teams=[team]))
    conversation.add_note(ticket=ticket, body="Secret.", by=actor(make_agent(team), Channel.DESK), now=NOW)
    rows = Ticket.objects.all()
    assert tickets.with_last_words(rows, with_notes=True).get().last_words == "Secret."
    assert tickets.with_last_words(rows, with_notes=False).get().last_words == "It smokes since nine."


@pytest.mark.django_db
def test_last_words_are_no_more_than_a_row_shows() -> None:
    make_ticket(body="long " * 10_000)
    assert len(tickets.with_last_words(Ticket.objects.all(), with_notes=False).get().last_words) == 400
