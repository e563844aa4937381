"""The ticket list by keyboard, its peek, its fields that suggest, and several tickets at once, in a real browser."""

import pytest
from playwright.sync_api import expect

from helpdesk.models import Queue, Team, Ticket, User
from tests.browser import Browse, assert_accessible
from tests.factories import make_agent, make_ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def two(queue: Queue, ada: User) -> list[Ticket]:
    return [make_ticket(ada, queue, subject=f"Matter {number}") for number in range(2)]


def test_list_is_worked_by_keyboard(browse: Browse, two: list[Ticket], mara: User) -> None:
    page = browse(mara)
    page.goto("/admin/tickets/")
    rows = page.locator(".what-link")
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("x")
    expect(page.locator(".bulk-count")).to_have_text("1 selected")
    assert_accessible(page)
    page.keyboard.press("Space")
    expect(page.get_by_role("dialog")).to_contain_text("It smokes since nine.")
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("?")
    page.get_by_label("Use keys of one letter in this browser").uncheck()
    assert_accessible(page)
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("#q")).not_to_be_focused()
    page.get_by_role("button", name="Take", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Take 1 ticket")
    assert_accessible(page)
    page.get_by_role("button", name="Take 1 ticket").click()
    expect(page.get_by_text("1 ticket is done.")).to_be_visible()
    assert_accessible(page)
    assert Ticket.objects.filter(assignee=mara).count() == 1


def test_filter_is_added_by_suggestion_and_taken_away(
    browse: Browse, two: list[Ticket], team: Team, mara: User
) -> None:
    tom = make_agent(team, name="Tom Weber", email="tom@example.org")
    Ticket.objects.filter(pk=two[0].pk).update(assignee=tom)
    page = browse(mara)
    page.goto("/admin/tickets/")
    page.locator("summary", has_text="Add filter").click()
    page.locator("#filter-assignee").press_sequentially("web")
    expect(page.get_by_role("option", name="Tom Weber")).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator(".what-link")).to_have_count(1)
    page.get_by_role("link", name="Take away Assignee: Tom Weber").click()
    expect(page.locator(".what-link")).to_have_count(2)
    # At no width do the other columns leave a subject without room.
    for width in (768, 1020, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.locator(".t-what").first.evaluate("cell => cell.clientWidth") > 200, width
