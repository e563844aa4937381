"""The presets and the demo's data."""

import pytest
from django.core.management import call_command

from helpdesk.choices import Status
from helpdesk.models import (
    Category,
    FirstTierRule,
    Queue,
    Ticket,
    TicketEvent,
    Tier,
    User,
)

pytestmark = pytest.mark.django_db


def test_presets_give_four_tiers_and_three_rules_for_the_first(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call_command("load_presets")
    assert list(Tier.objects.values_list("level", flat=True)) == [1, 2, 3, 4]
    plans = {
        rule.code: [rule.plan[str(priority)][0] for priority in (1, 2, 3, 4)] for rule in FirstTierRule.objects.all()
    }
    assert plans == {
        "all-tier-1": [1, 1, 1, 1],
        "by-severity": [4, 3, 2, 1],
        "operations": [1, 2, 1, 1],
    }
    assert Queue.objects.get(is_default=True).first_tier_rule.code == "all-tier-1"
    assert "4 tiers" in capsys.readouterr().out


def test_presets_loaded_again_change_nothing_that_somebody_edited(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call_command("load_presets")
    Tier.objects.filter(level=1).update(name="Front line")
    Category.objects.filter(code="idea").update(name="Wishes")
    call_command("load_presets")
    assert Tier.objects.get(level=1).name == "Front line"
    assert Category.objects.get(code="idea").name == "Wishes"
    assert "Everything was there already." in capsys.readouterr().out


def test_demo_has_tickets_in_every_state_and_a_login_for_every_role() -> None:
    call_command("load_presets")
    call_command("seed_demo")
    assert set(Ticket.objects.values_list("status", flat=True)) == set(Status.values)
    assert set(User.objects.values_list("role", flat=True)) >= {
        "requester",
        "agent",
        "manager",
        "administrator",
        "auditor",
    }
    assert set(Ticket.objects.values_list("tier__level", flat=True)) == {1, 2, 3}


def test_demo_seeded_again_adds_nothing() -> None:
    call_command("load_presets")
    call_command("seed_demo")
    before = (Ticket.objects.count(), TicketEvent.objects.count(), User.objects.count())
    call_command("seed_demo")
    assert (
        Ticket.objects.count(),
        TicketEvent.objects.count(),
        User.objects.count(),
    ) == before
