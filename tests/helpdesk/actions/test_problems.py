"""Problems: opened, described, published, and the tickets that are gathered under them."""

import pytest

from helpdesk.actions import problems
from helpdesk.actions._once import Submission
from helpdesk.choices import ProblemState
from helpdesk.errors import Code, DomainError
from helpdesk.models import AuditEvent, Problem
from helpdesk.selectors import conversation, notices
from helpdesk.selectors import problems as read
from helpdesk.views.desk import words
from tests.factories import NOW, CategoryFactory, UserFactory, actor, make_agent, make_ticket
from tests.helpdesk.actions.desk import LATER, Desk, d

__all__ = ["d"]
pytestmark = pytest.mark.django_db


def make_problem(d: Desk, **values: object) -> Problem:
    return problems.open_problem(**{"title": "Exports time out", "by": d.desk(), "now": NOW, **values})


def test_problem_is_opened_with_its_first_ticket_once_for_each_sending(d: Desk) -> None:
    once = Submission.of("key", {"title": "x"})
    one, again = (make_problem(d, ticket=d.ticket, submission=once) for _click in range(2))
    assert one == again
    assert one.ref.startswith("PRB-")
    assert one.owner == d.agents[0]
    assert d.now().problem == one
    assert d.record().count("problem_changed") == 1
    told = [words.line(entry) for entry in conversation.timeline(d.desk(), d.ticket)]
    assert told[-1] == f"Agent 1 gathered this ticket under the problem {one.ref}"


def test_ticket_moves_between_problems_and_out_of_them(d: Desk) -> None:
    one, two = make_problem(d), make_problem(d, title="Disk is full")
    for to in (one, two, None):
        problems.set_problem(ticket=d.ticket, to=to, by=d.desk(), now=LATER)
    told = [words.line(entry) for entry in conversation.timeline(d.desk(), d.ticket)][1:]
    assert told == [
        f"Agent 1 gathered this ticket under the problem {one.ref}",
        f"Agent 1 moved this ticket from the problem {one.ref} to {two.ref}",
        f"Agent 1 took this ticket out of the problem {two.ref}",
    ]


def test_who_saw_another_problem_is_told(d: Desk) -> None:
    one, two = make_problem(d), make_problem(d)
    problems.set_problem(ticket=d.ticket, to=one, by=d.desk(), now=LATER, seen=0)
    with pytest.raises(DomainError) as refusal:
        problems.set_problem(ticket=d.ticket, to=two, by=d.desk(2), now=LATER, seen=0)
    assert refusal.value.code is Code.STALE
    assert one.ref in str(refusal.value)


def test_closed_problem_gathers_nothing(d: Desk) -> None:
    problem = make_problem(d)
    problem = problems.change_problem(
        problem=problem, changes={"state": ProblemState.CLOSED}, by=d.desk(), now=LATER, seen_version=0
    )
    with pytest.raises(DomainError):
        problems.set_problem(ticket=d.ticket, to=problem, by=d.desk(), now=LATER)


def test_state_wants_its_words(d: Desk) -> None:
    problem = make_problem(d)
    for state, field in ((ProblemState.KNOWN, "workaround"), (ProblemState.FIXED, "fix")):
        with pytest.raises(DomainError) as refusal:
            problems.change_problem(problem=problem, changes={"state": state}, by=d.desk(), now=LATER)
        assert refusal.value.field == field
    changes = {"state": ProblemState.KNOWN, "workaround": "Half a month at a time."}
    assert problems.change_problem(problem=problem, changes=changes, by=d.desk(), now=LATER).state == "known"
    record = AuditEvent.objects.filter(kind="problem_changed").get()
    assert record.data["values"] == {"state": ["open", "known"]}
    assert "Half a month" not in str(record.data), "words can be erased, the record cannot"


def test_second_of_two_who_change_it_is_told(d: Desk) -> None:
    problem = make_problem(d)
    problems.change_problem(problem=problem, changes={"cause": "Joins."}, by=d.desk(), now=LATER, seen_version=0)
    with pytest.raises(DomainError) as refusal:
        problems.change_problem(problem=problem, changes={"cause": "Disk."}, by=d.desk(2), now=LATER, seen_version=0)
    assert refusal.value.code is Code.STALE


