"""What becomes of a ticket: its steps from the report on, and when each of them happens."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from config.bulk import words
from config.bulk.chance import Choice
from config.bulk.scripts import Line, Script
from config.bulk.tables import escaped
from helpdesk.choices import Status

# Of a hundred that are not closed. That one in ten is not, and mostly of the latest, says `fate`.
_UNCLOSED: Final = Choice(
    (Status.NEW, Status.OPEN, Status.IN_PROGRESS, Status.PENDING, Status.ON_HOLD, Status.RESOLVED),
    (13, 33, 13, 20, 9, 12),
)
_STALE: Final = 0.05
_LATELY: Final = 0.055
# How many come back after they were solved, and how many people say that something is.
_COMES_BACK: Final = 0.05
_CONFIRMED: Final = 0.45
# How many go on for longer than their story, up to so many messages more.
_TALKATIVE: Final = 0.16
_MOST: Final = 34
_TAGGED: Final = 0.3
_WATCHED: Final = 0.06
_REGRADED: Final = 0.05
_MOVED: Final = 0.02
_CLIMBS: Final = 0.02

# From how many minutes to how many a step takes.
_PACE: Final = {
    verb: (math.log(low), math.log(high))
    for verb, low, high in (
        ("take", 6, 500), ("tag", 1, 4), ("start", 2, 90), ("ask", 5, 240), ("reply", 5, 600), ("note", 4, 400),
        ("escalate", 10, 900), ("hold", 15, 900), ("resolve", 25, 4000), ("answer", 30, 4000), ("confirm", 40, 5000),
        ("reject", 60, 4000), ("priority", 2, 60), ("queue", 2, 200), ("watch", 5, 300), ("reopen", 2000, 12000),
    )
}  # fmt: skip
# These the side that asks does, at any hour but not at night.
ASKERS: Final = frozenset({"answer", "confirm", "reject", "watch", "reopen"})
_DAY: Final = 86_400
_HOUR: Final = 3_600


_ASKING: Final = {language: tuple(map(escaped, texts)) for language, texts in words.ASKING.items()}
_ANSWERING: Final = {language: tuple(map(escaped, texts)) for language, texts in words.ANSWERING.items()}


def fate(rng: random.Random, age: float) -> Status:
    """Where it stands today; `age` is 0 for the newest and 1 for the oldest."""
    if rng.random() < _STALE + 0.9 * math.exp(-age / _LATELY):
        return _UNCLOSED(rng)
    return Status.CLOSED


def steps(rng: random.Random, script: Script, language: str, end: Status) -> list[Line]:
    """What happens after the report, until the ticket stands where it shall."""
    if end is Status.NEW:
        return []
    is_solved = end in {Status.RESOLVED, Status.CLOSED}
    middle = [*script.lines, *_talk(rng, language)]
    if not is_solved:
        middle = middle[: rng.randrange(len(middle) + 1)]
    elif rng.random() < _COMES_BACK:
        middle += _return(rng, script, language)
    done = [Line("take"), *_aside(rng, script), *_taken_again(middle)]
    match end:
        case Status.IN_PROGRESS:
            done.append(Line("start"))
        case Status.PENDING:
            done.append(Line("ask", rng.choice(_ANSWERING[language])))
        case Status.ON_HOLD:
            done.append(Line("hold", rng.choice(words.HOLDING)))
        case Status.RESOLVED:
            done.append(script.resolution)
        case Status.CLOSED:
            done += [script.resolution, Line("confirm" if rng.random() < _CONFIRMED else "close")]
        case _:
            # What waits for us waits for an answer, or for whoever takes it next.
            done += [Line("answer", rng.choice(_ASKING[language]))] if rng.random() < 0.5 else []
    return done


def _talk(rng: random.Random, language: str) -> Iterator[Line]:
    """A few words more, and now and then very many."""
    if rng.random() >= _TALKATIVE:
        return
    for number in range(min(_MOST, int(2 * rng.paretovariate(1.1)))):
        if rng.random() < 0.15:
            yield Line("note", rng.choice(words.NOTING))
        elif number % 2:
            yield Line("answer", rng.choice(_ASKING[language]))
        else:
            yield Line("ask" if rng.random() < 0.4 else "reply", rng.choice(_ANSWERING[language]))
    if rng.random() < 0.2:
        yield Line("hold", rng.choice(words.HOLDING))


def _return(rng: random.Random, script: Script, language: str) -> list[Line]:
    """It is solved and comes back; right away, or after it was closed."""
    again = Line("reply", rng.choice(_ANSWERING[language]))
    complaint = rng.choice(words.REJECTING[language])
    if rng.random() < 0.5:
        return [script.resolution, Line("reject", complaint), again]
    closing = Line("confirm" if rng.random() < _CONFIRMED else "close")
    return [script.resolution, closing, Line("reopen", complaint), again]


def _aside(rng: random.Random, script: Script) -> Iterator[Line]:
    """What is put right about the ticket when somebody first looks at it."""
    if script.tags or rng.random() < _TAGGED:
        yield Line("tag")
    if rng.random() < _REGRADED:
        yield Line("priority")
    if rng.random() < _WATCHED:
        yield Line("watch")
    if rng.random() < _MOVED:
        yield from (Line("queue"), Line("take"))
    if rng.random() < _CLIMBS:
        yield from (Line("escalate", rng.choice(words.ESCALATING)), Line("take"))


def _taken_again(lines: list[Line]) -> Iterator[Line]:
    """The same; who escalates gives it away, and somebody has to take it."""
    for line in lines:
        if line.verb in _PACE:
            yield line
        if line.verb == "escalate":
            yield Line("take")


@dataclass(frozen=True, slots=True)
class Clock:
    """When it was reported, when now is, in seconds, how far the place is from UTC, and the quiet days."""

    began: int
    now: int
    offset: int
    quiet: int

    def times(self, rng: random.Random, lines: list[Line], *, ends_resolved: bool) -> Iterator[tuple[Line, int]]:
        """The steps and when they happen: all of them before now, and in their order."""
        found = self._walk(rng, lines)
        if found and found[-1] >= self.now:
            # What closed by itself took its days; what ended sooner was confirmed.
            lines = [Line("confirm") if line.verb == "close" else line for line in lines]
            found = self._walk(rng, lines)
            if found[-1] >= self.now:
                share = (self.now - 1 - self.began) / (found[-1] - self.began)
                found = [self.began + int((at - self.began) * share) for at in found]
        if ends_resolved and found[-1] <= self.now - self.quiet + _HOUR:
            # Otherwise it would have closed by now.
            found[-1] = self.now - int(self.quiet * (0.02 + 0.9 * rng.random()))
        return zip(lines, found, strict=True)

    def _walk(self, rng: random.Random, lines: list[Line]) -> list[int]:
        at, found = self.began, list[int]()
        for line in lines:
            if line.verb == "close":
                at += self.quiet + rng.randrange(3, 60)
            else:
                low, high = _PACE[line.verb]
                at = self._awake(at + int(60 * math.exp(low + (high - low) * rng.random())), line.verb)
            found.append(at)
        return found

    def _awake(self, at: int, verb: str) -> int:
        """The moment, or the next morning of who does it; the desk rests on weekends."""
        first, last = (7, 22) if verb in ASKERS else (8, 18)
        day, second = divmod(at + self.offset, _DAY)
        if second >= last * _HOUR:
            day, second = day + 1, first * _HOUR + at % 5000
        elif second < first * _HOUR:
            second = first * _HOUR + at % 5000
        # 1970 began on a Thursday.
        if verb not in ASKERS and (weekday := (day + 3) % 7) > 4:
            day, second = day + 7 - weekday, first * _HOUR + at % 5000
        return day * _DAY + second - self.offset


def seconds(span: timedelta | None) -> int:
    """A span as a clock counts it."""
    return int(span.total_seconds()) if span else 0


def seconds_at(moment: datetime) -> int:
    """A point in time as a clock counts it."""
    return int(moment.timestamp())
