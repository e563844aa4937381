"""`make screenshots`: the ten main pages at 1280 and 390 px, light and dark, of a desk of its own.

It fills a database on engines of its own with presets and demo, starts a real web server on a free port of this
machine, takes the pictures into docs/screenshots/, and clears what it made. The stories of the demo lie as long ago
on each day, so that ages are the same each time; dates are not, which is why only the README's picture is kept.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from config.demo_world.people import PASSWORD
from config.embedded import Engines
from config.embedded.files import BASE_DIR
from tests.chromium import FLAGS, executable
from tests.config.checkout import free_port
from tests.processes import answers, running, wait_until

FOLDER: Final = BASE_DIR / "docs" / "screenshots"
WIDTHS: Final = {1280: 800, 390: 844}
# The picture of the README: which shot, and where it lies.
BEST: Final = ("desk-ticket", 1280, "light")
README_PICTURE: Final = BASE_DIR / "docs" / "desk.png"
MOST_BYTES: Final = 300_000


@dataclass(frozen=True)
class Shot:
    """A page as somebody sees it; `find` is the words of a link on `path` that leads on to it."""

    name: str
    who: str
    path: str
    find: str = ""


SHOTS: Final = (
    Shot("portal-home", "ida", "/"),
    Shot("portal-topic", "ida", "/tickets/new/"),
    Shot("portal-questions", "ida", "/tickets/new/?category=broken"),
    Shot("portal-tickets", "jonas", "/tickets/"),
    Shot("portal-ticket", "ida", "/tickets/", "Export of visits stops"),
    Shot("desk-home", "mara", "/admin/"),
    Shot("desk-tickets", "sam", "/admin/tickets/"),
    Shot("desk-ticket", "tom", "/admin/tickets/?q=Export+of+visits", "Export of visits stops"),
    Shot("desk-people", "ada", "/admin/helpdesk/user/"),
    Shot("desk-mailbox", "grace", "/admin/mailbox/"),
)


@contextmanager
def _desk(folder: Path) -> Iterator[str]:
    """A desk of its own, filled and answering. Its address."""
    engines = Engines("test-shots")
    lock = engines.lock()
    if lock is None:
        raise SystemExit("Screenshots are being taken already.")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {
        **{name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL", "EMAIL_URL"}},
        "WATCHDESK_ENGINES": engines.kind,
        "BASE_URL": url,
        "DEBUG": "1",  # Static files as they are written, without collecting them.
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    with lock, ExitStack() as stack:
        stack.callback(engines.remove)
        stack.enter_context(engines.running())
        for command in (["migrate", "--no-input"], ["seed_demo"]):
            _say(f"{command[0]} ...")
            _manage(environment, *command)
        _manage(environment, "shell", "--no-imports", "-c", _SEND)
        serve = [sys.executable, "-m", "config.tether", sys.executable, "-m", "gunicorn", "config.wsgi"]
        options = ["--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--threads", "8", "--no-control-socket"]
        stack.enter_context(running([*serve, *options], folder / "web.log", folder=BASE_DIR, environment=environment))
        wait_until(lambda: answers(f"{url}/healthz"), "the desk to answer", seconds=60)
        yield url


_SEND: Final = """
from django.utils import timezone
from helpdesk.actions.deliveries import send_due
send_due(now=timezone.now(), limit=500)
"""


def _manage(environment: Mapping[str, str], *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=BASE_DIR,
        env=dict(environment),
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _context(browser: Browser, url: str, who: str, width: int, look: str) -> BrowserContext:
    context = browser.new_context(
        base_url=url,
        viewport={"width": width, "height": WIDTHS[width]},
        color_scheme="dark" if look == "dark" else "light",
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="Europe/Berlin",
    )
    page = context.new_page()
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill(f"{who}@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url(lambda address: "/accounts/" not in address)
    return context


def _open(page: Page, shot: Shot) -> None:
    page.goto(shot.path)
    if shot.find:
        page.locator("main").get_by_role("link", name=shot.find).first.click()
    page.wait_for_load_state("networkidle")


def _take(browser: Browser, url: str) -> None:
    for width in WIDTHS:
        for look in ("light", "dark"):
            contexts: dict[str, BrowserContext] = {}
            for shot in SHOTS:
                if shot.who not in contexts:
                    contexts[shot.who] = _context(browser, url, shot.who, width, look)
                page = contexts[shot.who].pages[0]
                _open(page, shot)
                page.screenshot(path=FOLDER / f"{shot.name}-{width}-{look}.png")
            for context in contexts.values():
                context.close()


def _keep_best() -> None:
    name, width, look = BEST
    source = FOLDER / f"{name}-{width}-{look}.png"
    size = source.stat().st_size
    if size > MOST_BYTES:
        raise SystemExit(f"{source.name} has {size} bytes; the README's picture may have {MOST_BYTES}.")
    shutil.copy(source, README_PICTURE)


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main() -> None:
    """Take them all."""
    chromium = executable()
    if chromium is None:
        raise SystemExit("Screenshots need Chromium: apt-get install chromium")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with _desk(FOLDER) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        _say("taking the pictures ...")
        _take(browser, url)
        browser.close()
    (FOLDER / "web.log").unlink(missing_ok=True)
    _keep_best()
    _say(f"{len(SHOTS) * 4} pictures are in {FOLDER.relative_to(BASE_DIR)}.")


if __name__ == "__main__":
    main()
