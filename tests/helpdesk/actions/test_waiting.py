"""Who waits for whom, as the columns of a ticket keep it for the lists."""

from datetime import timedelta

import pytest

from helpdesk.actions import assignment, conversation, status
from helpdesk.choices import Channel, MoveName, ResolutionKind
from helpdesk.models import Team, Ticket, User
from tests.factories import NOW, QueueFactory, TeamFactory, UserFactory, actor, make_agent, make_ticket

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def team() -> Team:
    return TeamFactory.create()


@pytest.fixture
def mara(team: Team) -> User:
    return make_agent(team)


@pytest.fixture
def ticket(team: Team) -> Ticket:
    return make_ticket(UserFactory.create(), QueueFactory.create(teams=[team]))


def test_report_waits_for_its_answer(ticket: Ticket, mara: User) -> None:
    assert (ticket.unanswered_since, ticket.first_answer_at, ticket.public_at) == (NOW, None, NOW)
    done = conversation.reply(ticket=ticket, body="We look.", by=actor(mara, Channel.DESK), now=NOW + HOUR)
    assert (done.unanswered_since, done.first_answer_at, done.public_at) == (None, NOW + HOUR, NOW + HOUR)


def test_ticket_waits_since_the_first_unanswered_word(ticket: Ticket, mara: User) -> None:
    conversation.reply(ticket=ticket, body="We look.", by=actor(mara, Channel.DESK), now=NOW)
    for hours in (1, 2):
        conversation.reply(ticket=ticket, body="And?", by=actor(ticket.requester), now=NOW + hours * HOUR)
    ticket.refresh_from_db()
    assert (ticket.unanswered_since, ticket.first_answer_at) == (NOW + HOUR, NOW)


def test_note_is_no_answer_and_no_news(ticket: Ticket, mara: User) -> None:
    done = conversation.add_note(ticket=ticket, body="Hm.", by=actor(mara, Channel.DESK), now=NOW + HOUR)
    assert (done.unanswered_since, done.first_answer_at, done.public_at) == (NOW, None, NOW)
    taken = assignment.assign(ticket=done, to=None, seen_assignee_id=None, by=actor(mara), now=NOW + HOUR)
    assert taken.public_at == NOW


def test_report_taken_down_by_an_agent_waits_all_the_same(ticket: Ticket, mara: User) -> None:
    taken_down = make_ticket(mara, ticket.queue, on_behalf_of=ticket.requester)
    assert (taken_down.unanswered_since, taken_down.first_answer_at) == (NOW, None)


def test_change_of_status_is_news(ticket: Ticket, mara: User) -> None:
    by = actor(mara, Channel.DESK)
    done = status.make_move(ticket=ticket, move=MoveName.START, by=by, now=NOW + HOUR)
    assert (done.public_at, done.unanswered_since) == (NOW + HOUR, NOW)
    done = status.make_move(
        ticket=done,
        move=MoveName.RESOLVE,
        by=by,
        now=NOW + 2 * HOUR,
        text="Done.",
        resolution_kind=ResolutionKind.FIXED,
    )
    assert (done.public_at, done.unanswered_since) == (NOW + 2 * HOUR, None)
