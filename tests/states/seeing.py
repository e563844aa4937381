"""What is looked at in every state: axe, in light and dark, one heading, the width of a phone, nothing that jumps."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Page

from helpdesk.models import User
from tests.browser import PHONE, WIDE, Browse, findings

Then = Callable[[Page], None]
# experience.md wants none at all; what browsers call good is below 0.1.
MOST_SHIFT: Final = 0.02
# Takes longer than all other rules together.
_COLOURS: Final = "color-contrast"

_WATCH: Final = """
window.shifted = [];
new PerformanceObserver(list => list.getEntries().forEach(entry => {
  if (!entry.hadRecentInput) {
    shifted.push([entry.value, ...entry.sources.map(source => {
      const node = source.node && (source.node.nodeType === 1 ? source.node : source.node.parentElement);
      return node ? node.outerHTML.slice(0, 120) : "";
    })]);
  }
})).observe({ type: "layout-shift", buffered: true });
"""
_WIDER: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# The frame of the desk looks at the system's colours when a page begins, and wears a class from then on.
_TURN: Final = "dark => document.querySelector('#main') && document.documentElement.classList.toggle('dark', dark)"


def stay(_page: Page) -> None:
    """The page as it comes."""


@dataclass(frozen=True)
class State:
    """A page as somebody sees it: where it is, and what they did there. `is_rare` ones are for the long run."""

    name: str
    who: str
    where: str
    then: Then = stay
    is_rare: bool = False
    # Whether the address answers with a page that nobody may see, or that says what is wrong.
    status: int = 200


class Eyes:
    """Looks at states, in one tab for each person."""

    def __init__(self, browse: Browse, people: dict[str, User | None]) -> None:
        self._browse, self._people = browse, people
        self._tabs: dict[str, Page] = {}

    def _tab(self, who: str) -> Page:
        if who not in self._tabs:
            tab = self._browse(self._people[who], width=WIDE)
            tab.add_init_script(_WATCH)
            self._tabs[who] = tab
        return self._tabs[who]

    def look(self, states: Iterable[State], *, thorough: bool) -> list[str]:
        """What is wrong, state by state."""
        wrong = []
        for state in states:
            tab = self._tab(state.who)
            try:
                problems = self._one(tab, state, thorough=thorough)
            except Exception as problem:  # noqa: BLE001 - one state that cannot be reached hides no other
                problems = [f"cannot be reached: {problem}"]
            wrong += [f"{state.name} ({state.who}, {tab.url}): {problem}" for problem in problems]
        return wrong

    def _one(self, tab: Page, state: State, *, thorough: bool) -> list[str]:
        answer = tab.goto(state.where)
        assert answer is not None
        if answer.status != state.status:
            return [f"answers with {answer.status}"]
        # What somebody does there may move things: only what comes by itself is counted.
        shifts: list[list[Any]] = tab.evaluate("shifted")
        state.then(tab)
        wrong = findings(tab) if thorough else findings(tab, leave_out=_COLOURS)
        headings = tab.get_by_role("heading", level=1).count()
        if headings != 1:
            wrong.append(f"{headings} headings of the first level")
        if sum(shift[0] for shift in shifts) > MOST_SHIFT:
            wrong.append(f"jumps: {shifts}")
        if thorough:
            tab.emulate_media(color_scheme="dark")
            tab.evaluate(_TURN, True)
            wrong += [f"in dark: {finding}" for finding in findings(tab, _COLOURS)]
            tab.emulate_media(color_scheme="light")
            tab.evaluate(_TURN, False)
        tab.set_viewport_size({"width": PHONE, "height": 844})
        if wider := tab.evaluate(_WIDER):
            wrong.append(f"{wider} pixels wider than a phone")
        tab.set_viewport_size({"width": WIDE, "height": 900})
        return wrong
