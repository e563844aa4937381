"""Who is promised what: the order of rules, and changes of rules, phases and policies that are looked at first."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from helpdesk.actions.recounts import recount_due
from helpdesk.choices import Metric, Role, WorkState
from helpdesk.models import AuditEvent, Phase, PolicyRule, Recount, ServiceTier, SLACycle
from tests.factories import (
    NOW,
    OrganizationFactory,
    OrganizationMembershipFactory,
    QueueFactory,
    UserFactory,
    make_ticket,
)
from tests.helpdesk.admin.conftest import fields_of
from tests.helpdesk.views.desk.pages import text_of
from tests.promises import HOUR, make_policy, plain_rules, promise_all, targets

pytestmark = pytest.mark.django_db
RULES = "/admin/policies/rules/"


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(UserFactory.create(role=Role.ADMINISTRATOR))
    return client


def order() -> list[int]:
    return list(PolicyRule.objects.filter(is_active=True).order_by("position", "pk").values_list("pk", flat=True))


def confirm(client: Client, rule: PolicyRule, how: str) -> Any:
    where = f"{RULES}{rule.pk}/{how}/"
    return client.post(where, {"seen": client.get(where).context["form"]["seen"].value()}, follow=True)


def test_rules_stand_in_their_order_and_say_to_whom_they_apply(client: Client) -> None:
    queue = QueueFactory.create(name="Shop")
    gold, plain = make_policy(), make_policy()
    promise_all(gold, queue=queue, phase=WorkState.GO_LIVE)
    promise_all(plain)
    hidden = promise_all(None, queue=queue)
    promise_all(gold, is_active=False)
    shown = text_of(client.get(RULES))
    assert shown.index("Shop · Filed during: Go-live") < shown.index("All tickets") < shown.index("Never decides")
    assert "rule 2 fits all of these tickets before" in shown
    assert "Out of use" in shown
    assert "To tickets that no rule fits" not in shown
    assert client.get("/admin/helpdesk/policyrule/?o=1").status_code == 302
    assert f"{RULES}{hidden.pk}/down/" not in str(client.get(RULES).content)


def test_rule_moves_once_its_effect_was_seen_and_clocks_follow(client: Client) -> None:
    slow, quick = make_policy(), make_policy(plain_rules(targets=targets(first_response=0.5, resolution=8)))
    first, filed = promise_all(slow), timezone.now() - timedelta(minutes=45)
    ticket = make_ticket(now=filed)
    second = promise_all(quick, queue=ticket.queue)
    looked = client.get(f"{RULES}{second.pk}/up/")
    assert "1 open ticket has clocks that run; those of 1 would change." in text_of(looked)
    assert ticket.ref in text_of(looked)
    assert order() == [first.pk, second.pk]
    assert "asked a place earlier" in text_of(confirm(client, second, "up"))
    assert order() == [second.pk, first.pk]
    recount_all()
    assert SLACycle.objects.get(metric=Metric.FIRST_RESPONSE).due_at == filed + HOUR / 2
    assert AuditEvent.objects.get(kind="policy_rule_moved").data == {"place": [2, 1]}
    assert "asked first already" in text_of(client.get(f"{RULES}{second.pk}/up/", follow=True))
    assert "asked a place later" in text_of(confirm(client, second, "down"))


def recount_all() -> None:
    Recount.objects.get_or_create(cause="test", cause_id=None, valid_from=NOW)
    while recount_due(now=timezone.now()):
        pass


def test_rule_is_taken_out_of_use_and_comes_back_and_pressing_twice_does_no_harm(client: Client) -> None:
    rule = promise_all(make_policy())
    make_ticket()
    looked = client.get(f"{RULES}{rule.pk}/off/")
    assert "To 1 of them something would not be promised any more." in text_of(looked)
    seen = {"seen": looked.context["form"]["seen"].value()}
    assert "asked no more" in text_of(client.post(f"{RULES}{rule.pk}/off/", seen, follow=True))
    assert "done already" in text_of(client.post(f"{RULES}{rule.pk}/off/", seen, follow=True))
    assert "nothing is promised to anybody" in text_of(client.get(RULES))
    assert "asked again" in text_of(confirm(client, rule, "on"))
    assert Recount.objects.count() == 2


def test_two_administrators_who_move_rules_at_once_one_is_told(client: Client) -> None:
    rules = [promise_all(make_policy(), queue=QueueFactory.create()) for _number in range(3)]
    seen = {"seen": client.get(f"{RULES}{rules[2].pk}/up/").context["form"]["seen"].value()}
    confirm(client, rules[0], "down")
    answer = client.post(f"{RULES}{rules[2].pk}/up/", seen)
    assert answer.status_code == 409
    assert "Somebody changed the rules while you were looking at them." in text_of(answer)
    assert order() == [rules[1].pk, rules[0].pk, rules[2].pk]


def test_new_rule_is_looked_at_before_it_is_saved(client: Client) -> None:
    policy, ticket = make_policy(), make_ticket()
    add = "/admin/helpdesk/policyrule/add/"
    fields = {"position": "10", "policy": policy.pk, "queue": ticket.queue_id, "is_active": "on", "_save": "1"}
    looked = client.post(add, fields)
    assert "1 open ticket has clocks that run; those of 1 would change." in text_of(looked)
    assert not PolicyRule.objects.exists()
    sent = dict(looked.context["sent"])
    again = client.post(add, {**sent, "_back": "1"})
    assert "Nothing is saved yet." in text_of(again)
    assert str(again.context["adminform"].form["queue"].value()) == str(ticket.queue_id)
    saved = client.post(add, {**sent, "_sure": "1"}, follow=True)
    assert saved.redirect_chain[-1][0] == RULES
    assert PolicyRule.objects.get().policy == policy
    twice = client.post(add, {**sent, "_sure": "1"})
    assert "There is a rule for the same tickets already" in text_of(twice)
    assert PolicyRule.objects.count() == 1


def test_phase_is_looked_at_as_it_will_begin(client: Client) -> None:
    promise_all(make_policy(plain_rules(updates={state: {1: HOUR} for state in (WorkState.ACTIVE,)})))
    add = "/admin/helpdesk/phase/add/"
    fields = _span("Go-live", timezone.now() + timedelta(days=3), timedelta(days=1))
    looked = client.post(add, fields)
    assert "Counted as it will be when it begins" in text_of(looked)
    client.post(add, {**dict(looked.context["sent"]), "_sure": "1"})
    phase = Phase.objects.get()
    assert Recount.objects.filter(cause="phase", cause_id=phase.pk).count() == 2


def test_service_tier_of_an_organisation_is_looked_at_and_clocks_follow(client: Client) -> None:
    tier, place = ServiceTier.objects.create(code="gold", name="Gold"), OrganizationFactory.create()
    promise_all(make_policy(plain_rules(targets=targets(first_response=0.5))), service_tier=tier)
    promise_all(make_policy())
    OrganizationMembershipFactory.create(user=(asker := UserFactory.create()), organization=place)
    ticket = make_ticket(asker, now=timezone.now() - timedelta(minutes=45))
    make_ticket(now=timezone.now())
    change = f"/admin/helpdesk/organization/{place.pk}/change/"
    plain = fields_of(client.get(change))
    looked = client.post(change, {**plain, "service_tier": tier.pk})
    assert "1 open ticket has clocks that go by it; those of 1 would change." in text_of(looked)
    assert ticket.ref in text_of(looked)
    place.refresh_from_db()
    assert place.service_tier is None
    assert client.post(change, {**dict(looked.context["sent"]), "_sure": "1"}).status_code == 302
    recount_due(now=timezone.now())
    clock = SLACycle.objects.get(ticket=ticket, metric=Metric.FIRST_RESPONSE)
    assert clock.due_at == ticket.created_at + HOUR / 2
    # What moves no clock is saved at once.
    assert client.post(change, {**fields_of(client.get(change)), "name": "Another"}).status_code == 302


def _span(name: str, starts: Any, lasts: timedelta, **more: str) -> dict[str, str]:
    ends = starts + lasts
    return {
        "name": name, "kind": "go_live", "is_active": "on", "_save": "1",
        "starts_at_0": f"{starts:%Y-%m-%d}", "starts_at_1": f"{starts:%H:%M:%S}",
        "ends_at_0": f"{ends:%Y-%m-%d}", "ends_at_1": f"{ends:%H:%M:%S}", **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "lasts", "field", "words"),
    [
        ("go_live", -1, "ends_at", "A phase ends after it starts."),
        ("go_live", 0, "ends_at", "A phase ends after it starts."),
        ("go_live", 1, "starts_at", "“First” is of the same kind and place and lasts meanwhile."),
        ("emergency", 1, None, ""),
    ],
)
def test_span_of_a_phase_makes_sense(client: Client, kind: str, lasts: int, field: str | None, words: str) -> None:
    Phase.objects.create(name="First", kind=WorkState.GO_LIVE, starts_at=NOW, ends_at=NOW + 3 * HOUR)
    fields = _span("Second", NOW + 2 * HOUR, lasts * HOUR, kind=kind, _sure="1")
    answer = client.post("/admin/helpdesk/phase/add/", fields)
    assert Phase.objects.count() == (1 if field else 2)
    if field:
        assert words in str(answer.context["adminform"].form.errors[field])


def test_phase_that_is_put_off_lets_clocks_follow_at_once(client: Client) -> None:
    now = timezone.now().replace(microsecond=0)
    phase = Phase.objects.create(name="First", kind=WorkState.GO_LIVE, starts_at=now - HOUR, ends_at=now + 2 * HOUR)
    change = f"/admin/helpdesk/phase/{phase.pk}/change/"
    seen = client.get(change).context["adminform"].form["seen"].value()
    client.post(change, _span("First", now + HOUR, HOUR, _sure="1", seen=seen))
    begins = [row.valid_from for row in Recount.objects.filter(cause="phase").order_by("valid_from")]
    assert begins[0] < now + HOUR
    assert begins[1:] == [now + HOUR, now + 2 * HOUR]


def test_policy_is_taken_out_of_use_once_its_effect_was_seen(client: Client) -> None:
    policy, ticket = make_policy(), make_ticket()
    ticket.sla_chosen, ticket.sla_policy = True, policy
    ticket.save()
    recount_all()
    change = f"/admin/helpdesk/slapolicy/{policy.pk}/change/"
    seen = client.get(change).context["adminform"].form["seen"].value()
    looked = client.post(change, {"name": policy.name, "seen": seen, "_save": "1"})
    assert "something would not be promised any more" in text_of(looked)
    client.post(change, {**dict(looked.context["sent"]), "_sure": "1"})
    policy.refresh_from_db()
    assert not policy.is_active
    recount_all()
    assert not SLACycle.objects.filter(target_seconds__isnull=False).exists()


@pytest.mark.parametrize(("role", "sees"), [(Role.AUDITOR, True), (Role.AGENT, False)])
def test_who_may_not_change_rules_reads_only(role: str, sees: bool) -> None:
    rule, client = promise_all(make_policy()), Client()
    client.force_login(UserFactory.create(role=role))
    page = client.get(RULES)
    assert (page.status_code == 200) is sees
    assert "Take out of use" not in text_of(page)
    assert client.post(f"{RULES}{rule.pk}/off/", {"seen": ""}).status_code == 403
    assert client.get(f"{RULES}{rule.pk}/sideways/").status_code in {403, 404}


def test_pages_of_rules_take_the_same_queries_for_one_and_for_three(client: Client) -> None:
    policy = make_policy()
    rule = promise_all(policy, queue=QueueFactory.create())
    make_ticket()
    before = _queries(client, rule)
    for _number in range(2):
        promise_all(make_policy(), queue=QueueFactory.create())
        make_ticket()
    assert _queries(client, rule) == before


def _queries(client: Client, rule: PolicyRule) -> list[int]:
    found = []
    for where in (RULES, f"{RULES}{rule.pk}/off/", f"/admin/helpdesk/policyrule/{rule.pk}/change/"):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(where).status_code == 200
        found.append(len(queries))
    return found
