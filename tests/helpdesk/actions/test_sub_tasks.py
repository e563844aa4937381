"""What is to be done for a ticket: written down, done, dropped, and waited for before it is resolved."""

from datetime import date
from functools import partial

import pytest

from helpdesk.actions.consumers import consume_due
from helpdesk.actions.sub_tasks import (
    MAX_SUB_TASKS,
    Plan,
    add_sub_task,
    change_sub_task,
    drop_sub_task,
    finish_sub_task,
    reopen_sub_task,
)
from helpdesk.choices import MoveName
from helpdesk.errors import Code, DomainError
from helpdesk.models import Delivery, SubTask, TeamMembership, Ticket
from helpdesk.selectors.sub_tasks import sub_tasks_of, to_do
from tests.factories import TeamFactory, make_agent
from tests.helpdesk.actions.desk import LATER, Desk
from tests.together import together

pytestmark = pytest.mark.django_db


def add(d: Desk, title: str = "Order a new drum", **plan: object) -> SubTask:
    return add_sub_task(ticket=d.ticket, plan=Plan(title, **plan), by=d.desk(), now=LATER)  # type: ignore[arg-type]


def test_sub_task_is_added_done_and_reopened_on_record(d: Desk) -> None:
    task = add(d)
    finish_sub_task(task=task, by=d.desk(), now=LATER)
    finish_sub_task(task=task, by=d.desk(), now=LATER)
    reopen_sub_task(task=task, by=d.desk(), now=LATER)
    drop_sub_task(task=task, by=d.desk(), now=LATER)
    assert list(sub_tasks_of(d.ticket)) == []
    assert d.record()[1:] == ["sub_task_added", "sub_task_done", "sub_task_reopened", "sub_task_dropped"]


def test_same_thing_twice_is_one_sub_task(d: Desk) -> None:
    assert add(d) == add(d)
    assert d.record().count("sub_task_added") == 1


def test_what_holds_the_resolution_is_named_when_it_is_refused(d: Desk) -> None:
    add(d, "Not that important")
    task = add(d, "Test with the customer", holds_resolution=True)
    with pytest.raises(DomainError, match="“Test with the customer”") as refused:
        d.resolve()
    assert refused.value.code is Code.ILLEGAL_MOVE
    assert "Not that important" not in str(refused.value)
    finish_sub_task(task=task, by=d.desk(), now=LATER)
    assert d.resolve().is_solved


def test_many_that_hold_the_resolution_are_not_all_named(d: Desk) -> None:
    for number in range(5):
        add(d, f"Step {number}", holds_resolution=True)
    with pytest.raises(DomainError, match="“Step 0”, “Step 1”, “Step 2” and more"):
        d.resolve()


def test_what_is_dropped_holds_nothing(d: Desk) -> None:
    drop_sub_task(task=add(d, holds_resolution=True), by=d.desk(), now=LATER)
    assert d.resolve().is_solved


def test_solved_ticket_takes_nothing_more_to_do(d: Desk) -> None:
    task = add(d, holds_resolution=True)
    drop_sub_task(task=task, by=d.desk(), now=LATER)
    d.resolve()
    for again in (partial(add, d, "One more"), partial(reopen_sub_task, task=task, by=d.desk(), now=LATER)):
        with pytest.raises(DomainError, match="solved"):
            again()


def test_done_and_dropped_do_not_overrun_each_other(d: Desk) -> None:
    one, two = add(d, "One"), add(d, "Two")
    finish_sub_task(task=one, by=d.desk(), now=LATER)
    drop_sub_task(task=two, by=d.desk(), now=LATER)
    for act, task in ((drop_sub_task, one), (finish_sub_task, two)):
        with pytest.raises(DomainError, match="meanwhile") as refused:
            act(task=task, by=d.desk(), now=LATER)
        assert refused.value.code is Code.STALE


def test_plan_is_changed(d: Desk) -> None:
    task = add(d)
    plan = Plan("Order two", d.agents[1], date(2026, 4, 1), holds_resolution=True)
    changed = change_sub_task(task=task, plan=plan, by=d.desk(), now=LATER)
    assert Plan(changed.title, changed.assignee, changed.due_on, changed.holds_resolution) == plan
    change_sub_task(task=task, plan=plan, by=d.desk(), now=LATER)
    assert d.record().count("sub_task_changed") == 1


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        (Plan(" "), "title"),
        (Plan("x" * 201), "title"),
        (Plan("Late", due_on=date(9999, 1, 1)), "due_on"),
    ],
)
def test_plans_that_cannot_be_are_refused_at_their_field(d: Desk, plan: Plan, field: str) -> None:
    with pytest.raises(DomainError) as refused:
        add_sub_task(ticket=d.ticket, plan=plan, by=d.desk(), now=LATER)
    assert refused.value.field == field


def test_only_who_works_there_gets_one(d: Desk) -> None:
    for person in (d.requester, make_agent(TeamFactory.create())):
        with pytest.raises(DomainError, match="in no team of this queue"):
            add(d, assignee=person)


def test_only_who_works_there_touches_them(d: Desk) -> None:
    task = add(d)
    with pytest.raises(DomainError) as refused:
        finish_sub_task(task=task, by=d.me(), now=LATER)
    assert refused.value.code is Code.FORBIDDEN


def test_there_is_an_end_to_them(d: Desk) -> None:
    SubTask.objects.bulk_create(
        SubTask(ticket=d.ticket, title=f"Step {n}", created_at=LATER) for n in range(MAX_SUB_TASKS)
    )
    with pytest.raises(DomainError, match="50 sub-tasks already"):
        add(d)


def test_who_gets_one_is_told_by_mail_once(d: Desk) -> None:
    task = add(d, assignee=d.agents[1])
    change_sub_task(task=task, plan=Plan("Order it", d.agents[1]), by=d.desk(), now=LATER)
    change_sub_task(task=task, plan=Plan("Order it", d.agents[2]), by=d.desk(), now=LATER)
    add(d, "My own", assignee=d.agents[0])
    consume_due(now=LATER, limit=50)
    told = Delivery.objects.filter(kind__startswith="sub_task").order_by("pk")
    assert [delivery.recipient for delivery in told] == [d.agents[1], d.agents[2]]


def test_my_work_is_what_i_have_to_do_where_i_work_by_its_day(d: Desk) -> None:
    me = d.agents[0]
    someday, late, soon = (
        add(d, title, assignee=me, due_on=day)
        for title, day in (("a", None), ("b", date(2026, 5, 1)), ("c", date(2026, 4, 1)))
    )
    finish_sub_task(task=add(d, "done", assignee=me), by=d.desk(), now=LATER)
    add(d, "somebody's", assignee=d.agents[1])
    assert list(to_do(d.desk(), 5)) == [soon, late, someday]
    TeamMembership.objects.filter(user=me).update(is_active=False)
    assert list(to_do(d.desk(), 5)) == []


@pytest.mark.django_db(transaction=True)
def test_ticket_is_not_resolved_beside_a_new_sub_task() -> None:
    for _round in range(3):
        d = Desk()
        results = together(
            partial(d.move, MoveName.RESOLVE, d.desk(), "Done.", "fixed"), partial(add, d, holds_resolution=True)
        )
        assert len([result for result in results if isinstance(result, DomainError)]) == 1, results
        ticket = Ticket.objects.get(pk=d.ticket.pk)
        assert ticket.is_solved is not SubTask.objects.filter(ticket=ticket).exists()