def test_known_issue_is_published_by_who_leads_until_it_is_fixed(d: Desk) -> None:
    problem, lead = make_problem(d, workaround="Wait."), actor(make_agent(role="manager"))
    german = {"de": {"public_title": "Export bricht ab", "public_words": ""}}
    how = {"problem": problem, "title": "Exports stop", "words": "Take half a month.", "translations": german}
    with pytest.raises(DomainError) as refusal:
        problems.publish(by=d.desk(), now=LATER, **how)
    assert refusal.value.code is Code.FORBIDDEN
    shown = problems.publish(by=lead, now=LATER, **how)
    assert shown.published_at == LATER
    assert shown.translations == {"de": {"public_title": "Export bricht ab"}}
    changes = {"state": ProblemState.FIXED, "fix": "9.5.1"}
    fixed = problems.change_problem(problem=problem, changes=changes, by=d.desk(), now=LATER)
    assert fixed.published_at is None
    with pytest.raises(DomainError):
        problems.publish(by=lead, now=LATER, **how)
    kinds = list(AuditEvent.objects.filter(subject_type="problem").order_by("pk").values_list("kind", flat=True))
    assert kinds == ["problem_opened", "problem_published", "problem_changed", "problem_withdrawn"]


@pytest.mark.parametrize(("title", "text", "field"), [("", "x", "public_title"), ("x", " ", "public_words")])
def test_known_issue_says_what_and_what_to_do(d: Desk, title: str, text: str, field: str) -> None:
    lead = actor(make_agent(role="manager"))
    with pytest.raises(DomainError) as refusal:
        problems.publish(problem=make_problem(d), title=title, words=text, translations={}, by=lead, now=LATER)
    assert refusal.value.field == field


def test_requesters_and_readers_change_no_problem(d: Desk) -> None:
    problem = make_problem(d)
    for who in (d.me(), actor(UserFactory.create(role="auditor")), actor(UserFactory.create(role="quality_lead"))):
        with pytest.raises(DomainError) as refusal:
            problems.change_problem(problem=problem, changes={"title": "x"}, by=who, now=LATER)
        assert refusal.value.code is Code.FORBIDDEN
        with pytest.raises(DomainError):
            problems.open_problem(title="x", by=who, now=LATER)
        with pytest.raises(DomainError):
            problems.set_problem(ticket=d.ticket, to=problem, by=who, now=LATER)


def test_problem_of_a_private_matter_is_private_too(d: Desk) -> None:
    secret = CategoryFactory.create(queue=d.queue)
    secret.restricted_to.set([d.teams[0]])
    hidden = make_ticket(d.requester, d.queue, category=secret)
    problem = make_problem(d, category=secret, ticket=hidden, title="Who opened the safe")
    assert set(read.visible_to(d.desk())) == {problem}
    for who in (d.desk(2), actor(make_agent(role="manager")), d.me()):
        assert not read.visible_to(who).exists()
        with pytest.raises(DomainError):
            problems.change_problem(problem=problem, changes={"title": "x"}, by=who, now=LATER)
    with pytest.raises(DomainError) as refusal:
        problems.set_problem(ticket=d.ticket, to=problem, by=d.desk(), now=LATER)
    assert "is private to its category" in str(refusal.value)
    d.agents[0].role = "manager"
    d.agents[0].save()
    with pytest.raises(DomainError) as refusal:
        problems.publish(problem=problem, title="x", words="y", translations={}, by=d.desk(), now=LATER)
    assert "private category" in str(refusal.value)


def test_private_ticket_under_an_open_problem_is_counted_alone(d: Desk) -> None:
    secret = CategoryFactory.create(queue=d.queue)
    secret.restricted_to.set([d.teams[0]])
    hidden = make_ticket(d.requester, d.queue, category=secret)
    problem = make_problem(d, ticket=hidden)
    assert read.size(d.desk(), problem) == read.Size(1, 1, 0)
    assert read.size(d.desk(2), problem) == read.Size(1, 1, 1)
    assert not read.visible_tickets_of(d.desk(2), problem).exists()
    reached = notices.audience(d.desk(2), problem, with_solved=True)
    assert (reached.count, reached.barred) == (0, 1)
