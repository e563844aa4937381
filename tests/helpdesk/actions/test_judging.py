"""Priorities that follow from impact and urgency, or from what was measured."""

from decimal import Decimal

import pytest

from helpdesk import presets
from helpdesk.actions import judging, properties
from helpdesk.actors import SYSTEM
from helpdesk.choices import Priority, PrioritySource
from helpdesk.errors import Code, DomainError
from helpdesk.models import Criterion, PriorityCell, TicketEvent
from helpdesk.selectors import conversation
from helpdesk.views.desk import words
from tests.factories import NOW
from tests.helpdesk.actions.desk import LATER, Desk, d

__all__ = ["d"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def figures(d: Desk) -> None:
    presets.load(by=SYSTEM, now=NOW)


def set_source(d: Desk, source: PrioritySource) -> None:
    d.queue.priority_source = source
    d.queue.save()


def test_weighing_sets_the_priority_of_its_cell_and_is_on_record(d: Desk) -> None:
    set_source(d, PrioritySource.WEIGHED)
    done = judging.weigh(ticket=d.ticket, impact=1, urgency=1, by=d.desk(), now=LATER)
    assert done.priority == Priority.P1
    weighed, changed = TicketEvent.objects.filter(ticket=d.ticket, kind__startswith="priority").order_by("seq")
    assert (weighed.kind, changed.kind, changed.cause_id) == ("priority_weighed", "priority_changed", weighed.pk)
    told = [words.line(entry) for entry in conversation.timeline(d.desk(), d.ticket)]
    assert "Agent 1 weighed: “Everybody”, “Work has stopped”. That is P1 critical." in told


def test_matrix_is_the_administrators(d: Desk) -> None:
    set_source(d, PrioritySource.WEIGHED)
    PriorityCell.objects.filter(impact=1, urgency=1).update(priority=4)
    assert judging.weigh(ticket=d.ticket, impact=1, urgency=1, by=d.desk(), now=LATER).priority == Priority.P4
    PriorityCell.objects.all().delete()
    assert judging.weigh(ticket=d.ticket, impact=1, urgency=1, by=d.desk(), now=LATER).priority == Priority.P3


def test_worst_measure_decides_and_what_was_measured_stays(d: Desk) -> None:
    set_source(d, PrioritySource.MEASURED)
    values = {"errors": "12,5 %", "complaints": "1", "alerts": ""}
    done = judging.measure(ticket=d.ticket, values=values, by=d.desk(), now=LATER)
    assert done.priority == Priority.P2
    event = TicketEvent.objects.get(ticket=d.ticket, kind="priority_measured")
    assert event.actor == d.agents[0]
    assert event.effective_at == LATER
    assert [(row["value"], row["bounds"], row["priority"]) for row in event.data["rows"]] == [
        ("12.5", [None, "10", "5"], 2),
        ("1", [None, "5", "2"], 4),
    ]
    told = [words.line(entry) for entry in conversation.timeline(d.desk(), d.ticket)]
    assert "Agent 1 measured: Error rate 12.5 % (P2); User complaints 1 (P4). The worst decides: P2 high." in told


def test_changed_bounds_change_no_old_ticket(d: Desk) -> None:
    set_source(d, PrioritySource.MEASURED)
    judging.measure(ticket=d.ticket, values={"errors": "12"}, by=d.desk(), now=LATER)
    before = TicketEvent.objects.get(ticket=d.ticket, kind="priority_measured").data
    Criterion.objects.filter(code="errors").update(high_above=Decimal(90), medium_from=Decimal(80))
    assert d.now().priority == Priority.P2
    assert TicketEvent.objects.get(ticket=d.ticket, kind="priority_measured").data == before
    assert judging.measure(ticket=d.ticket, values={"errors": "12"}, by=d.desk(), now=LATER).priority == Priority.P4


def test_a_case_is_critical_whatever_was_measured(d: Desk) -> None:
    set_source(d, PrioritySource.MEASURED)
    values = {"security": "on", "errors": "0"}
    assert judging.measure(ticket=d.ticket, values=values, by=d.desk(), now=LATER).priority == Priority.P1


@pytest.mark.parametrize(
    ("values", "field"),
    [({}, None), ({"errors": "much"}, "measure-errors"), ({"complaints": "-2"}, "measure-complaints")],
)
def test_measuring_nothing_or_no_number_is_refused(d: Desk, values: dict[str, str], field: str | None) -> None:
    set_source(d, PrioritySource.MEASURED)
    with pytest.raises(DomainError) as refusal:
        judging.measure(ticket=d.ticket, values=values, by=d.desk(), now=LATER)
    assert refusal.value.field == field
    assert "priority_measured" not in d.record()


def test_each_queue_has_its_one_way(d: Desk) -> None:
    how = {"ticket": d.ticket, "by": d.desk(), "now": LATER}
    with pytest.raises(DomainError):
        judging.weigh(impact=1, urgency=1, **how)
    for source in (PrioritySource.WEIGHED, PrioritySource.MEASURED):
        set_source(d, source)
        with pytest.raises(DomainError) as refusal:
            properties.set_priority(to=1, **how)
        assert refusal.value.field == "priority"
    with pytest.raises(DomainError):
        judging.weigh(impact=1, urgency=1, **how)


def test_who_decides_on_an_older_page_and_who_does_not_work_there_are_refused(d: Desk) -> None:
    set_source(d, PrioritySource.WEIGHED)
    with pytest.raises(DomainError) as refusal:
        judging.weigh(ticket=d.ticket, impact=1, urgency=1, by=d.desk(), now=LATER, seen=1)
    assert refusal.value.code is Code.STALE
    with pytest.raises(DomainError) as refusal:
        judging.weigh(ticket=d.ticket, impact=1, urgency=1, by=d.me(), now=LATER)
    assert refusal.value.code is Code.FORBIDDEN
    for impact, urgency, field in ((0, 1, "impact"), (1, 9, "urgency")):
        with pytest.raises(DomainError) as refusal:
            judging.weigh(ticket=d.ticket, impact=impact, urgency=urgency, by=d.desk(), now=LATER)
        assert refusal.value.field == field
