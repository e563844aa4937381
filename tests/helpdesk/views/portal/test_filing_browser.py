"""Get help in a browser: step by step, with a draft that comes back, and without a script."""

import re

import pytest
from playwright.sync_api import expect

from helpdesk.choices import FieldKind
from helpdesk.models import CustomField, Draft, FieldValue, Ticket
from tests.browser import PHONE, WIDE, assert_accessible, session_cookie
from tests.factories import CategoryFactory, TierFactory, make_ticket
from tests.processes import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FORM = "/tickets/new/printing/"


@pytest.fixture(autouse=True)
def desk(category):
    """Two topics, of which one asks questions of every kind."""
    TierFactory.create(level=1)
    CategoryFactory.create(queue=category.queue, name="Network", code="network", description="Wifi and cable")
    for position, (code, kind, options) in enumerate(
        [
            ("room", FieldKind.TEXT, []),
            ("error", FieldKind.LONG_TEXT, []),
            ("floor", FieldKind.CHOICE, ["First", "Second"]),
            ("model", FieldKind.CHOICE, list("ABCDEF")),
            ("since", FieldKind.DATE, []),
        ]
    ):
        CustomField.objects.create(
            category=category,
            code=code,
            kind=kind,
            label=f"Which {code}?",
            options=options,
            position=position,
            is_required=code == "room",
        )


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize(("width", "dark"), [pytest.param(WIDE, False, marks=pytest.mark.long), (PHONE, True)])
def test_help_is_asked_for_step_by_step(browse, ada, queue, width, dark):
    make_ticket(ada, queue, subject="The printer has no ink")
    page = browse(ada, width=width, dark=dark)
    page.goto("/tickets/new/")
    assert_accessible(page)
    assert fits(page)
    page.get_by_role("link", name="Printing").click()
    expect(page.get_by_text("Step 2 of 2")).to_be_visible()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert_accessible(page)
    assert fits(page)
    page.get_by_role("link", name="Answer this: Which room?").click()
    expect(page.get_by_label("Which room?")).to_be_focused()
    page.keyboard.type("12")
    page.get_by_label("In a few words").fill("Printer without ink")
    expect(page.get_by_text("You asked about this already:")).to_be_visible()
    expect(page.get_by_role("link", name="The printer has no ink")).to_be_visible()
    expect(page.get_by_text("Saved as a draft")).to_be_visible()
    assert_accessible(page)
    # A form that is empty again leaves no draft.
    page.get_by_label("In a few words").fill("")
    page.get_by_label("Which room?").fill("")
    expect(page.get_by_text("Saved as a draft")).to_be_hidden()
    assert not Draft.objects.exists()
    page.get_by_label("Which room?").fill("12")
    page.get_by_label("In a few words").fill("Printer without ink")
    expect(page.get_by_text("Saved as a draft")).to_be_visible()
    # Another look at the topics, and nothing is lost.
    page.get_by_role("button", name="Change topic").click()
    expect(page.get_by_text("We kept what you began to write")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Go on with it").click()
    expect(page.get_by_label("Which room?")).to_have_value("12")
    assert_accessible(page)
    page.get_by_label("What happened?").fill("It says that there is none.")
    page.get_by_label("Second").check()
    page.get_by_label("Day").fill("7")
    page.get_by_label("Month").fill("3")
    page.get_by_label("Year").fill("2026")
    page.get_by_label("In a few words").press("Enter")
    expect(page.get_by_role("heading", name="We have received it")).to_be_visible()
    assert_accessible(page)
    assert fits(page)
    page.reload()
    page.get_by_role("link", name="Open your ticket").click()
    expect(page.get_by_role("heading", name="Printer without ink")).to_be_visible()
    assert sorted(FieldValue.objects.values_list("value", flat=True)) == ["12", "2026-03-07", "Second"]


def test_draft_comes_back_and_a_session_that_ended_loses_nothing(browse, ada):
    page = browse(ada)
    page.goto(FORM)
    page.get_by_label("In a few words").fill("No ink")
    page.get_by_label("First").check()
    page.get_by_label("Files").set_input_files([{"name": "a.txt", "mimeType": "text/plain", "buffer": b"x"}])
    expect(page.get_by_text("a.txt is added.")).to_be_visible()
    # What was typed a moment before the page is left is kept too.
    page.get_by_label("What happened?").fill("It says that there is none.")
    page.goto("/tickets/")
    wait_until(lambda: "It says that there is none." in str(Draft.objects.filter(user=ada).values()), "the last words")
    page.goto(FORM)
    expect(page.get_by_label("What happened?")).to_have_value("It says that there is none.")
    expect(page.get_by_label("First")).to_be_checked()
    expect(page.get_by_role("button", name="Remove a.txt")).to_be_visible()

    page.context.clear_cookies(name="sessionid")
    page.get_by_label("Which room?").fill("12")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("You are logged out. Log in again in another tab")).to_be_visible()
    expect(page.get_by_role("button", name="Send")).to_be_visible()
    assert_accessible(page)
    # As after logging in in another tab, which brings a new session.
    page.context.add_cookies([session_cookie(ada, page.url.partition("/tickets")[0])])
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/received/")
    assert Ticket.objects.get().subject == "No ink"
    page.goto(FORM)
    expect(page.get_by_label("In a few words")).to_have_value("")


def test_connection_that_breaks_loses_nothing_and_a_second_click_does_nothing(browse, ada, ticket):
    page = browse(ada)
    page.goto(f"/tickets/{ticket.ref}/")
    page.route("**/drafts/**", lambda route: route.abort())
    page.get_by_label("Your message").fill("It smokes.")
    expect(page.get_by_text("Not saved: there is no connection.")).to_be_visible()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Not sent: there is no connection.")).to_be_visible()
    expect(page.get_by_label("Your message")).to_have_value("It smokes.")
    page.unroute("**/drafts/**")
    page.get_by_role("button", name="Send").dblclick()
    expect(page.get_by_text("Your message is sent.")).to_be_visible()
    expect(page.get_by_label("Your message")).to_have_value("")
    assert ticket.messages.filter(body="It smokes.").count() == 1


def test_topic_questions_and_draft_work_without_any_script(browse, ada):
    page = browse(ada, javascript=False)
    page.goto("/tickets/new/")
    page.get_by_role("link", name="Printing").click()
    page.get_by_label("In a few words").fill("No ink")
    page.get_by_role("button", name="Change topic").click()
    page.get_by_role("link", name="Network").click()
    expect(page.get_by_label("In a few words")).to_have_value("No ink")
    page.get_by_role("button", name="Discard it").click()
    expect(page.get_by_label("In a few words")).to_have_value("")
    expect(page.get_by_text(re.compile("We kept"))).to_have_count(0)
