"""A real Chromium for tests marked `browser`; its fixtures are a plugin of the whole suite, see `conftest.py`.

Every page that `browse` opens is watched: an error in its console or a breach of the content security policy fails
the test at its end.
"""

from collections.abc import Callable, Container, Iterator
from typing import Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from helpdesk.models import User
from tests.chromium import FLAGS, executable
from tests.processes import wait_until

__all__ = ["Browse", "assert_accessible", "browse", "chromium", "findings"]

Browse = Callable[..., Page]

_AXE: Final = Axe()
# Nothing else of its report is wanted, and the rest would have to be made and carried over. No rule that we ask for
# reads style sheets, which it would load once more.
_AXE_OPTIONS: Final[dict[str, Any]] = {"resultTypes": ["violations"], "preload": {"assets": ["media"]}}

_IMPACTS: Final = ("minor", "moderate", "serious", "critical")
_SERIOUS: Final = frozenset({"serious", "critical"})
# A rule's findings are all as grave as the rule, so those that would be passed over are not looked for.
_RUN: Final = """
([options, impacts, leftOut]) => {
  const left = axe._audit.rules.filter(rule => rule.id === leftOut || (rule.impact && !impacts.includes(rule.impact)));
  const rules = Object.fromEntries(left.map(rule => [rule.id, { enabled: false }]));
  return axe.run({ ...options, rules }).then(results => results.violations);
}
"""

WIDE: Final = 1280
PHONE: Final = 390


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The distribution's Chromium, started once."""
    path = executable()
    if path is None:
        pytest.skip("no Chromium is installed; `.ci/run` installs it")
    expect.set_options(timeout=10_000)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread; Django would refuse the database because of it.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def browse(chromium: Browser, live_server: Any) -> Iterator[Browse]:
    """Call it for a page of the live server: `browse(user, width=390, dark=True, javascript=False)`."""
    complaints: list[str] = []
    contexts = []

    def open_page(user: User | None = None, *, width: int = WIDE, dark: bool = False, javascript: bool = True) -> Page:
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            reduced_motion="reduce",
            locale="en-GB",
        )
        contexts.append(context)
        if user is not None:
            context.add_cookies([session_cookie(user, live_server.url)])
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: _note(message, complaints))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        # What a page would still send when it is left must not reach the next test.
        context.set_offline(True)
        context.close()
    wait_until(_server_is_idle, "the answers to the last requests")
    assert not complaints, "\n".join(complaints)


def assert_accessible(page: Page) -> None:
    """No serious or critical finding of axe on the page as it stands."""
    found = findings(page)
    assert not found, "\n".join(found)


def findings(page: Page, *rules: str, leave_out: str = "", impacts: Container[str] = _SERIOUS) -> list[str]:
    """What axe finds on the page as it stands, by these rules or by all of its own but one that is left out."""
    if not page.evaluate("'axe' in window"):
        # Later pages of this tab begin with it: it is sent and compiled once.
        page.add_init_script(_AXE.axe_script)
        page.evaluate(_AXE.axe_script)
    options = {**_AXE_OPTIONS, "runOnly": list(rules)} if rules else _AXE_OPTIONS
    found = page.evaluate(_RUN, [options, [name for name in _IMPACTS if name in impacts], leave_out])
    return [
        f"{rule['id']}: {rule['help']}: {[node['html'] for node in rule['nodes']]}"
        for rule in found
        if rule["impact"] in impacts
    ]


def _server_is_idle() -> bool:
    """Whether no request is in the middle of the database, which is emptied after the test."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND state <> 'idle')"
        )
        return bool(cursor.fetchone()[0])


def session_cookie(user: User, url: str) -> Any:
    """What signs this person in where the address is."""
    client = Client()
    client.force_login(user)
    return {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": url,
    }


def _note(message: ConsoleMessage, complaints: list[str]) -> None:
    where = message.location["url"]
    # A page (its address ends with a slash, a file's does not) may answer with 4xx on purpose.
    refused = "status of 4" in message.text and where.partition("?")[0].endswith("/")
    # Nothing but a test breaks a request in these ways; the second is how `browse` leaves a page.
    broken = message.text.endswith(("net::ERR_FAILED", "net::ERR_INTERNET_DISCONNECTED"))
    if (message.type == "error" and not refused and not broken) or "Content Security Policy" in message.text:
        complaints.append(f"{where}: {message.text}")
