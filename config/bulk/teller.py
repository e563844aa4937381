"""Tells the histories of all tickets, the oldest first."""

import json
import random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from config.bulk import scripts
from config.bulk.acts import Scene
from config.bulk.chance import Choice, arrivals, by_rank
from config.bulk.desk import Desk, Topic
from config.bulk.history import VALUES, Book, Past, Voice
from config.bulk.people import Area, House
from config.bulk.plot import Clock, fate, seconds, seconds_at, steps
from config.bulk.scripts import Facts, Script
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


class Teller:
    """Tells them; each `tell()` is one ticket more in the book."""

    def __init__(
        self, rng: random.Random, book: Book, desk: Desk, people: Mapping[Area, Choice[House]], now: datetime
    ) -> None:
        self.rng, self.book, self.desk, self.people, self.now = rng, book, desk, people, now
        self._answers = scripts.answers(rng)
        self._scripts: dict[str, Choice[Script]] = {}
        self._values: dict[int, Choice[tuple[str, ...]] | None] = {}
        self._any_topic = next(iter(desk.topics.values()))

    def tell(self, count: int) -> Iterator[Past]:
        """The tickets one after the other, in the order in which they came."""
        self._scripts = scripts.tell(self.rng, count)
        areas = list(self.people)
        came = sorted((at, number) for number, area in enumerate(areas) for at in self._arrivals(area, count))[-count:]
        for place, (at, number) in enumerate(came):
            yield self._ticket(at, areas[number], 1 - place / count)

    def _arrivals(self, area: Area, count: int) -> Iterator[datetime]:
        # One more, since shares need not come out even; the oldest of all are left out.
        return arrivals(self.rng, round(area.share * count) + 1, area.zone, self.now, span(count).days)

    def _ticket(self, at: datetime, area: Area, age: float) -> Past:
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
        return past

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
