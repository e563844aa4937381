"""A passkey in a real browser, on an authenticator that Chromium pretends to have: added, then logging in alone."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page

from helpdesk.choices import Role
from tests.browser import PHONE, Browse
from tests.helpdesk.views.portal.entrance import PASSWORD, code, with_account
from tests.test_every_page import what_is_wrong

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def with_authenticator(page: Page) -> Any:
    """Give the browser a device that keeps passkeys and knows its owner."""
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return wire


def fine(page: Page) -> None:
    assert (page.url, what_is_wrong(page)) == (page.url, "")


def test_passkey_is_added_and_logs_in_without_a_password(browse: Browse) -> None:
    mara = with_account("mara@example.org", name="Mara Silva", role=Role.AGENT)
    page = browse(width=PHONE)
    with_authenticator(page)
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(mara.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.goto("/accounts/second-step/")
    page.get_by_role("link", name="Set up an app").click()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    fine(page)
    page.get_by_text("You cannot scan it?").click()
    page.get_by_label("Code").fill(code(page.locator(".secret-key").inner_text().replace(" ", "")))
    page.get_by_role("button", name="Switch on").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    fine(page)
    page.get_by_role("link", name="Second step at log-in").last.click()
    page.get_by_role("link", name="Add a passkey").click()
    fine(page)
    page.get_by_label("Its name").fill("My phone")
    page.get_by_role("button", name="Add the passkey").click()
    page.get_by_text("The passkey is added.").wait_for()
    assert page.get_by_role("strong").filter(has_text="My phone").is_visible()
    fine(page)
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Log in with a passkey").click()
    page.wait_for_url("**/admin/")
    assert Authenticator.objects.get(type="webauthn").last_used_at is not None
    # As a second step beside the password too.
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(mara.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.get_by_role("heading", name="Second step").wait_for()
    fine(page)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/admin/")
