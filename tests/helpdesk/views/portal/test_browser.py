"""The portal as a browser sees it: nothing forbidden is tried, everybody can read it, no script is needed."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from playwright.sync_api import expect

from helpdesk.actions import files
from helpdesk.actions.conversation import reply
from helpdesk.actions.status import make_move
from helpdesk.choices import Channel, MoveName
from tests.browser import PHONE, WIDE, assert_accessible
from tests.factories import TierFactory, actor, make_ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LOOKS = [
    pytest.param(WIDE, False, marks=pytest.mark.long),
    (WIDE, True),
    (PHONE, False),
    pytest.param(PHONE, True, marks=pytest.mark.long),
]
BODY = """It started **yesterday**, see [this page](https://example.org/).

> Have you tried turning it off?

```
error 0x12 in module a_very_long_name_that_does_not_wrap_by_itself_and_has_to_scroll_inside_its_own_box
```
"""


@pytest.fixture
def solved(ada, mara, queue):
    """A ticket with everything that the page can show."""
    TierFactory.create(level=1)
    ticket = make_ticket(ada, queue, body=BODY)
    by, now = actor(mara, Channel.DESK), timezone.now()
    stored = files.store(content=SimpleUploadedFile("how to.txt", b"Like this."), name="how to.txt", by=by)
    reply(ticket=ticket, body="Please look at this.", files=[stored], by=by, now=now)
    make_move(ticket=ticket, move=MoveName.RESOLVE, text="It is out.", resolution_kind="fixed", by=by, now=now)
    return ticket


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_pages_of_strangers_are_readable_by_everybody(browse, category, width, dark):
    page = browse(width=width, dark=dark)
    for path in ("/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/nowhere/"):
        page.goto(path)
        assert_accessible(page)
        assert fits(page), path
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("alert", name="Something is missing")).to_be_visible()
    assert_accessible(page)


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_pages_of_a_requester_are_readable_by_everybody(browse, ada, category, solved, width, dark):
    page = browse(ada, width=width, dark=dark)
    for path in ("/", "/tickets/", "/tickets/new/", f"/tickets/{solved.ref}/", "/accounts/password/change/"):
        page.goto(path)
        assert_accessible(page)
        assert fits(page), path
    page.goto("/tickets/new/")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert_accessible(page)
    page.get_by_role("link", name="Write in a few words what it is about.").click()
    expect(page.get_by_label("In a few words")).to_be_focused()


def test_pages_fit_a_very_small_phone(browse, ada, category, solved):
    page = browse(ada, width=320)
    for path in ("/", "/tickets/", "/tickets/new/", f"/tickets/{solved.ref}/", "/accounts/password/change/"):
        page.goto(path)
        assert fits(page), path


def test_browser_tells_the_zone_at_sign_up(browse, db):
    page = browse()
    page.goto("/accounts/signup/")
    zone = page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")
    expect(page.locator("input[name=time_zone]")).to_have_value(zone)


def test_a_ticket_is_filed_and_confirmed_without_any_script(browse, ada, category, mara):
    TierFactory.create(level=1)
    page = browse(ada, javascript=False)
    page.goto("/")
    page.get_by_role("link", name="Get help").first.click()
    page.get_by_label("In a few words").fill("No ink")
    picture = {"name": "ink.png", "mimeType": "image/png", "buffer": bytes.fromhex("89504e470d0a1a0a")}
    page.get_by_label("Files").set_input_files([picture])
    page.get_by_role("button", name="Send").click()
    # An answer is missing; the file and the words are still there.
    page.get_by_label("What happened?").fill("It says that there is none.")
    expect(page.get_by_text("ink.png").first).to_be_visible()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="We have received it")).to_be_visible()
    page.get_by_role("link", name="Open your ticket").click()
    expect(page.get_by_role("heading", name="No ink")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("ink.png"))).to_be_visible()

    page.get_by_label("Your message").fill("Found some.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Found some.")).to_be_visible()


def test_downloaded_file_is_saved_not_opened(browse, ada, solved):
    page = browse(ada)
    page.goto(f"/tickets/{solved.ref}/")
    with page.expect_download() as download:
        page.get_by_role("link", name="how to.txt").click()
    assert download.value.suggested_filename == "how to.txt"
    assert page.url.endswith(f"/tickets/{solved.ref}/")


def test_everything_is_reached_by_keyboard_and_the_focus_is_seen(browse, ada, solved):
    page = browse(ada)
    page.goto(f"/tickets/{solved.ref}/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_tickets_are_found_while_one_types_by_keyboard_alone(browse, ada, solved, width):
    page = browse(ada, width=width)
    page.goto("/")
    page.get_by_label("Search your tickets").focus()
    page.keyboard.type("printer")
    found = page.get_by_role("status").filter(has_text="1 ticket fits:")
    expect(found).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=solved.subject)).to_be_visible()


def test_menu_works_by_keyboard_and_without_a_script(browse, ada, solved):
    page = browse(ada, width=PHONE)
    page.goto("/")
    menu = page.locator("details.menu summary")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="My tickets", exact=True)).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="My tickets", exact=True)).to_be_hidden()
    expect(menu).to_be_focused()

    plain = browse(ada, javascript=False)
    plain.goto("/")
    plain.get_by_label("Search your tickets").fill("printer")
    plain.keyboard.press("Enter")
    expect(plain.get_by_role("link", name=solved.subject)).to_be_visible()
    plain.locator("details.menu summary").click()
    expect(plain.get_by_role("button", name="Log out")).to_be_visible()


@pytest.mark.parametrize(("width", "dark"), [(WIDE, False), pytest.param(PHONE, True, marks=pytest.mark.long)])
def test_news_are_told_and_shown_without_touching_what_one_writes(browse, ada, mara, queue, width, dark):
    TierFactory.create(level=1)
    ticket = make_ticket(ada, queue)
    by = actor(mara, Channel.DESK)
    reply(ticket=ticket, body="We look at it.", by=by, now=timezone.now())
    page = browse(ada, width=width, dark=dark)
    page.goto(f"/tickets/{ticket.ref}/")
    page.get_by_label("Your message").fill("It smells, too.")
    reply(ticket=ticket, body="It is the **toner**.", by=by, now=timezone.now())
    # What the browser says when somebody comes back to the page; else it asks now and then.
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_text("There is a new message.")).to_be_visible()
    page.get_by_text("Add somebody").click()
    assert_accessible(page)
    assert fits(page)
    page.get_by_role("button", name="Show it").click()
    expect(page.get_by_role("article").last).to_be_focused()
    expect(page.get_by_role("article").last).to_contain_text("It is the toner.")
    expect(page.get_by_label("Your message")).to_have_value("It smells, too.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("Your message is sent.")).to_be_visible()


def test_somebody_is_added_and_removed_without_a_script(browse, ada, solved):
    page = browse(ada, javascript=False)
    page.goto(f"/tickets/{solved.ref}/")
    page.get_by_text("Add somebody").click()
    page.get_by_label("Their e-mail address").fill("joe@example.org")
    page.get_by_role("button", name="Let them follow").click()
    expect(page.get_by_role("status").first).to_contain_text("joe@example.org follows this ticket now")
    page.locator(".confirmation summary").click()
    page.get_by_role("button", name="Remove joe@example.org").click()
    expect(page.get_by_text("Nobody so far.")).to_be_visible()
