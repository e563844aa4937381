"""What a draft does to many clocks: a worker counts it in parts, and comes to the same as who counts at once."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from django.test import Client

from helpdesk.actions import calendars, policies, previews
from helpdesk.actions.calendars import Hours
from helpdesk.choices import Role
from helpdesk.models import Calendar, PolicyVersion, SLAPolicy, User
from helpdesk.selectors import calendars as of_calendars
from helpdesk.selectors import policies as of_policies
from helpdesk.selectors import previews as counting
from tests.factories import NOW, CategoryFactory, QueueFactory, TeamFactory, UserFactory, actor, make_ticket
from tests.helpdesk.views.desk.pages import text_of
from tests.promises import ALWAYS, HOUR, make_policy, plain_rules, promise_all, targets
from tests.together import together

pytestmark = pytest.mark.django_db
QUICK = plain_rules(targets=targets(first_response=0.25))
LATER = NOW + HOUR / 2


@pytest.fixture
def ada() -> User:
    return UserFactory.create(role=Role.ADMINISTRATOR)


@pytest.fixture
def policy(monkeypatch: pytest.MonkeyPatch) -> SLAPolicy:
    """One that five tickets go by, of which a request would count two clocks, and a worker two tickets at once."""
    policy = make_policy()
    promise_all(policy)
    queue = QueueFactory.create()
    private = CategoryFactory.create(queue=queue)
    private.restricted_to.add(TeamFactory.create())
    for number in range(5):
        make_ticket(queue=queue, priority=number % 4 + 1, category=private if number == 4 else None)
    monkeypatch.setattr(counting, "LOOKED_AT", 2)
    monkeypatch.setattr(counting, "BATCH", 2)
    return policy


def draft(policy: SLAPolicy, by: User, rules: Any = QUICK) -> PolicyVersion:
    base = policies.newest(policy)
    assert base
    terms = policies.Terms(base.calendar, rules)
    seen = policies.state_of(base)
    return policies.draft_rules(policy=policy, terms=terms, seen=seen, by=actor(by), now=LATER)


def whole(version: Any, selector: Any, by: User, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What one comes to who counts all of it at once."""
    monkeypatch.setattr(counting, "LOOKED_AT", 5_000)
    return counting.preview_of(selector.trial(version, LATER), actor(by), LATER)


def test_worker_counts_in_parts_what_is_too_much_to_wait_for(
    policy: SLAPolicy, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = draft(policy, ada)
    begun = of_policies.preview(written, actor(ada), LATER)
    assert (begun.is_busy, begun.open, begun.looked_at) == (True, 5, 0)
    rounds = 0
    while previews.count_due(now=LATER):
        rounds += 1
    assert rounds == 4
    written.refresh_from_db()
    done = of_policies.preview(written, actor(ada), LATER)
    at_once = whole(written, of_policies, ada, monkeypatch)
    assert (done.is_busy, done.counted_at, done.is_whole) == (False, LATER, True)
    same = ("open", "looked_at", "changed", "freed", "late_count", "hidden")
    assert [getattr(done, name) for name in same] == [getattr(at_once, name) for name in same] == [5, 5, 5, 5, 5, 1]
    assert {late.ticket for late in done.late} == {late.ticket for late in at_once.late}


def test_hours_are_counted_by_a_worker_too(policy: SLAPolicy, ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    calendar = Calendar.objects.get()
    shorter = Hours("UTC", {day: [("20:00", "21:00")] for day in ALWAYS}, {})
    seen = calendars.state_of(calendars.newest(calendar))
    written = calendars.draft_hours(calendar=calendar, hours=shorter, seen=seen, by=actor(ada), now=LATER)
    while previews.count_due(now=LATER):
        pass
    written.refresh_from_db()
    done, at_once = of_calendars.preview(written, actor(ada), LATER), whole(written, of_calendars, ada, monkeypatch)
    assert (done.changed, done.late_count) == (at_once.changed, at_once.late_count) == (5, 0)


def test_draft_that_is_written_anew_is_counted_anew_and_one_in_force_no_more(policy: SLAPolicy, ada: User) -> None:
    draft(policy, ada)
    previews.count_due(now=LATER)
    written = draft(policy, ada, replace(QUICK, warn_at=()))
    assert written.preview["looked_at"] == 0
    previews.count_due(now=LATER)
    seen = policies.state_of(written)
    force = partial(policies.put_into_force, policy=policy, seen=seen, valid_from=None, by=actor(ada), now=LATER)
    force()
    assert previews.count_due(now=LATER) == 0
    written.refresh_from_db()
    assert written.preview["looked_at"] == 2
    previews.ask_again(draft=written, by=actor(ada), now=LATER)
    assert PolicyVersion.objects.get(pk=written.pk).preview == written.preview


@pytest.mark.django_db(transaction=True)
def test_two_workers_count_each_ticket_once(policy: SLAPolicy, ada: User) -> None:
    written = draft(policy, ada)

    def work() -> None:
        while previews.count_due(now=LATER):
            pass

    together(work, work)
    work()
    written.refresh_from_db()
    assert (written.preview["looked_at"], written.preview["changed"]) == (5, 5)


def test_page_tells_how_far_it_is_and_counts_anew(policy: SLAPolicy, ada: User) -> None:
    draft(policy, ada)
    client, where = Client(), f"/admin/policies/{policy.pk}/preview/"
    client.force_login(ada)
    previews.count_due(now=LATER)
    assert "2 of 5 tickets have been looked at so far" in text_of(client.get(where))
    assert "data-progress" in client.get(where).content.decode()
    while previews.count_due(now=LATER):
        pass
    shown = client.get(where)
    assert "5 open tickets have clocks that go by it; those of 5 would change." in text_of(shown)
    assert "And 1 that you may not see." in text_of(shown)
    assert "data-progress" not in shown.content.decode()
    assert client.post(where, {"again": "1"})["Location"] == where
    assert "0 of 5 tickets have been looked at so far" in text_of(client.get(where))
