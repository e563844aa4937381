"""A ticket's page while an agent works on it, in a real browser."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from helpdesk.actions import conversation, properties
from helpdesk.choices import Metric
from helpdesk.models import Message, Queue, SLACycle, Team, Ticket, TicketEvent, User
from tests.browser import PHONE, Browse, assert_accessible
from tests.factories import NOW, actor, make_agent, make_ticket
from tests.helpdesk.views.desk.pages import url
from tests.promises import HOUR, make_policy, plain_rules, promise_all, targets

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _active(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def test_property_is_changed_by_keyboard_and_taken_back(browse: Browse, ticket: Ticket, mara: User) -> None:
    page = browse(mara)
    page.goto(url(ticket))
    page.keyboard.press("r")
    page.keyboard.type("Half a sentence")
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("p")
    assert _active(page) == "priority-priority"
    page.select_option("#priority-priority", "1")
    expect(page.locator("#tellings")).to_contain_text("P1 critical")
    expect(page.locator("#part-head .prio")).to_have_text("P1")
    assert _active(page) == "priority-priority"
    assert_accessible(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#part-head .prio")).to_have_text("P3")
    page.keyboard.press("Escape")
    page.locator("#tags-add").fill("printer")
    page.keyboard.press("Enter")
    expect(page.locator("#part-tags")).to_contain_text("printer")
    assert _active(page) == "tags-add"
    # Whatever was renewed, what is being written stays.
    expect(page.get_by_label("Reply to Ada Lovelace")).to_have_value("Half a sentence")


def test_effect_on_clocks_is_shown_before_it_is_saved_or_left(
    browse: Browse, ada: User, queue: Queue, mara: User
) -> None:
    quick = {Metric.FIRST_RESPONSE: {1: HOUR / 2, 2: HOUR, 3: 24 * HOUR, 4: 24 * HOUR}}
    promise_all(make_policy(plain_rules(targets=quick)))
    ticket = make_ticket(ada, queue, priority=4, now=timezone.now() - HOUR)
    page = browse(mara)
    page.goto(url(ticket))
    page.select_option("#priority-priority", "1")
    told = page.locator("#part-properties").get_by_role("status").first
    expect(told).to_contain_text("would be breached at once")
    assert_accessible(page)
    page.get_by_label("Priority", exact=True).press("Escape")
    expect(told).to_be_empty()
    expect(page.get_by_label("Priority", exact=True)).to_have_value("4")
    page.select_option("#priority-priority", "1")
    page.locator("#part-properties").get_by_role("button", name="Save").click()
    expect(page.locator("#part-head .prio")).to_have_text("P1")
    assert Ticket.objects.get(pk=ticket.pk).priority == 1


def test_address_of_a_folded_event_unfolds_it(browse: Browse, ticket: Ticket, mara: User) -> None:
    for priority in (1, 2, 3, 4):
        properties.set_priority(ticket=ticket, to=priority, by=actor(mara), now=NOW)
    event = TicketEvent.objects.filter(ticket=ticket).latest("seq")
    page = browse(mara)
    page.goto(f"{url(ticket)}#event-{event.pk}")
    told = page.locator(f"#event-{event.pk}")
    expect(told.get_by_text("Number on record")).to_be_in_viewport()
    expect(told.locator("summary")).to_be_focused()


def test_words_of_others_are_told_and_shown_when_wanted(
    browse: Browse, ticket: Ticket, mara: User, ada: User, team: Team
) -> None:
    page = browse(mara)
    page.goto(url(ticket))
    page.keyboard.press("n")
    page.keyboard.type("A **note**")
    conversation.reply(ticket=ticket, body="It stopped by itself.", by=actor(ada), now=NOW)
    properties.set_priority(ticket=ticket, to=2, by=actor(make_agent(team, name="Nia")), now=NOW)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#news")).to_contain_text("Ada Lovelace replied")
    assert "note" in _active(page)
    assert_accessible(page)
    expect(page.locator("#stream")).not_to_contain_text("It stopped by itself.")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("#stream")).to_contain_text("It stopped by itself.")
    expect(page.locator("#news")).to_be_hidden()
    page.locator(".compose-note [data-look=preview]").click()
    expect(page.locator(".compose-note .preview strong")).to_have_text("note")
    page.locator(".compose-note [data-look=write]").click()
    page.locator(".compose-note textarea").press("Control+Enter")
    expect(page.locator("#tellings")).to_contain_text("Only the desk reads it.")
    assert Message.objects.latest("pk").body == "A **note**"


def test_note_is_quoted_into_a_note_alone_and_mentions_a_colleague(
    browse: Browse, ticket: Ticket, mara: User, team: Team
) -> None:
    make_agent(team, name="Nia Fofana")
    conversation.add_note(ticket=ticket, body="Between us.", by=actor(mara), now=NOW)
    page = browse(mara)
    page.goto(url(ticket))
    page.locator(".said").first.get_by_role("button", name="Quote").click()
    expect(page.locator(".compose-reply textarea")).to_have_value("> It smokes since nine.\n\n")
    page.locator(".said-note").get_by_role("button", name="Quote in a note").click()
    note = page.locator(".compose-note textarea")
    expect(note).to_have_value("> Between us.\n\n")
    expect(page.locator(".compose-reply textarea")).to_have_value("> It smokes since nine.\n\n")
    note.press_sequentially("@fo")
    expect(page.get_by_role("option", name="Nia Fofana")).to_have_attribute("aria-selected", "true")
    assert_accessible(page)
    page.keyboard.press("Enter")
    expect(note).to_have_value("> Between us.\n\n@Nia Fofana ")
    expect(page.get_by_role("option", name="Nia Fofana")).to_be_hidden()


def test_panel_is_a_sheet_on_the_phone(browse: Browse, ticket: Ticket, mara: User) -> None:
    page = browse(mara, width=PHONE)
    page.goto(url(ticket))
    expect(page.locator("#side")).to_be_hidden()
    expect(page.locator(".compose-reply")).to_be_hidden()
    page.get_by_role("button", name="Details").click()
    page.get_by_role("button", name="Take it").click()
    expect(page.locator("#part-assignee")).to_contain_text("Mara Silva")
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(page.locator("#side")).to_be_hidden()
    page.locator(".tab-note").click()
    expect(page.locator(".compose-note textarea")).to_be_visible()
    assert_accessible(page)
    # What was refused there is in sight, and can be typed at once.
    page.get_by_role("button", name="Details").click()
    page.locator("#act-hold > summary").click()
    page.get_by_role("button", name="Put on hold", exact=True).click()
    expect(page.get_by_text("Write what the ticket is waiting for.").last).to_be_visible()
    expect(page.locator("#act-hold textarea")).to_be_focused()


def test_badge_of_a_clock_turns_while_the_page_is_looked_at(browse: Browse, queue: Queue, mara: User) -> None:
    promise_all(make_policy(plain_rules(targets=targets(first_response=1))), queue=queue)
    ticket = make_ticket(queue=queue, now=timezone.now())
    page = browse(mara)
    page.clock.install()
    page.goto(url(ticket))
    badge = page.locator("#part-head .head-clock .clock")
    expect(badge).to_contain_text("First response in ")
    expect(badge).not_to_have_class("clock clock-danger")
    SLACycle.objects.update(due_at=timezone.now() - HOUR)
    # The minute after which the page asks again is over at once.
    page.clock.fast_forward(60_000)
    expect(badge).to_contain_text("First response 1 h over")
    expect(badge).to_have_class("clock clock-danger")
