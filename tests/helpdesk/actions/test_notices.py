"""Telling all who asked about a problem: exactly once each, whoever dies, and nobody who should not be told."""

from functools import partial

import pytest

from helpdesk.actions import assignment, conversation, notices, problems
from helpdesk.actions._once import Submission
from helpdesk.actions.consumers import consume_due
from helpdesk.choices import NoticeRefusal, NoticeState, ResolutionKind, Role, Urgency
from helpdesk.errors import Code, DomainError
from helpdesk.models import Delivery, Message, NoticeRow, Problem, ProblemNotice, Ticket, TicketEvent, User
from helpdesk.selectors import notices as told
from tests.factories import NOW, QueueFactory, UserFactory, make_ticket
from tests.helpdesk.actions.desk import LATER, Desk, d
from tests.helpdesk.actions.test_deaths import kill_in_the_middle
from tests.together import together

__all__ = ["d"]
pytestmark = pytest.mark.django_db

TELLER = """
import django
django.setup()
import sys
from django.utils import timezone
from helpdesk.actions import notices
from helpdesk.models import NoticeRow

notices.tell_due(now=timezone.now(), limit=1)
real = notices._tell

def slow(row, now):
    real(row, now)
    print("in the middle", flush=True)
    sys.stdin.read()

notices._tell = slow
notices.tell_due(now=timezone.now(), limit=1)
"""


def make_problem(d: Desk, count: int = 3) -> tuple[Problem, list[Ticket]]:
    problem = problems.open_problem(title="Exports stop", by=d.desk(), now=NOW, ticket=d.ticket)
    others = [make_ticket(UserFactory.create(), d.queue) for _one in range(count - 1)]
    for ticket in others:
        problems.set_problem(ticket=ticket, to=problem, by=d.desk(), now=NOW)
    return problem, [d.ticket, *others]


def tell(d: Desk, problem: Problem, **values: object) -> ProblemNotice:
    return notices.tell_all(**{"problem": problem, "body": "It is mended.", "by": d.desk(), "now": LATER, **values})


def said(ticket: Ticket) -> list[str]:
    return list(Message.objects.filter(ticket=ticket, body="It is mended.").values_list("visibility", flat=True))


def states(notice: ProblemNotice) -> list[str]:
    return list(NoticeRow.objects.filter(notice=notice).order_by("pk").values_list("state", flat=True))


def test_everybody_is_told_once_by_a_worker_and_by_mail(d: Desk) -> None:
    problem, tickets = make_problem(d)
    notice = tell(d, problem, seen_count=3)
    assert [said(ticket) for ticket in tickets] == [[], [], []]
    assert notices.tell_due(now=LATER, limit=2) == 2
    assert (told.progress([notice])[notice.pk].ended, states(notice)[-1]) == (2, NoticeState.WAITING)
    assert notices.tell_due(now=LATER, limit=9) == 1
    assert notices.tell_due(now=LATER, limit=9) == 0
    assert [said(ticket) for ticket in tickets] == [["public"]] * 3
    assert states(notice) == [NoticeState.DONE] * 3
    assert {Ticket.objects.get(pk=ticket.pk).status for ticket in tickets} == {"open"}
    consume_due(now=LATER, limit=99)
    mails = Delivery.objects.filter(kind="reply_added")
    assert {mail.recipient_id for mail in mails} == {ticket.requester_id for ticket in tickets}
    assert {mail.urgency for mail in mails} == {Urgency.BULK}


def test_form_that_is_sent_twice_tells_once(d: Desk) -> None:
    problem, _tickets = make_problem(d)
    once = Submission.of("key", {"text": "x"})
    assert tell(d, problem, submission=once) == tell(d, problem, submission=once)
    assert ProblemNotice.objects.count() == 1


def test_all_are_resolved_with_the_fix(d: Desk) -> None:
    problem, tickets = make_problem(d)
    assignment.assign(ticket=tickets[0], to=d.agents[1], seen_assignee_id=None, by=d.desk(), now=NOW)
    notice = tell(d, problem, resolution_kind=ResolutionKind.FIXED)
    notices.tell_due(now=LATER, limit=9)
    assert {(t.status, t.resolution_kind) for t in Ticket.objects.all()} == {("resolved", "fixed")}
    event = TicketEvent.objects.filter(ticket=d.ticket, kind="resolved").get()
    assert (event.actor, event.data["notice_id"]) == (d.agents[0], notice.pk)
    consume_due(now=LATER, limit=99)
    mailed = set(Delivery.objects.filter(kind="resolved").values_list("recipient", flat=True))
    assert mailed == {ticket.requester_id for ticket in tickets}, "an assignee of many is not flooded"


def test_solved_ones_are_left_out_unless_they_are_meant_too(d: Desk) -> None:
    problem, tickets = make_problem(d)
    d.resolve()
    reached = told.audience(d.desk(), problem, with_solved=False)
    assert (reached.count, reached.people, reached.solved, reached.barred) == (2, 2, 1, 0)
    tell(d, problem, with_solved=True, seen_count=3)
    notices.tell_due(now=LATER, limit=9)
    assert said(tickets[0]) == ["public"]
    assert d.now().status == "resolved"


