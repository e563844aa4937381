"""By when we answer, as requesters read it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from helpdesk.actions import conversation, status
from helpdesk.choices import MoveName
from helpdesk.models import Queue, Ticket, User
from tests.factories import NOW, actor, make_ticket
from tests.helpdesk.views.portal.conftest import text_of
from tests.promises import HOUR, make_policy, promise_all

MINUTE = timedelta(minutes=1)


@pytest.fixture
def asked(ada: User, queue: Queue) -> Ticket:
    """Filed under a promise to answer within an hour."""
    ada.time_zone = "Asia/Tokyo"
    ada.save()
    promise_all(make_policy())
    return make_ticket(ada, queue)


def read(client: Client, path: str, at: datetime) -> str:
    with time_machine.travel(at, tick=False):
        return text_of(client.get(path))


@pytest.mark.parametrize("path", ["/", "/tickets/", "/tickets/{}/", "/tickets/{}/received/"])
def test_requester_reads_by_when_we_answer_in_their_zone(asked: Ticket, as_ada: Client, path: str) -> None:
    where = path.format(asked.ref)
    assert "We answer by 19:00" in read(as_ada, where, NOW + 5 * MINUTE)
    late = read(as_ada, where, NOW + 3 * HOUR)
    assert "We answer by" not in late
    assert "We are late with our answer, and sorry for it." in late


def test_promise_is_gone_once_we_answered_or_wait(asked: Ticket, as_ada: Client, mara: User) -> None:
    where = f"/tickets/{asked.ref}/"
    by = actor(mara)
    conversation.reply(ticket=asked, body="We look.", by=by, now=NOW + 5 * MINUTE)
    assert "We answer by" not in read(as_ada, where, NOW + 6 * MINUTE)
    conversation.reply(ticket=asked, body="And?", by=actor(asked.requester), now=NOW + 10 * MINUTE)
    assert "We answer by 20:10" in read(as_ada, where, NOW + 12 * MINUTE)
    status.make_move(ticket=asked, move=MoveName.ASK, text="Which?", by=by, now=NOW + 20 * MINUTE)
    page = read(as_ada, where, NOW + 21 * MINUTE)
    assert "We answer by" not in page
    assert "late" not in page


@pytest.mark.parametrize("path", ["/", "/tickets/"])
def test_promises_cost_one_query_for_one_and_three(
    asked: Ticket, ada: User, queue: Queue, as_ada: Client, queries_of: Callable[[Client, str], int], path: str
) -> None:
    one = queries_of(as_ada, path)
    make_ticket(ada, queue)
    make_ticket(ada, queue)
    assert queries_of(as_ada, path) == one
