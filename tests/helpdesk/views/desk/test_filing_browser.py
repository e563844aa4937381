"""An agent takes down a ticket for a caller, in a real browser and by keyboard."""

import pytest
from playwright.sync_api import Page, expect

from helpdesk.models import FieldValue, Queue, Ticket, User
from tests.browser import Browse, assert_accessible
from tests.factories import CategoryFactory, CustomFieldFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _pick(page: Page, typed: str, name: str) -> None:
    page.get_by_role("combobox", name="For whom?").press_sequentially(typed)
    expect(page.get_by_role("option", name=name)).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def test_caller_is_picked_and_the_topics_questions_come_without_losing_a_word(
    browse: Browse, mara: User, ada: User, queue: Queue
) -> None:
    printers = CategoryFactory.create(name="Printers", queue=queue)
    CustomFieldFactory.create(category=printers, label="Which room?", code="room", is_required=True)
    page = browse(mara)
    page.goto("/admin/")
    page.keyboard.press("c")
    page.wait_for_url("**/admin/tickets/new/")
    _pick(page, "lovel", "Ada Lovelace")
    expect(page.locator("#filing-who")).to_contain_text("ada@example.org")
    page.get_by_label("In a few words").fill("No paper")
    page.get_by_label("What happened?").fill("None at **all**.")
    page.get_by_label("Category").select_option("Printers")
    expect(page.locator("#filing-said")).to_have_text("There are questions about this topic below.")
    page.get_by_label("Which room?").fill("12")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".preview strong")).to_have_text("all")
    assert_accessible(page)
    page.get_by_role("button", name="Write").click()
    # What was kept meanwhile brings all of it back, who asks too.
    expect(page.locator(".draft-said")).to_contain_text("Saved as a draft")
    page.reload()
    expect(page.get_by_role("combobox", name="For whom?")).to_have_value("Ada Lovelace")
    expect(page.get_by_label("Which room?")).to_have_value("12")
    page.get_by_label("Assign it to me").check()
    page.get_by_label("What happened?").press("Control+Enter")
    page.wait_for_url("**/admin/tickets/WD-*/")
    ticket = Ticket.objects.get()
    assert (ticket.requester, ticket.assignee, ticket.category) == (ada, mara, printers)
    assert FieldValue.objects.get(ticket=ticket).answer == "12"
