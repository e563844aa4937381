"""The hands of somebody at a page: with a pointer, or with the keyboard alone."""

from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Locator, Page, expect

# More stops than any page of ours has on the way.
_STOPS: Final = 250


@dataclass(frozen=True, slots=True)
class Hands:
    """Does to a page what somebody does; `keys` is without a pointer, and finds its way by Tab."""

    page: Page
    keys: bool = False

    @property
    def is_phone(self) -> bool:
        """Whether the page is as narrow as a phone."""
        size = self.page.viewport_size
        return size is not None and size["width"] < 600

    def reach(self, target: Locator) -> None:
        """Bring the focus there, step by step."""
        expect(target).to_have_count(1)
        for _stop in range(_STOPS):
            if target.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never comes to {target}.")

    def press(self, target: Locator) -> None:
        """Use a button, a link, or whatever else unfolds."""
        if not self.keys:
            target.click()
            return
        self.reach(target)
        self.page.keyboard.press("Enter")

    def tick(self, box: Locator) -> None:
        """Tick a box."""
        if not self.keys:
            box.check()
            return
        self.reach(box)
        self.page.keyboard.press("Space")

    def type(self, field: Locator, text: str) -> None:
        """Write into a field."""
        if not self.keys:
            field.fill(text)
            return
        self.reach(field)
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.type(text)

    def choose(self, select: Locator, label: str) -> None:
        """Choose from a list by its first letters."""
        if not self.keys:
            select.select_option(label=label)
            return
        self.reach(select)
        self.page.keyboard.type(label)
        expect(select.locator("option:checked")).to_have_text(label)

    def pick(self, field: Locator, text: str, option: str) -> None:
        """Pick what a field suggests for what is typed."""
        self.type(field, text)
        suggested = self.page.get_by_role("option", name=option).first
        expect(suggested).to_be_visible()
        if self.keys:
            self.page.keyboard.press("ArrowDown")
            self.page.keyboard.press("Enter")
        else:
            suggested.click()
