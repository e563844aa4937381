"""What is promised changes by versions that are looked at before they count."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from helpdesk.actions import calendars
from helpdesk.actions.policies import Terms, discard_draft, draft_rules, newest, put_into_force, state_of, take_back
from helpdesk.actions.recounts import recount_due
from helpdesk.choices import Metric, Role
from helpdesk.domain.sla_rules import Rules
from helpdesk.errors import Code, DomainError
from helpdesk.models import AuditEvent, Calendar, PolicyVersion, Recount, SLACycle, SLAPolicy
from helpdesk.selectors.policies import preview
from tests.factories import NOW, UserFactory, actor, make_ticket
from tests.promises import HOUR, OFFICE, make_calendar, make_policy, plain_rules, promise_all, targets
from tests.together import together

pytestmark = pytest.mark.django_db
QUICK = plain_rules(targets=targets(first_response=0.5))


@pytest.fixture
def by() -> Any:
    return actor(UserFactory.create(role=Role.ADMINISTRATOR))


def draft(policy: SLAPolicy, rules: Rules, by: Any, **given: Any) -> PolicyVersion:
    calendar = given.pop("calendar", None) or Calendar.objects.earliest("pk")
    given = {"seen": state_of(newest(policy)), "now": NOW, **given}
    return draft_rules(policy=policy, terms=Terms(calendar, rules), by=by, **given)


def force(policy: SLAPolicy, by: Any, **given: Any) -> PolicyVersion:
    given = {"valid_from": None, "seen": state_of(newest(policy)), "now": NOW, **given}
    return put_into_force(policy=policy, by=by, **given)


def test_draft_counts_nothing_until_it_is_put_into_force(by: Any) -> None:
    policy = make_policy()
    promise_all(policy)
    clock = make_ticket().cycles.get(metric=Metric.FIRST_RESPONSE)
    written = draft(policy, QUICK, by)
    assert recount_due(now=NOW) == 0
    assert SLACycle.objects.get(pk=clock.pk).due_at == NOW + HOUR
    force(policy, by)
    while recount_due(now=NOW):
        pass
    moved = SLACycle.objects.get(pk=clock.pk)
    assert (moved.due_at, moved.policy_version_id) == (NOW + HOUR / 2, written.pk)
    kinds = AuditEvent.objects.filter(subject_type="slapolicy").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["policy_drafted", "policy_in_force"]


def test_draft_is_written_over_and_thrown_away(by: Any) -> None:
    policy = make_policy()
    first, second = draft(policy, QUICK, by), draft(policy, plain_rules(warn_at=(50,)), by, now=NOW + HOUR)
    assert (first.pk, second.number, second.parsed().warn_at) == (second.pk, 2, (50,))
    discard_draft(policy=policy, seen=state_of(second), by=by, now=NOW)
    assert [version.number for version in policy.versions.all()] == [1]


def test_same_words_sent_twice_are_one_draft_and_those_of_another_are_not(by: Any) -> None:
    policy = make_policy()
    seen = state_of(newest(policy))
    written = draft(policy, QUICK, by, seen=seen)
    assert draft(policy, QUICK, by, seen=seen, now=NOW + HOUR).made_at == written.made_at
    other = actor(UserFactory.create(role=Role.ADMINISTRATOR))
    for rules, who in ((QUICK, other), (plain_rules(), by)):
        with pytest.raises(DomainError, match="Somebody else changed this policy") as refused:
            draft(policy, rules, who, seen=seen)
        assert refused.value.code == Code.STALE
    assert AuditEvent.objects.filter(kind="policy_drafted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_administrators_at_once_one_is_told(by: Any) -> None:
    policy, other = make_policy(), actor(UserFactory.create(role=Role.ADMINISTRATOR))
    seen = state_of(newest(policy))
    results = together(
        partial(draft, policy, QUICK, by, seen=seen), partial(draft, policy, plain_rules(warn_at=()), other, seen=seen)
    )
    refused = [result for result in results if isinstance(result, DomainError)]
    assert [refusal.code for refusal in refused] == [Code.STALE]
    results = together(*[partial(force, policy, by, seen=state_of(newest(policy)))] * 2)
    assert sum(isinstance(result, DomainError) for result in results) == 1
    assert Recount.objects.count() == 1


@pytest.mark.parametrize(
    ("rules", "field", "words"),
    [
        (Rules(), None, "promises nothing yet"),
        (plain_rules(targets=targets(resolution=0)), "resolution_1", "longer than nothing"),
        (plain_rules(updates={}, warn_at=(100,)), "warn_at", "1 to 99"),
    ],
)
def test_rules_that_promise_nothing_or_nonsense_are_refused(by: Any, rules: Rules, field: str, words: str) -> None:
    policy = make_policy()
    with pytest.raises(DomainError, match=words) as refused:
        draft(policy, rules, by)
    assert refused.value.field == field
    assert policy.versions.count() == 1


def test_calendar_without_hours_by_then_is_refused(by: Any) -> None:
    policy, empty = make_policy(), Calendar.objects.create(code="empty", name="Empty")
    with pytest.raises(DomainError, match="“Empty” has no hours in force") as refused:
        draft(policy, QUICK, by, calendar=empty)
    assert refused.value.field == "calendar"
    make_calendar(calendar=empty, since=NOW + 2 * HOUR)
    draft(policy, QUICK, by, calendar=empty)
    with pytest.raises(DomainError, match="“Empty” has no hours in force") as refused:
        force(policy, by)
    assert refused.value.field == "valid_from"
    assert force(policy, by, valid_from=NOW + 2 * HOUR).valid_from == NOW + 2 * HOUR


def test_nobody_else_may(by: Any) -> None:
    policy = make_policy()
    draft(policy, QUICK, by)
    for role in (Role.AGENT, Role.AUDITOR, Role.MANAGER):
        other = actor(UserFactory.create(role=role))
        for act in (partial(draft, policy, QUICK, other), partial(force, policy, other)):
            with pytest.raises(DomainError) as refused:
                act()
            assert refused.value.code == Code.FORBIDDEN


def test_preview_says_what_would_change_be_late_and_not_be_promised_any_more(by: Any) -> None:
    policy = make_policy()
    promise_all(policy)
    late, _fresh = make_ticket(priority=1), make_ticket(priority=4)
    quick = {Metric.FIRST_RESPONSE: {1: HOUR / 2, 4: HOUR}}
    found = preview(draft(policy, plain_rules(targets=quick), by), by, NOW + HOUR * 0.75)
    assert (found.open, found.looked_at, found.changed, found.freed) == (2, 2, 2, 2)
    assert [(one.ticket, one.metric, one.due_after) for one in found.late] == [(late, "First response", NOW + HOUR / 2)]
    assert preview(draft(policy, replace(plain_rules(), warn_at=(10,)), by), by, NOW).changed == 0
    office = draft(policy, plain_rules(), by, calendar=make_calendar(OFFICE))
    assert (preview(office, by, NOW).changed, preview(office, by, NOW).freed) == (0, 0)


def test_preview_takes_the_same_queries_for_one_ticket_and_for_three(by: Any, django_assert_num_queries: Any) -> None:
    policy = make_policy()
    promise_all(policy)
    make_ticket()
    written = draft(policy, QUICK, by)
    preview(written, by, NOW)
    with django_assert_num_queries(7):
        preview(written, by, NOW + timedelta(minutes=45))
    make_ticket(), make_ticket()
    with django_assert_num_queries(7):
        preview(written, by, NOW + timedelta(minutes=45))


LATER = NOW + 50 * 365 * 24 * HOUR


def test_planned_terms_are_taken_back_and_never_count(by: Any) -> None:
    policy = make_policy()
    promise_all(policy)
    clock = make_ticket().cycles.get(metric=Metric.FIRST_RESPONSE)
    draft(policy, QUICK, by)
    planned = force(policy, by, valid_from=LATER)
    kept = take_back(policy=policy, number=planned.number, by=by, now=NOW)
    assert (kept.valid_from, kept.planned_for, kept.taken_back_at, kept.is_draft) == (None, LATER, NOW, False)
    assert recount_due(now=LATER) == 0
    assert SLACycle.objects.get(pk=clock.pk).due_at == NOW + HOUR
    assert AuditEvent.objects.get(kind="policy_taken_back").data["valid_from"] == LATER.isoformat()
    with pytest.raises(DomainError, match="counts already, or was taken back") as refused:
        take_back(policy=policy, number=planned.number, by=by, now=NOW)
    assert refused.value.code == Code.ILLEGAL_MOVE
    # What is written then goes on from what is in force, under a number of its own.
    assert (newest(policy).number, draft(policy, QUICK, by).number) == (1, 3)


def test_what_counts_or_is_about_to_is_not_taken_back(by: Any) -> None:
    policy = make_policy()
    draft(policy, QUICK, by)
    force(policy, by, valid_from=NOW + HOUR)
    for number, now in ((1, NOW), (2, NOW + HOUR - timedelta(seconds=59)), (7, NOW)):
        with pytest.raises(DomainError, match="counts already"):
            take_back(policy=policy, number=number, by=by, now=now)
    agent = actor(UserFactory.create(role=Role.AGENT))
    with pytest.raises(DomainError) as refused:
        take_back(policy=policy, number=2, by=agent, now=NOW)
    assert refused.value.code == Code.FORBIDDEN


def test_hours_that_a_planned_policy_needs_are_taken_back_after_it(by: Any) -> None:
    calendar = make_calendar(since=LATER)
    policy = make_policy(calendar=calendar, since=LATER)
    with pytest.raises(DomainError, match="would have none"):
        calendars.take_back(calendar=calendar, number=1, by=by, now=NOW)
    take_back(policy=policy, number=1, by=by, now=NOW)
    assert calendars.take_back(calendar=calendar, number=1, by=by, now=NOW).planned_for == LATER
    assert AuditEvent.objects.filter(kind="calendar_taken_back").count() == 1
