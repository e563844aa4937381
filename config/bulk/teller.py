"""Tells the histories of all tickets, the oldest first."""

import json
import random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from config.bulk import scripts
from config.bulk.acts import Scene
from config.bulk.chance import Choice, arrivals, by_rank
from config.bulk.desk import Desk, Topic
from config.bulk.history import TABLES, TICKETS, VALUES, Book, Past, Voice
from config.bulk.people import Area, House
from config.bulk.plot import Clock, fate, seconds, seconds_at, steps
from config.bulk.scripts import Facts
from config.bulk.tables import NULL, escaped
from helpdesk.choices import Channel, FieldKind, Priority, Status
from helpdesk.models import CustomField, FieldValue

_DAYS: Final = (60, 1100)
_TICKETS_A_DAY: Final = 60
_PRIORITIES: Final = Choice((Priority.P1, Priority.P2, Priority.P3, Priority.P4), (1, 9, 56, 34))
_CHANNELS: Final = Choice((Channel.PORTAL, Channel.EMAIL, Channel.DESK), (77, 15, 8))
# How many answer a question that they need not answer.
_ANSWERING: Final = 0.35


def span(tickets: int) -> timedelta:
    """How many days so many tickets come from."""
    least, most = _DAYS
    return timedelta(days=max(least, min(most, tickets // _TICKETS_A_DAY)))


class Block(NamedTuple):
    """Some tickets with all that belongs to them: the rows of each table, and the first number after them."""

    rows: list[bytes]
    free: list[int]


class Teller:
    """Tells them in blocks, each by chance and with ids of its own, so that whoever tells one needs no other."""

    # Tickets of a block. More rows of a kind than that for each of them, on average, no block has.
    BLOCK = 2000
    _MOST: Final = 64

    def __init__(
        self,
        rng: random.Random,
        book: Book,
        desk: Desk,
        people: Mapping[Area, Choice[House]],
        *,
        now: datetime,
        count: int,
    ) -> None:
        self.rng, self.book, self.desk, self.people, self.now = rng, book, desk, people, now
        self._answers = scripts.answers(rng)
        self._scripts = scripts.tell(rng, count)
        self._values: dict[int, Choice[tuple[str, ...]] | None] = {}
        self._any_topic = next(iter(desk.topics.values()))
        areas = list(people)
        came = sorted((at, number) for number, area in enumerate(areas) for at in self._arrivals(area, count))[-count:]
        self._came = [(at, areas[number]) for at, number in came]
        self.blocks = -(-count // self.BLOCK)
        self._chances = [rng.getrandbits(64) for _number in range(self.blocks)]
        self._first, self._number = dict(book.free), book.number

    def block(self, number: int) -> Block:
        """The tickets of one block, in the order in which they came."""
        self.rng, before = random.Random(self._chances[number]), number * self.BLOCK  # noqa: S311 - no secret
        ids = {table: before if table is TICKETS else before * self._MOST for table in TABLES}
        free = {table: first + ids[table] for table, first in self._first.items()}
        book = self.book = Book(free, self._number + before)
        for place, (at, area) in enumerate(self._came[before : before + self.BLOCK], start=before):
            self._ticket(at, area, 1 - place / len(self._came))
        if number + 1 < self.blocks and any(
            book.free[table] > first + ids[table] + self.BLOCK * self._MOST for table, first in self._first.items()
        ):
            raise ValueError(f"Block {number} has more rows than ids.")
        return Block(["".join(book.lines[table]).encode() for table in TABLES], [book.free[table] for table in TABLES])

    def _arrivals(self, area: Area, count: int) -> Iterator[datetime]:
        # One more, since shares need not come out even; the oldest of all are left out.
        return arrivals(self.rng, round(area.share * count) + 1, area.zone, self.now, span(count).days)

    def _ticket(self, at: datetime, area: Area, age: float) -> None:
        rng = self.rng
        house = self.people[area](rng)
        asker = house.choose(rng)
        script = self._scripts[asker.language](rng)
        topic = self.desk.topics.get(script.topic, self._any_topic)
        channel = _CHANNELS(rng)
        local = at.astimezone(area.place)
        facts = Facts(asker.language, asker.first, asker.house, local)
        past = Past(self.book, self.desk, asker, topic, priority=_PRIORITIES(rng), at=at)
        # What comes by telephone an agent takes down.
        by_phone = channel is Channel.DESK
        voice = Voice(asker.pk, Channel.PORTAL if by_phone else channel)
        past.report(facts.fill(script.body), Voice(topic.line.workers(rng).pk, channel) if by_phone else voice)
        self._answer_questions(past, topic, facts, local)
        end = fate(rng, age)
        scene = Scene(rng, self.desk, past, facts, voice, house, script.tags)
        clock = Clock(
            seconds_at(at), seconds_at(self.now), seconds(local.utcoffset()), seconds(self.desk.windows.quiet)
        )
        lines = steps(rng, script, asker.language, end)
        for line, when in clock.times(rng, lines, ends_resolved=end is Status.RESOLVED):
            scene.act(line, datetime.fromtimestamp(when, UTC))
        past.end(facts.fill(script.subject), channel, self.now)

    def _answer_questions(self, past: Past, topic: Topic, facts: Facts, local: datetime) -> None:
        rng = self.rng
        for question in topic.questions:
            if not (question.is_required or rng.random() < _ANSWERING):
                continue
            if question.kind == FieldKind.DATE:
                days = rng.randrange(3, 12) if "by" in question.code else -rng.randrange(3)
                answer = _columns(question, (local + timedelta(days=days)).date().isoformat())
            elif (answers := self._answers_to(question)) is not None:
                answer = tuple(facts.fill(column) for column in answers(rng))
            else:
                continue
            self.book.add(VALUES, past.pk, question.pk, *answer)

    def _answers_to(self, question: CustomField) -> Choice[tuple[str, ...]] | None:
        """What is answered to a question, as COPY reads it; nothing where it is of a kind that has no words."""
        if question.pk not in self._values:
            told = {
                FieldKind.CHOICE: question.options,
                FieldKind.TEXT: self._answers.get(question.code, self._answers[""]),
                FieldKind.LONG_TEXT: self._answers.get(question.code, self._answers[""]),
            }.get(FieldKind(question.kind))
            self._values[question.pk] = by_rank([_columns(question, text) for text in told]) if told else None
        return self._values[question.pk]


def _columns(question: CustomField, answer: str) -> tuple[str, ...]:
    """An answer with the columns that follow from it."""
    row = FieldValue(field=question)
    row.fill(answer)
    picks = NULL
    if row.picks is not None:
        # The form of an array is that of JSON, but for its brackets.
        picks = escaped("{" + ", ".join(json.dumps(one, ensure_ascii=False) for one in row.picks) + "}")
    return escaped(json.dumps(answer, ensure_ascii=False)), escaped(row.words), picks, str(row.day or NULL)
