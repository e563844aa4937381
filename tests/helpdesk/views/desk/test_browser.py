"""The desk's own pages in a real browser. `browse` fails on every breach of the content security policy."""

import pytest
from playwright.sync_api import Page, expect

from helpdesk.actions import assignment, conversation, status, tiers
from helpdesk.choices import Channel
from helpdesk.domain.lifecycle import MoveName
from helpdesk.models import Message, Queue, Ticket, User
from tests.browser import PHONE, WIDE, Browse, assert_accessible
from tests.factories import NOW, actor, make_ticket
from tests.helpdesk.views.desk.pages import url

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = [
    pytest.param(WIDE, False, marks=pytest.mark.long),
    (WIDE, True),
    (PHONE, False),
    pytest.param(PHONE, True, marks=pytest.mark.long),
]


@pytest.fixture
def story(ticket: Ticket, mara: User, queue: Queue) -> Ticket:
    """A ticket with everything that its page can show."""
    by = actor(mara, Channel.DESK)
    held = assignment.assign(ticket=ticket, to=mara, seen_assignee_id=None, by=by, now=NOW)
    status.make_move(ticket=held, move=MoveName.START, by=by, now=NOW)
    conversation.add_note(ticket=held, body="The `cable` is *loose*, I bet.", by=by, now=NOW)
    conversation.reply(ticket=held, body="Is the cable in?\n\n- yes\n- no\n\n> " + "long " * 60, by=by, now=NOW)
    tiers.escalate(ticket=held, reason="Needs an engineer.", by=by, now=NOW)
    make_ticket(ticket.requester, queue, subject="Averyveryverylongwordwithoutanyspacesinit" * 4, priority=1)
    return held


def _fits(page: Page) -> bool:
    """Whether nothing sticks out of the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_pages_are_accessible_and_fit(browse: Browse, story: Ticket, mara: User, width: int, dark: bool) -> None:
    page = browse(mara, width=width, dark=dark)
    for address in ("/admin/", "/admin/tickets/", "/admin/tickets/?q=nothing-like-this", url(story)):
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        assert_accessible(page)
        assert _fits(page), address


@pytest.mark.parametrize("dark", [False, pytest.param(True, marks=pytest.mark.long)])
def test_open_forms_and_a_refusal_are_accessible(browse: Browse, story: Ticket, mara: User, dark: bool) -> None:
    page = browse(mara, dark=dark)
    page.goto(url(story))
    for name in ("Resolve", "Put on hold", "Hand back to Tier 1", "Assign to somebody"):
        page.locator("summary", has_text=name).click()
    page.locator(".run > details > summary").click()
    page.locator(".happened summary").first.click()
    assert_accessible(page)
    page.get_by_role("button", name="Resolve", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Write how it was solved")
    expect(page.locator("#resolve-resolution_kind")).to_be_visible()
    assert_accessible(page)


def test_note_and_reply_cannot_be_mistaken(browse: Browse, story: Ticket, mara: User) -> None:
    page = browse(mara)
    page.goto(url(story))
    reply, note = page.get_by_label("Reply to Ada Lovelace"), page.get_by_label("Internal note: only the desk reads it")
    expect(reply).to_be_visible()
    expect(note.first).to_be_hidden()
    page.get_by_role("radio", name="Reply").focus()
    page.keyboard.press("ArrowRight")
    expect(reply).to_be_hidden()
    note.first.fill("Between us")
    page.get_by_role("button", name="Add internal note").click()
    expect(page.locator("#tellings")).to_contain_text("Only the desk reads it.")
    expect(page.locator(".said-note").last).to_contain_text("Internal note")


def test_refused_note_comes_back_as_a_note(browse: Browse, story: Ticket, mara: User) -> None:
    page = browse(mara)
    page.goto(url(story))
    page.locator(".tab-note").click()
    page.get_by_role("button", name="Add internal note").click()
    expect(page.get_by_role("alert")).to_contain_text("Write something first.")
    expect(page.get_by_role("button", name="Add internal note")).to_be_visible()
    expect(page.get_by_role("button", name="Send reply")).to_be_hidden()


def test_desk_works_without_javascript(browse: Browse, ticket: Ticket, mara: User) -> None:
    page = browse(mara, javascript=False)
    page.goto("/admin/tickets/")
    page.get_by_label("Reference, or words of the subject or of answers").fill(ticket.ref)
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_role("link", name=ticket.subject).click()
    page.get_by_role("button", name="Take it").click()
    page.get_by_label("Reply to Ada Lovelace").fill("Have you switched it off?")
    page.get_by_role("button", name="Send reply").click()
    page.locator("summary", has_text="Escalate to Tier 2").click()
    page.locator("#act-escalate").get_by_role("link").click()
    page.get_by_label("Why?").fill("Needs an engineer")
    page.get_by_role("button", name="Escalate to Tier 2").click()
    expect(page.locator("#tellings")).to_contain_text("is at Tier 2 now.")
    assert Message.objects.filter(ticket=ticket).count() == 3


def test_what_people_wrote_runs_nothing(browse: Browse, mara: User, ada: User, queue: Queue) -> None:
    evil = "<div x-data x-init=\"document.title='hit'\" hx-get='/' hx-trigger='load'>[x](javascript:alert(1))</div>"
    ticket = make_ticket(ada, queue, subject="<img src=x onerror=\"document.title='hit'\">", body=evil)
    page = browse(mara)
    for address in ("/admin/tickets/", url(ticket)):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert "hit" not in page.title().replace("document.title='hit'", "")


def test_navigation_and_look_are_reached_by_keyboard(browse: Browse, mara: User, queue: Queue) -> None:
    page = browse(mara, width=PHONE)
    page.goto("/admin/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.get_by_role("button", name="Show or hide the navigation").press("Enter")
    expect(page.get_by_role("link", name="Tickets")).to_be_visible()
    page.locator(".desk-me summary").press("Enter")
    page.get_by_role("button", name="Dark").press("Enter")
    expect(page.locator("html")).to_have_class("dark")
    assert_accessible(page)
