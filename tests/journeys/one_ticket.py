"""The story of one ticket in a browser, from a report with a picture to a confirmed solution.

Also played against a running demo: `.venv/bin/python -m tests.journeys.one_ticket http://localhost:8000`.
"""

import struct
import sys
import zlib
from dataclasses import dataclass, field
from typing import Final

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from config.demo_world.people import PASSWORD
from tests.chromium import FLAGS, executable

WIDE: Final = 1280


def picture() -> bytes:
    """A red square of 8 × 8, as PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixels = (b"\0" + b"\xff\0\0" * 8) * 8
    header = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")


@dataclass
class Story:
    """The people of the demo, each in a browser of their own, and the ticket that they share."""

    browser: Browser
    url: str
    width: int = WIDE
    ref: str = ""
    pages: dict[str, Page] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)

    def page(self, name: str) -> Page:
        """The person's browser, signed in by the login form the first time."""
        if name not in self.pages:
            context = self.browser.new_context(
                base_url=self.url, viewport={"width": self.width, "height": 900}, locale="en-GB"
            )
            page = context.new_page()
            page.set_default_timeout(15_000)
            page.on("console", lambda message: self._note(message.type, message.text))
            page.on("pageerror", lambda error: self.complaints.append(str(error)))
            page.goto("/accounts/login/")
            page.get_by_label("E-mail").fill(f"{name}@example.org")
            page.get_by_label("Password").fill(PASSWORD)
            page.locator("main").get_by_role("button", name="Log in", exact=True).click()
            page.wait_for_url(lambda url: "/accounts/" not in url)
            self.pages[name] = page
        return self.pages[name]

    def _note(self, kind: str, text: str) -> None:
        if kind == "error" or "Content Security Policy" in text:
            self.complaints.append(text)

    def portal(self, name: str) -> Page:
        """The ticket as the requester sees it."""
        page = self.page(name)
        page.goto(f"/tickets/{self.ref}/")
        return page

    def desk(self, name: str) -> Page:
        """The ticket as the desk sees it."""
        page = self.page(name)
        page.goto(f"/admin/tickets/{self.ref}/")
        return page

    def file(self, name: str) -> None:
        """Ask for help, with a picture."""
        page = self.page(name)
        page.goto("/")
        page.locator("main").get_by_role("link", name="Get help").first.click()
        page.get_by_role("link", name="Something does not work").click()
        page.get_by_label("In a few words").fill("The lamp in ward 3 flickers")
        page.get_by_label("Where does it happen?").fill("Ward 3")
        page.get_by_label("Several people").check()
        page.get_by_label("What happened").fill("Every ten seconds, **since noon**. See the picture.")
        page.locator("input[type=file]").set_input_files(
            {"name": "lamp.png", "mimeType": "image/png", "buffer": picture()}
        )
        page.get_by_role("button", name="Send").click()
        page.wait_for_url("**/tickets/WD-*/received/")
        page.get_by_role("link", name="Open your ticket").click()
        page.wait_for_url("**/tickets/WD-*/")
        self.ref = page.url.rstrip("/").rpartition("/")[2]
        expect(page.get_by_role("heading", level=1)).to_have_text("The lamp in ward 3 flickers")
        expect(page.get_by_role("link", name="lamp.png")).to_be_visible()
        expect(page.locator(".words strong")).to_have_text("since noon")

    def take(self, name: str) -> None:
        """An agent takes the ticket from the list."""
        page = self.page(name)
        page.goto("/admin/tickets/")
        page.get_by_role("link", name=self.ref).click()
        page.wait_for_url(f"**/admin/tickets/{self.ref}/**")
        self._open_side(page)
        page.get_by_role("button", name="Take").click()
        expect(self._side(page, "Assignee").locator("p").first).not_to_contain_text("Nobody")

    def move(self, name: str, title: str, text: str, kind: str = "") -> None:
        """An agent opens a button of the ticket's page and fills in what it asks."""
        page = self.desk(name)
        self._open_side(page)
        panel = page.locator("details.act", has=page.locator("summary.button", has_text=title))
        panel.locator("summary").click()
        if kind:
            panel.locator("select").select_option(label=kind)
        panel.locator("textarea").fill(text)
        with page.expect_navigation():
            panel.locator("button[type=submit]").click()

    def answer(self, name: str, text: str) -> None:
        """The requester writes in the portal."""
        page = self.portal(name)
        page.locator("section.composer textarea").fill(text)
        page.get_by_role("button", name="Send").click()
        expect(page.locator(".letters .words").last).to_contain_text(text)

    def reject(self, name: str, text: str) -> None:
        """The requester says that it is still a problem."""
        page = self.portal(name)
        page.locator("section.composer textarea").fill(text)
        page.get_by_role("button", name="Still a problem").click()
        expect(page.locator(".letters .words").last).to_contain_text(text)

    def confirm(self, name: str) -> None:
        """The requester says that it is solved."""
        page = self.portal(name)
        page.get_by_role("button", name="This solved it").click()
        expect(page.get_by_role("button", name="This solved it")).to_have_count(0)

    def record(self, name: str) -> list[str]:
        """The lines of the timeline, as the desk shows them."""
        lines = self.desk(name).locator(".happened summary > span:first-child").all_inner_texts()
        return [" ".join(line.split()) for line in lines]

    def status(self, name: str) -> str:
        """The status, as the desk shows it."""
        page = self.desk(name)
        self._open_side(page)
        return " ".join(self._side(page, "Status").locator("p").first.inner_text().split())

    @staticmethod
    def _open_side(page: Page) -> None:
        """On a phone what is beside the conversation lies behind a button."""
        opener = page.locator("#to-side")
        if opener.is_visible():
            opener.click()

    @staticmethod
    def _side(page: Page, heading: str) -> Locator:
        return page.locator("section.side", has=page.get_by_role("heading", name=heading, exact=True))


