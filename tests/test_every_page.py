"""Every page of portal and desk in a real browser, whoever added it: no serious finding of axe, one heading, nothing
wider than the window, no word of the content security policy. The set-up pages are walked in `helpdesk/admin`.
"""

from collections.abc import Iterator
from typing import Final

import pytest
from django.urls import NoReverseMatch, reverse
from playwright.sync_api import Page

from helpdesk.models import User
from tests.browser import PHONE, WIDE, Browse, assert_accessible
from tests.config.test_routes import ALL_RULES, DOORS, STRANGER, address, world
from tests.world import World

__all__ = ["world"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Who sees them, the routes that are walked as them, and how.
WALKS: Final = [
    pytest.param("agent", "admin:", WIDE, True, marks=pytest.mark.long),
    ("agent", "admin:", PHONE, False),
    ("owner", "portal:", WIDE, False),
    pytest.param("owner", "portal:", PHONE, True, marks=pytest.mark.long),
    (STRANGER, "account_", PHONE, False),
]


def walk(world: World, name: str, prefix: str) -> Iterator[str]:
    """The addresses that this person may open."""
    for route, rule in ALL_RULES.items():
        is_setup = route.startswith("admin:helpdesk_")
        if route.startswith(prefix) and not is_setup and not rule.posts and rule.who(world, name):
            yield address(world, route)
    for route in sorted(DOORS):
        if route.startswith(prefix):
            try:
                yield reverse(route)
            except NoReverseMatch:
                # A door with a key in its address, which a mail holds.
                continue


def what_is_wrong(page: Page) -> str:
    try:
        assert_accessible(page)
    except AssertionError as problem:
        return str(problem)
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        return "something is wider than the window"
    headings = page.get_by_role("heading", level=1).count()
    return "" if headings == 1 else f"{headings} headings of the first level"


@pytest.mark.parametrize(("name", "prefix", "width", "dark"), WALKS)
def test_every_page_is_accessible_and_fits(
    browse: Browse, world: World, name: str, prefix: str, width: int, dark: bool
) -> None:
    person: User | None = None if name == STRANGER else world.people[name]
    page = browse(person, width=width, dark=dark)
    wrong = []
    for where in dict.fromkeys(walk(world, name, prefix)):
        # What is no page: files, and parts that a script puts into a page, where they are looked at.
        if "<html" not in page.request.get(where).text():
            continue
        page.goto(where)
        if problem := what_is_wrong(page):
            wrong.append(f"{where}: {problem}")
    assert not wrong, "\n".join(wrong)