def test_tickets_that_the_writer_does_not_work_are_counted_and_left_alone(d: Desk) -> None:
    problem, _tickets = make_problem(d)
    strange = make_ticket(None, QueueFactory.create())
    Ticket.objects.filter(pk=strange.pk).update(problem=problem)
    assert told.audience(d.desk(), problem, with_solved=False).barred == 1
    notice = tell(d, problem)
    notices.tell_due(now=LATER, limit=9)
    assert states(notice) == [NoticeState.DONE] * 3
    assert said(strange) == []


def test_what_changed_meanwhile_is_refused_row_by_row(d: Desk) -> None:
    problem, tickets = make_problem(d, 4)
    notice = tell(d, problem)
    d.resolve()
    problems.set_problem(ticket=tickets[1], to=None, by=d.desk(), now=LATER)
    Ticket.objects.filter(pk=tickets[2].pk).update(queue=QueueFactory.create())
    notices.tell_due(now=LATER, limit=9)
    rows = NoticeRow.objects.filter(notice=notice).order_by("pk")
    assert [row.refusal for row in rows] == [NoticeRefusal.SOLVED, NoticeRefusal.MOVED, NoticeRefusal.FORBIDDEN, ""]
    assert [said(ticket) for ticket in tickets] == [[], [], [], ["public"]]


def test_who_left_the_desk_meanwhile_writes_nothing(d: Desk) -> None:
    problem, tickets = make_problem(d)
    notice = tell(d, problem)
    User.objects.filter(pk=d.agents[0].pk).update(is_active=False)
    notices.tell_due(now=LATER, limit=9)
    assert states(notice) == [NoticeState.REFUSED] * 3
    assert not any(said(ticket) for ticket in tickets)


def test_row_that_breaks_waits_alone_and_is_given_up_at_last(d: Desk) -> None:
    problem, tickets = make_problem(d)
    notice = tell(d, problem)
    Ticket.objects.filter(pk=tickets[0].pk).update(version=0)  # Its next event collides with the first one.
    notices.tell_due(now=LATER, limit=3)
    assert states(notice) == [NoticeState.WAITING, NoticeState.DONE, NoticeState.DONE]
    NoticeRow.objects.update(not_before=LATER, attempts=notices.MOST_TRIES - 1)
    notices.tell_due(now=LATER, limit=3)
    assert states(notice)[0] == NoticeState.FAILED
    assert said(tickets[0]) == []


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"body": " \u200b"}, Code.MISSING),
        ({"body": "x" * 100_001}, Code.WRONG),
        ({"resolution_kind": "magic"}, Code.WRONG),
        ({"seen_count": 2}, Code.STALE),
    ],
)
def test_what_cannot_be_sent_is_refused(d: Desk, values: dict[str, object], code: Code) -> None:
    problem, _tickets = make_problem(d)
    with pytest.raises(DomainError) as refusal:
        tell(d, problem, **values)
    assert refusal.value.code is code
    assert not NoticeRow.objects.exists()


def test_nobody_tells_without_the_right_or_where_nobody_is_to_be_told(d: Desk) -> None:
    problem, _tickets = make_problem(d, 1)
    d.resolve()
    for by in (d.desk(), d.me()):
        with pytest.raises(DomainError):
            tell(d, problem, by=by)
    d.agents[0].role = Role.AUDITOR
    d.agents[0].save()
    with pytest.raises(DomainError):
        tell(d, problem, with_solved=True)


@pytest.mark.django_db(transaction=True)
def test_two_workers_tell_each_once(d: Desk) -> None:
    problem, tickets = make_problem(d, 8)
    tell(d, problem)
    done = together(*[partial(notices.tell_due, now=LATER, limit=99)] * 3)
    assert sum(done) == 8
    assert [said(ticket) for ticket in tickets] == [["public"]] * 8


@pytest.mark.django_db(transaction=True)
def test_worker_killed_in_the_middle_leaves_the_ticket_to_the_next(
    d: Desk, process_environment: dict[str, str]
) -> None:
    problem, tickets = make_problem(d)
    notice = tell(d, problem)
    kill_in_the_middle(TELLER, process_environment)
    assert [said(ticket) for ticket in tickets] == [["public"], [], []]
    assert states(notice) == [NoticeState.DONE, NoticeState.WAITING, NoticeState.WAITING]
    assert notices.tell_due(now=LATER, limit=9) == 2
    assert [said(ticket) for ticket in tickets] == [["public"]] * 3


@pytest.mark.django_db(transaction=True)
def test_a_ticket_that_somebody_answers_at_the_same_moment_gets_both(d: Desk) -> None:
    problem, tickets = make_problem(d)
    tell(d, problem)
    together(
        partial(notices.tell_due, now=LATER, limit=9),
        *(partial(conversation.reply, ticket=ticket, body="Me too", by=d.desk(2), now=LATER) for ticket in tickets),
    )
    for ticket in tickets:
        assert said(ticket) == ["public"]
        assert Message.objects.filter(ticket=ticket, body="Me too").count() == 1
