"""The stories of the demo, told often enough that no two tickets of a page look alike."""

import random
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from config.bulk import words
from config.bulk.chance import Choice, by_rank
from config.bulk.tables import escaped
from config.demo_world.facts import ANSWERS
from config.demo_world.plan import days
from config.demo_world.script import Story, Telling, stories

# Filled in for each ticket: names, and what one calls the days around it.
_LATE: Final = (
    "first", "house", "agent", "month", "last_month", "month_before", "weekday", "last_weekday", "day", "soon", "date",
    "year",
)  # fmt: skip
_PLACE: Final = re.compile(r"\{(" + "|".join(_LATE) + r")\}")
# How often each story is told at most, in words of its own.
_TELLINGS: Final = 60
# These come at the end, and the plot says what the end is.
_ENDS: Final = frozenset({"resolve", "confirm", "reject", "reopen"})


@dataclass(frozen=True, slots=True)
class Line:
    """A step of a story with its words, as COPY reads them: an action, and what it needs beside the words."""

    verb: str
    text: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class Script:
    """A story in the words of one telling."""

    topic: str
    subject: str
    body: str
    lines: tuple[Line, ...]
    resolution: Line
    tags: tuple[str, ...]


class Facts:
    """What the places in a ticket's words are filled with."""

    def __init__(self, language: str, first: str, house: str, at: datetime) -> None:
        self._known = {"first": first, "house": house or first, "agent": ""}
        self._language, self._at = language, at

    def fill(self, text: str, agent: str = "") -> str:
        """The text with its places filled in."""
        if "{" not in text:
            return text
        if "day" not in self._known:
            self._known |= days(self._language, self._at)
        self._known["agent"] = agent
        return _PLACE.sub(lambda place: self._known[place[1]], text)


def tell(rng: random.Random, tickets: int) -> dict[str, Choice[Script]]:
    """Scripts by the language in which they are told."""
    all_of = defaultdict[str, list[Story]](list)
    for story in stories():
        all_of[story.head.get("lang", "en")].append(story)
    times = max(1, min(_TELLINGS, tickets // 40))
    told = {}
    for language, some in sorted(all_of.items()):
        rng.shuffle(some)
        # All tellings of the favourite story weigh as much as its rank says.
        ranks = by_rank(some)
        told[language] = Choice(
            [_script(story, language, rng) for story in ranks.things for _time in range(times)],
            [(rank + 3) ** -0.7 for rank in range(len(some)) for _time in range(times)],
        )
    return told


def answers(rng: random.Random) -> Mapping[str, Sequence[str]]:
    """What people answer to a topic's questions, by their codes; what has no answers of its own is under ""."""
    telling = Telling(rng, _kept())
    told = {code: [telling.words(text) for text in texts for _time in range(5)] for code, texts in ANSWERS.items()}
    return {**told, "": ["As I wrote."]}


def _kept() -> dict[str, str]:
    return {name: f"{{{name}}}" for name in _LATE}


def _script(story: Story, language: str, rng: random.Random) -> Script:
    telling = Telling(rng, _kept())

    def told(text: str) -> str:
        return escaped(telling.words(text))

    subject, body = told(story.subject), told(story.body)
    lines, resolution = list[Line](), None
    for step in story.steps:
        more = step.kind or step.who
        if step.verb in _ENDS:
            if step.verb == "resolve":
                resolution = Line("resolve", told(step.text), step.kind or "answered")
            break
        if step.verb != "take":
            lines.append(Line(step.verb, told(step.text), more))
    if resolution is None:
        resolution = Line("resolve", escaped(rng.choice(words.RESOLVING[language])), "answered")
    return Script(story.topic, subject, body, tuple(lines), resolution, story.tags)
