"""The presets."""

import pytest
from django.core.management import call_command

from helpdesk.models import (
    Category,
    CustomField,
    FirstTierRule,
    Kind,
    Queue,
    StaffRole,
    Tier,
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


def test_presets_add_nothing_the_second_time_and_clash_with_no_name(capsys: pytest.CaptureFixture[str]) -> None:
    Kind.objects.create(code="defect", name="bug")
    call_command("load_presets")
    models = (Kind, Category, CustomField, StaffRole, Queue, Tier)
    before = [model._default_manager.count() for model in models]
    assert Kind.objects.filter(name__iexact="bug").get().code == "defect"
    CustomField.objects.filter(code="where").update(label="On which page?", is_active=False)
    StaffRole.objects.filter(code="engineer").update(escalates_to=None)
    call_command("load_presets")
    assert [model._default_manager.count() for model in models] == before
    assert CustomField.objects.get(code="where").label == "On which page?"
    assert StaffRole.objects.get(code="engineer").escalates_to is None


def test_presets_leave_the_questions_of_a_category_to_its_administrators() -> None:
    call_command("load_presets")
    category = Category.objects.get(code="idea")
    category.fields.all().delete()
    call_command("load_presets")
    assert not category.fields.exists()


def test_every_preset_for_requesters_is_there_in_german() -> None:
    call_command("load_presets")
    assert Kind.objects.count() == 7
    for category in Category.objects.all():
        assert set(category.translations["de"]) == {"name", "description"}
        assert category.kind is not None
        assert 2 <= category.fields.count() <= 4
    for field in CustomField.objects.all():
        german = field.translations["de"]
        assert german["label"]
        assert bool(field.help_text) == ("help_text" in german)
        assert len(field.options) == len(german.get("options", []))
        assert bool(field.options) == (field.kind == "choice")


def test_ladders_of_management_lead_up_to_whoever_decides_last() -> None:
    call_command("load_presets")

    def ladder(code: str) -> list[str]:
        role = StaffRole.objects.get(code=code)
        return [code, *(ladder(role.escalates_to.code) if role.escalates_to else [])]

    assert ladder("support-agent") == ["support-agent", "team-lead-tier-1", "project-manager", "executives"]
    assert ladder("monitoring") == ["monitoring", "support", "development", "management", "emergency-team"]
    assert ladder("regional-manager-latam") == ["regional-manager-latam", "head-of-support", "executives"]