# The lines between the messages; what somebody wrote stands there itself.
RECORD: Final = [
    "Mara Silva took this ticket",
    "Status from “New” to “Open”",
    "Mara Silva changed the status from “Open” to “Waiting for the requester”",
    "Status from “Waiting for the requester” to “Open”",
    "Mara Silva escalated from Tier 1 to Tier 2",
    "Mara Silva gave this ticket back: nobody has it",
    "Tom Okafor took this ticket",
    "Tom Okafor escalated from Tier 2 to Tier 3",
    "Tom Okafor gave this ticket back: nobody has it",
    "Lea Novak took this ticket",
    "Lea Novak resolved this ticket: Fixed",
    "Ida Berg says that it is still a problem",
    "Lea Novak resolved this ticket: Fixed",
    "Ida Berg confirmed that it is solved",
]

# What each of them is mailed, in order; the last words of the sentence that says what happened.
MAILED: Final = {
    "ida@example.org": [
        "We have received your report and will answer here.",
        "Mara Silva answered you. We need your answer to go on.",
        "Lea Novak believes that this is solved. Please tell us whether it is.",
        "Lea Novak believes that this is solved. Please tell us whether it is.",
    ],
    "mara@example.org": ["Ida Berg answered. The ticket is open again."],
    "tom@example.org": [],
    "lea@example.org": [
        "Ida Berg says that it is still a problem. The ticket is open again.",
        "Ida Berg confirmed that it is solved. The ticket is closed.",
    ],
}


def play(story: Story) -> None:
    """The whole story."""
    story.file("ida")
    story.take("mara")
    story.move("mara", "Ask the requester", "Is it the left or the right one?")
    story.answer("ida", "The left one.")
    story.move("mara", "Escalate", "The fuse is fine; somebody has to look at the wiring.")
    story.take("tom")
    story.move("tom", "Escalate", "The dimmer's firmware; only the platform team may load it.")
    story.take("lea")
    story.move("lea", "Resolve", "New firmware is on it.", kind="Fixed")
    story.reject("ida", "It flickers again, only slower.")
    story.move("lea", "Resolve", "The dimmer itself was broken and is a new one now.", kind="Fixed")
    story.confirm("ida")
    told = {"record": story.record("lea"), "status": story.status("lea"), "complaints": story.complaints}
    if told != {"record": RECORD, "status": told["status"], "complaints": []} or "Closed" not in told["status"]:
        raise AssertionError(f"The story went otherwise: {told}")


def main() -> None:
    """Play it against the product that runs at the address given."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=list(FLAGS))
        story = Story(browser, sys.argv[1])
        play(story)
        browser.close()
    sys.stdout.write(f"{story.ref} went from report to confirmed solution.\n")


if __name__ == "__main__":
    main()
