"""The pages of SLA policies: what one types, sees and puts into force."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from helpdesk.actions.policies import newest, state_of
from helpdesk.choices import Deed, Metric, Reached, Role, Status
from helpdesk.domain.sla_rules import Act, Rung
from helpdesk.models import PolicyVersion, SLAPolicy, StaffRole, User
from tests.factories import UserFactory, make_ticket
from tests.helpdesk.views.desk.pages import text_of
from tests.promises import make_calendar, make_policy, plain_rules, promise_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(UserFactory.create(role=Role.ADMINISTRATOR))
    return client


def typed(policy: SLAPolicy, **fields: Any) -> dict[str, Any]:
    version = newest(policy)
    calendar = version.calendar if version else make_calendar()
    return {"calendar": calendar.pk, "seen": state_of(version), "rungs": "0", **fields}


def edit(client: Client, policy: SLAPolicy, **fields: Any) -> Any:
    return client.post(f"/admin/policies/{policy.pk}/edit/", typed(policy, **fields))


def test_new_policy_goes_from_its_name_to_its_times_and_into_force(client: Client) -> None:
    answer = client.post("/admin/helpdesk/slapolicy/add/", {"name": "Gold", "code": "gold", "is_active": "on"})
    policy = SLAPolicy.objects.get()
    assert answer["Location"] == f"/admin/policies/{policy.pk}/edit/"
    assert "promises nothing yet" in text_of(client.get(f"/admin/policies/{policy.pk}/"))
    assert client.get(answer["Location"]).status_code == 200
    saved = edit(
        client, policy,
        first_response_1="30 min", first_response_4="1:30", resolution_1="4,5 Std.", active_1="30 min",
        warn_at="50, 80", warned=["assignee"], pauses_resolution=["pending", "on_hold"],
    )  # fmt: skip
    assert saved["Location"] == f"/admin/policies/{policy.pk}/preview/"
    shown = text_of(client.get(saved["Location"]))
    assert "4 h 30 min" in shown
    assert "No open ticket has a clock that goes by it." in shown
    client.post(saved["Location"], {"seen": state_of(newest(policy))})
    page = text_of(client.get(f"/admin/policies/{policy.pk}/"))
    for words in ("in force since", "1 h 30 min", "at 50 %, 80 % of the time", "Waiting for the requester, On hold"):
        assert words.replace("\u00a0", " ") in page.replace("\u00a0", " ")
    rules = policy.versions.get().parsed()
    assert rules.target(Metric.RESOLUTION, 1) == timedelta(hours=4, minutes=30)
    assert rules.paused(Metric.RESOLUTION) == {Status.PENDING, Status.ON_HOLD}
    assert "Nothing yet" not in text_of(client.get("/admin/helpdesk/slapolicy/"))
    assert "SLA policy put into force" in text_of(client.get(f"/admin/helpdesk/slapolicy/{policy.pk}/history/"))


def test_saving_without_a_change_keeps_what_is_promised(client: Client) -> None:
    person, role = UserFactory.create(role=Role.AGENT), StaffRole.objects.create(code="lead", name="Lead")
    acts = (
        Act(Deed.RAISE_TIER), Act(Deed.REASSIGN, ids=(person.pk,)), Act(Deed.CLIMB, ids=(role.pk,)),
        Act(Deed.NOTIFY, Reached.TEAM_LEADS), Act(Deed.NOTIFY, Reached.PEOPLE, (person.pk,)),
    )  # fmt: skip
    rungs = (
        Rung("p1", Metric.FIRST_RESPONSE, frozenset({1}), acts, after=timedelta(minutes=30)),
        Rung("late", Metric.RESOLUTION, frozenset({1, 2}), acts[:1], percent=150, despite_acknowledged=True),
    )
    told = (Act(Deed.NOTIFY, Reached.ASSIGNEE), Act(Deed.RAISE_PRIORITY))
    policy = make_policy(plain_rules(rungs=rungs, warned=told, breached=told))
    form = client.get(f"/admin/policies/{policy.pk}/edit/").context["form"]
    fields = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "", [], ())}
    for step in form.steps:
        fields |= {step.add_prefix(name): step[name].value() for name in step.fields if step[name].value()}
    answer = client.post(f"/admin/policies/{policy.pk}/edit/", {**fields, "rungs": len(form.steps)})
    assert answer.status_code == 302, text_of(answer)
    assert newest(policy).rules == policy.versions.get(number=1).rules  # type: ignore[union-attr] # there is one
    page = text_of(client.get(answer["Location"]))
    assert f"Give it to somebody: {person}" in page
    assert "Ask the next step of management: Lead" in page


def test_step_of_the_ladder_is_added_named_and_taken_out(client: Client) -> None:
    person = UserFactory.create(role=Role.AGENT, name="Mara Silva")
    policy = make_policy()
    answer = edit(client, policy, first_response_1="1 h", add="1")
    assert answer.status_code == 200
    assert len(answer.context["form"].steps) == 1
    assert policy.versions.count() == 1
    step = {
        "rung-0-metric": "resolution", "rung-0-at": "120 %", "rung-0-priorities": ["1", "2"],
        "rung-0-person": "Mara Silva", "rung-0-deeds": ["raise_priority"],
    }  # fmt: skip
    assert edit(client, policy, first_response_1="1 h", **{**step, "rungs": "1"}).status_code == 302
    (rung,) = newest(policy).parsed().rungs  # type: ignore[union-attr] # there is one
    assert (rung.key, rung.percent, rung.priorities) == ("2-1", 120, {1, 2})
    assert rung.acts == (Act(Deed.RAISE_PRIORITY), Act(Deed.NOTIFY, Reached.PEOPLE, (person.pk,)))
    gone = {**step, "rungs": "1", "rung-0-key": "2-1", "rung-0-remove": "on"}
    edit(client, policy, first_response_1="1 h", **gone)
    assert newest(policy).parsed().rungs == ()  # type: ignore[union-attr] # as above


RUNG = {"rungs": "1", "rung-0-metric": "resolution", "rung-0-at": "80 %", "rung-0-priorities": "1",
        "rung-0-told": "assignee"}  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "place", "words"),
    [
        ({}, None, "This promises nothing yet."),
        ({"active_1": "30 min"}, None, "This promises nothing yet."),
        ({"resolution_1": "0 min"}, "resolution_1", "longer than nothing"),
        ({"resolution_1": "-3 h"}, "resolution_1", "“-3 h” is no time."),
        ({"resolution_1": "soon"}, "resolution_1", "“soon” is no time."),
        ({"resolution_1": "10000 h"}, "resolution_1", "up to 9999 hours"),
        ({"resolution_1": "3 h", "active_2": "0"}, "active_2", "“0” is no time."),
        ({"resolution_1": "3 h", "warn_at": "75, 100"}, "warn_at", "from 1 to 99 per cent"),
        ({"resolution_1": "3 h", "warn_at": "120"}, "warn_at", "from 1 to 99 per cent"),
        ({"resolution_1": "3 h", "warn_at": "half"}, "warn_at", "whole numbers"),
        ({"resolution_1": "3 h", "calendar": "999999"}, "calendar", "Choose a calendar from the list."),
        (
            {"resolution_1": "3 h", "pauses_resolution": ["new", "open", "in_progress", "pending", "on_hold"]},
            "pauses_resolution",
            "would stand in every status",
        ),
        ({"resolution_1": "3 h", **RUNG, "rung-0-at": ""}, "rung:at", "Write when"),
        ({"resolution_1": "3 h", **RUNG, "rung-0-at": "2000 %"}, "rung:at", "from 1 to 1000 per cent"),
        ({"resolution_1": "3 h", **RUNG, "rung-0-at": "later"}, "rung:at", "“later” is no time."),
        ({"resolution_1": "3 h", **RUNG, "rung-0-priorities": []}, "rung:priorities", "at least one priority"),
        ({"resolution_1": "3 h", **RUNG, "rung-0-told": []}, "rung:told", "Choose what is done then."),
        ({"resolution_1": "3 h", **RUNG, "rung-0-climb": "Nobody"}, "rung:climb", "no role “Nobody” in use"),
        ({"resolution_1": "3 h", "seen": "other"}, None, "Somebody else changed this policy meanwhile."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_lost(
    client: Client, fields: dict[str, Any], place: str | None, words: str
) -> None:
    policy = make_policy()
    answer = edit(client, policy, **fields)
    assert answer.status_code in {409, 422}
    form = answer.context["form"]
    kind, _colon, name = (place or "").rpartition(":")
    errors = form.steps[0].errors[name] if kind else form.errors[place or "__all__"]
    assert words in str(errors)
    assert words.replace("“", "").split("”")[0] in text_of(answer).replace("“", "")
    assert policy.versions.count() == 1
    for field, value in fields.items():
        if field in form.fields:
            assert form[field].value() == value


def test_preview_names_who_would_be_late_and_the_past_is_refused(client: Client) -> None:
    policy = make_policy()
    promise_all(policy)
    ticket = make_ticket(subject="A slow one", now=timezone.now() - timedelta(hours=3), priority=3)
    answer = edit(client, policy, first_response_3="5 h", resolution_3="2 h")
    where = answer["Location"]
    shown = text_of(client.get(where))
    assert "1 open ticket has clocks that go by it; those of 1 would change." in shown
    assert "A slow one" in shown
    assert ticket.ref in shown
    assert "until now 8 h" in shown
    refused = client.post(where, {"seen": state_of(newest(policy)), "valid_from": "2001-01-01T10:00"})
    assert refused.status_code == 422
    assert "What was is past" in text_of(refused)
    tomorrow = timezone.now() + timedelta(days=1)
    client.post(where, {"seen": state_of(newest(policy)), "valid_from": tomorrow.strftime("%Y-%m-%dT%H:%M")})
    assert "Version 2 will be in force from" in text_of(client.get(f"/admin/policies/{policy.pk}/"))


def test_form_that_is_sent_twice_is_one_draft(client: Client) -> None:
    policy = make_policy()
    fields = typed(policy, resolution_1="3 h")
    places = [client.post(f"/admin/policies/{policy.pk}/edit/", fields)["Location"] for _time in range(2)]
    assert places == [f"/admin/policies/{policy.pk}/preview/"] * 2
    assert policy.versions.count() == 2
    for _time in range(2):
        answer = client.post(places[0], {"seen": state_of(newest(policy))})
        assert answer["Location"] == f"/admin/policies/{policy.pk}/"
    assert "There is no draft any more." in text_of(client.get(answer["Location"]))


def test_draft_is_thrown_away(client: Client) -> None:
    policy = make_policy()
    edit(client, policy, resolution_1="3 h")
    assert "not in force yet" in text_of(client.get(f"/admin/policies/{policy.pk}/"))
    client.post(f"/admin/policies/{policy.pk}/discard/", {"seen": state_of(newest(policy))})
    assert policy.versions.count() == 1
    assert client.get(f"/admin/policies/{policy.pk}/preview/")["Location"] == f"/admin/policies/{policy.pk}/"


def test_policy_to_which_rules_lead_stays_in_use(client: Client) -> None:
    policy = make_policy()
    rule = promise_all(policy)
    change = f"/admin/helpdesk/slapolicy/{policy.pk}/change/"
    answer = client.post(change, {"name": policy.name, "seen": _seen(client, change)})
    assert "1 rule leads to this policy." in text_of(answer)
    rule.is_active = False
    rule.save()
    client.post(change, {"name": policy.name, "seen": _seen(client, change), "_sure": "1"})
    policy.refresh_from_db()
    assert not policy.is_active
    assert "out of use" in text_of(client.get(f"/admin/policies/{policy.pk}/"))
    rules = f"/admin/helpdesk/policyrule/{rule.pk}/change/"
    fields = {"position": "0", "policy": policy.pk, "is_active": "on", "seen": _seen(client, rules), "_sure": "1"}
    assert f"“{policy}” is out of use." in text_of(client.post(rules, fields))


def _seen(client: Client, where: str) -> str:
    return str(client.get(where).context["adminform"].form["seen"].value())


@pytest.mark.parametrize(("role", "sees"), [(Role.AUDITOR, True), (Role.MANAGER, True), (Role.AGENT, False)])
def test_who_may_not_change_it_reads_only(role: str, sees: bool) -> None:
    policy, client = make_policy(), Client()
    client.force_login(UserFactory.create(role=role))
    page = client.get(f"/admin/policies/{policy.pk}/")
    assert (page.status_code == 200) is sees
    assert "Change what it promises" not in text_of(page)
    assert client.get(f"/admin/policies/{policy.pk}/edit/").status_code == 403
    assert edit(client, policy, resolution_1="3 h").status_code == 403
    assert PolicyVersion.objects.count() == 1


def test_pages_take_the_same_queries_for_one_policy_and_for_three(client: Client) -> None:
    first = make_policy(plain_rules(rungs=(_rung("a"),)))
    promise_all(first)
    make_ticket()
    counts = _queries(client, first)
    for _time in range(2):
        promise_all(make_policy(calendar=make_calendar()))
        promise_all(first)
        make_ticket()
    make_policy(plain_rules(rungs=tuple(_rung(key) for key in "abc")), policy=first)
    assert _queries(client, first) == counts


def _rung(key: str) -> Rung:
    acts = (Act(Deed.NOTIFY, Reached.PEOPLE, tuple(User.objects.values_list("pk", flat=True)[:3])),)
    return Rung(key, Metric.RESOLUTION, frozenset({1}), acts, percent=80)


def _queries(client: Client, policy: SLAPolicy) -> list[int]:
    found = []
    for where in ("/admin/helpdesk/slapolicy/", f"/admin/policies/{policy.pk}/", f"/admin/policies/{policy.pk}/edit/"):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(where).status_code == 200
        found.append(len(queries))
    return found


def test_planned_version_is_taken_back_on_its_page_and_told_of_there(client: Client) -> None:
    policy = make_policy()
    edit(client, policy, resolution_1="2 h")
    begins = (timezone.now() + timedelta(days=30)).strftime("%Y-%m-%dT%H:%M")
    client.post(f"/admin/policies/{policy.pk}/preview/", {"seen": state_of(newest(policy)), "valid_from": begins})
    where = f"/admin/policies/{policy.pk}/"
    assert "Take this version back? It never counts then" in text_of(client.get(where))
    for number, words in (("2", "The version is taken back"), ("2", "or was taken back"), ("x", "counts already")):
        assert words in text_of(client.post(f"{where}take-back/", {"number": number}, follow=True))
    page = text_of(client.get(where))
    assert "was to be in force from" in page
    assert "Take this version back?" not in page
    assert "will be in force" not in page
