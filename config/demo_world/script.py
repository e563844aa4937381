"""The stories as they are written, in `stories/*.txt`.

    === The subject, perhaps {one|another}, with {facts}
    topic: broken            (the code of a category; further: priority, tags, times, region, who, ago, lang, files,
                              when: night, phone: yes)

    The report.

    --- take                 (what happens, and perhaps: who does it, how much later, how it was solved, +a-file.png)
    --- answer 2d
    What is said.

    --- priority 2           (and: watch NAME@HOUSE.example; the tags of the head come with the first who takes it)

`times` is how often a story happens to somebody. One with `who` and `ago` happens once, to that person, so many hours
ago, its steps evenly until now: these are what the demo's logins find.
"""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

from config.demo_world.facts import FACTS
from helpdesk.choices import ResolutionKind

FOLDER: Final = Path(__file__).parent / "stories"
VERBS: Final = frozenset(
    {
        "take", "start", "ask", "reply", "note", "escalate", "deescalate", "hold", "resolve", "give",
        "answer", "confirm", "reject", "reopen", "watch", "priority", "tag",
    }
)  # fmt: skip
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days"}
_SPAN: Final = re.compile(r"\A(\d+)([mhd])\Z")
_FACT: Final = re.compile(r"\{([a-z_]+)\}")
_CHOICE: Final = re.compile(r"\{([^{}|]*(?:\|[^{}|]*)+)\}")


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happens to a ticket: what, the words, and what the line says of who, how and when."""

    verb: str
    text: str = ""
    who: str = ""
    after: timedelta | None = None
    kind: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """A ticket from its report on."""

    code: str
    subject: str
    body: str
    topic: str
    steps: tuple[Step, ...]
    head: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_fixed(self) -> bool:
        """Whether it happens once, to a person that it names."""
        return "who" in self.head

    @property
    def times(self) -> int:
        """How often it happens."""
        return int(self.head.get("times", 1))

    @property
    def files(self) -> tuple[str, ...]:
        """The names of the files on the report."""
        return tuple(self.head.get("files", "").split())

    @property
    def tags(self) -> tuple[str, ...]:
        """The words by which agents find it again."""
        return tuple(tag.strip() for tag in self.head.get("tags", "").split(",") if tag.strip())


def stories() -> list[Story]:
    """All of them, in the order of the files."""
    return [story for path in sorted(FOLDER.glob("*.txt")) for story in _parsed(path)]


def _parsed(path: Path) -> Iterator[Story]:
    chunks = re.split(r"^=== ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    for number, chunk in enumerate(chunks, start=1):
        report, *rest = re.split(r"^--- ", chunk, flags=re.MULTILINE)
        title, _, body = report.partition("\n\n")
        subject, *lines = title.splitlines()
        head = dict(_pair(line) for line in lines)
        yield Story(
            f"{path.stem}-{number}",
            subject.strip(),
            body.strip(),
            head.pop("topic"),
            tuple(_step(part) for part in rest),
            head,
        )


def _pair(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.strip(), value.strip()


def _step(part: str) -> Step:
    line, _, text = part.partition("\n")
    verb, *words = line.split()
    if verb not in VERBS:
        raise ValueError(f"No story knows “{verb}”.")
    spans = [span(word) for word in words if _SPAN.match(word)]
    kinds = [word for word in words if word in ResolutionKind.values]
    files = tuple(word.removeprefix("+") for word in words if word.startswith("+"))
    who = [word for word in words if not (_SPAN.match(word) or word in kinds or word.startswith("+"))]
    return Step(verb, text.strip(), "".join(who), spans[0] if spans else None, "".join(kinds), files)


def span(text: str) -> timedelta:
    """The length of `90m`, `6h`, `2d`."""
    match = _SPAN.match(text)
    if match is None:
        raise ValueError(f"“{text}” is no length of time.")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


class Telling:
    """One occurrence of a story: it chooses among its words and facts, and stays with its choice of facts."""

    def __init__(self, rng: random.Random, known: Mapping[str, str]) -> None:
        self.rng = rng
        self.facts = dict(known)

    def words(self, text: str) -> str:
        """The text with every place filled in."""
        return _CHOICE.sub(lambda place: self.rng.choice(place[1].split("|")), _FACT.sub(self._fact, text))

    def _fact(self, place: re.Match[str]) -> str:
        name = place[1]
        if name not in self.facts:
            choices: Sequence[str] | None = FACTS.get(name)
            if choices is None:  # Braces of somebody's code.
                return place[0]
            self.facts[name] = self.rng.choice(choices)
        return self.facts[name]
