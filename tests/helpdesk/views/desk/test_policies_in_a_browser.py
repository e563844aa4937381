"""The set-up pages of what is promised, as administrators use them."""

import pytest
from playwright.sync_api import expect

from helpdesk.actions.policies import newest
from helpdesk.choices import Role
from tests.browser import PHONE, Browse, assert_accessible
from tests.factories import UserFactory, make_ticket
from tests.promises import make_policy, promise_all

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_policy_is_changed_looked_at_and_put_into_force(browse: Browse) -> None:
    policy, ada = make_policy(), UserFactory.create(role=Role.ADMINISTRATOR, name="Ada King")
    rule = promise_all(policy)
    make_ticket()
    page = browse(ada, width=PHONE, dark=True)
    for where in (f"rules/{rule.pk}/off/", "rules/", f"{policy.pk}/"):
        page.goto(f"/admin/policies/{where}")
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.get_by_role("link", name="Change what it promises").click()
    page.get_by_label("First response, P1 critical").fill("30 min")
    page.get_by_role("button", name="Add a step").click()
    expect(page.get_by_label("First response, P1 critical")).to_have_value("30 min")
    page.get_by_role("textbox", name="When").fill("50 %")
    page.get_by_role("group", name="For", exact=True).get_by_label("P1 critical").check()
    page.get_by_role("combobox", name="Tell somebody by name").fill("Ada")
    page.get_by_role("option", name="Ada King").click()
    assert_accessible(page)
    # Enter goes on; it adds no other step.
    page.get_by_label("First response, P2 high").press("Enter")
    expect(page.get_by_role("heading", name="What it does to open tickets")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Put into force").click()
    expect(page.get_by_text("Tell people: Ada King")).to_be_visible()
    version = newest(policy)
    assert version
    assert (version.number, version.is_draft, len(version.parsed().rungs)) == (2, False, 1)
