"""When which story happens, and to whom: the same for each `now`, but that nobody works on a weekend."""

import random
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from config.demo_world.people import CUSTOMERS, Person
from config.demo_world.places import ORGANIZATIONS
from config.demo_world.script import Step, Story, Telling, span

DAYS: Final = 90
# What never ends by itself is not older than this, or a desk would look asleep.
OPEN_ENDED_DAYS: Final = 11
CONFIRMING: Final = 0.45
AWAKE: Final = (7, 21)
MONTHS: Final = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
}  # fmt: skip
WEEKDAYS: Final = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
}
_AGENT_VERBS: Final = frozenset(
    {"start", "ask", "reply", "note", "escalate", "deescalate", "hold", "resolve", "give", "priority"}
)


@dataclass(frozen=True, slots=True)
class Tale:
    """A story with the person to whom it happens, its beginning, and its words chosen."""

    story: Story
    who: Person
    began: datetime
    telling: Telling
    subject: str
    steps: tuple[Step, ...]


def tales(stories: Sequence[Story], now: datetime, share: float = 1.0) -> list[Tale]:
    """Everything that happened until `now`. Of what happens to anybody only a `share`, for tests."""
    fixed = [_fixed(story, now) for story in stories if story.is_fixed]
    taken = {(tale.who.email, tale.subject) for tale in fixed}
    told = []
    for story in stories:
        if not story.is_fixed:
            told += list(_told(story, now, taken))
    kept = [tale for number, tale in enumerate(told) if number * share % 1 < share]
    return sorted([*fixed, *kept], key=lambda tale: (tale.began, tale.story.code, tale.who.email))


def _rng(*names: object) -> random.Random:
    """Chance of its own for each telling, so that a story added to a file changes no other."""
    return random.Random(zlib.crc32(repr(names).encode()))  # noqa: S311 - nothing here is a secret


def _fixed(story: Story, now: datetime) -> Tale:
    who = next(person for person in CUSTOMERS if story.head["who"] in {person.handle, person.email})
    began = now - span(story.head["ago"])
    telling = Telling(_rng(story.code), _facts(story, who, began))
    return Tale(story, who, began, telling, telling.words(story.subject), _played(story))


def _told(story: Story, now: datetime, taken: set[tuple[str, str]]) -> Iterator[Tale]:
    for number in range(story.times):
        rng = _rng(story.code, number)
        people = [person for person in CUSTOMERS if _fits(story, person)]
        rng.shuffle(people)
        # The same words twice from one person would look like a mistake, and a second seeding knows them by this.
        seed = rng.random()
        for who in people:
            began = _moment(story, who, now, rng)
            telling = Telling(random.Random(seed), _facts(story, who, began))  # noqa: S311 - as above
            subject = telling.words(story.subject)
            if (who.email, subject) not in taken:
                taken.add((who.email, subject))
                yield Tale(story, who, began, telling, subject, _ended(_played(story), rng))
                break


def region_of(person: Person) -> str:
    """The part of the world where a requester sits."""
    return ORGANIZATIONS[person.organizations[0].removesuffix("*")]


def _fits(story: Story, person: Person) -> bool:
    if person.shown_as or story.head.get("lang", "en") != person.language:
        return False
    return region_of(person) in story.head.get("region", region_of(person))


def _moment(story: Story, who: Person, now: datetime, rng: random.Random) -> datetime:
    """More of the last weeks than of those before them, by day, and seldom on a weekend."""
    is_open_ended = not story.steps or story.steps[-1].verb not in {"resolve", "confirm"}
    days = int((OPEN_ENDED_DAYS if is_open_ended else DAYS) * rng.random() ** 1.5)
    zone = ZoneInfo(who.time_zone)
    hour = rng.choice((8, 8, 9, 9, 9, 10, 10, 11, 11, 13, 14, 14, 15, 16, 17, 19, 21))
    at_night = story.head.get("when") == "night"
    if at_night:
        hour = rng.choice((1, 2, 3, 4, 22, 23))
    clock = time(hour, rng.randrange(60), rng.randrange(60))
    day = now.astimezone(zone).date() - timedelta(days=days)
    if day.weekday() > 4 and not at_night and rng.random() < 0.85:
        day -= timedelta(days=day.weekday() - 4)
    began = datetime.combine(day, clock, zone)
    # What would come later today came a day sooner.
    return (began if began < now else began - timedelta(days=1)).astimezone(now.tzinfo)


def _facts(story: Story, who: Person, began: datetime) -> dict[str, str]:
    return {
        "first": who.name.split(maxsplit=1)[0],
        "house": who.organizations[0].removesuffix("*"),
        **days(story.head.get("lang", "en"), began.astimezone(ZoneInfo(who.time_zone))),
    }


def days(language: str, local: datetime) -> dict[str, str]:
    """What people call the days around this one."""
    months, weekdays = MONTHS[language].split(), WEEKDAYS[language].split()
    tomorrow = local + timedelta(days=3)
    return {
        "month": months[local.month - 1],
        "last_month": months[local.month - 2],
        "month_before": months[local.month - 3],
        "weekday": weekdays[local.weekday()],
        "last_weekday": weekdays[(local.weekday() - 1) % 7],
        "day": f"{local.day} {months[local.month - 1]}"
        if language == "en"
        else f"{local.day}. {months[local.month - 1]}",
        "soon": f"{tomorrow.day} {months[tomorrow.month - 1]}",
        "date": local.date().isoformat(),
        "year": str(local.year),
    }


def _played(story: Story) -> tuple[Step, ...]:
    """The steps, with somebody who takes the ticket before they work on it, and puts its tags on it."""
    done: list[Step] = []
    is_taken = False
    for step in story.steps:
        if step.verb in _AGENT_VERBS and not is_taken:
            done.append(Step("take", who="" if step.verb in {"give", "priority"} else step.who))
            is_taken = True
        elif step.verb == "take":
            is_taken = True
        # Who escalates gives it out of their hands, and an answer after weeks starts a new ticket.
        if step.verb in {"escalate", "deescalate"} or (step.verb == "answer" and _is_late(step)):
            is_taken = False
        done.append(step)
    first = next((place for place, step in enumerate(done) if step.verb == "take"), None)
    if story.tags and first is not None:
        done.insert(first + 1, Step("tag"))
    return tuple(done)


def _is_late(step: Step) -> bool:
    return step.after is not None and step.after > timedelta(days=18)


def _ended(steps: tuple[Step, ...], rng: random.Random) -> tuple[Step, ...]:
    """Some say that it is solved; of the others nothing is heard, and it closes by itself."""
    if steps and steps[-1].verb == "resolve" and rng.random() < CONFIRMING:
        return (*steps, Step("confirm"))
    return steps


def on_duty(person: Person, at: datetime, hours: tuple[int, int], *, weekends: bool) -> datetime:
    """`at`, or the next moment at which the person is up."""
    zone = ZoneInfo(person.time_zone)
    local = at.astimezone(zone)
    first, last = hours
    if local.hour >= last:
        local = _morning(local + timedelta(days=1), first, at)
    elif local.hour < first:
        local = _morning(local, first, at)
    while not weekends and local.weekday() > 4:
        local = _morning(local + timedelta(days=1), first, at)
    return local.astimezone(at.tzinfo)


def _morning(day: datetime, hour: int, at: datetime) -> datetime:
    """Soon after the beginning of the day; the minute differs from one to the next."""
    return day.replace(hour=hour, minute=at.minute // 2 + 2, second=at.second)
