"""Plays the stories: each step by its action, all of them in the order of time, none of them later than now."""

import heapq
import math
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from config.demo_world import paper
from config.demo_world.acts import VERBS, Doing
from config.demo_world.facts import ANSWERS
from config.demo_world.people import DESK, Person
from config.demo_world.places import TEAMS
from config.demo_world.plan import AWAKE, Tale, on_duty, region_of
from config.demo_world.questions import answer_to
from config.demo_world.script import Step
from helpdesk.actions import clocks, consumers, status, tickets
from helpdesk.actions.files import NewFile, store
from helpdesk.actors import SYSTEM, Actor
from helpdesk.choices import Channel, FieldKind, Role
from helpdesk.domain.answers import Typed
from helpdesk.models import Category, CustomField, Queue, Ticket, Tier, User
from helpdesk.selectors.answers import questions_of

# Of what happened before this nobody is mailed any more.
TOLD_SINCE: Final = timedelta(hours=16)
# How often it is looked what came due on clocks.
_SWEPT_EVERY: Final = timedelta(hours=6)
# How many answer a question that they need not answer.
ANSWERING: Final = 0.4
OFFICE: Final = (8, 17)
_ANY_TIME: Final = (0, 24)
_FROM_REQUESTERS: Final = frozenset({"answer", "confirm", "reject", "reopen", "watch"})
# From how many minutes to how many a step takes, unless its line says more.
_PACE: Final[Mapping[str, tuple[int, int]]] = {
    "take": (6, 150), "start": (2, 20), "ask": (5, 40), "reply": (5, 60), "note": (4, 60), "give": (10, 60),
    "escalate": (10, 120), "deescalate": (20, 120), "hold": (15, 120), "resolve": (25, 600),
    "answer": (30, 1500), "confirm": (40, 2400), "reject": (60, 1800), "reopen": (1440, 5760),
    "tag": (1, 4), "priority": (2, 20), "watch": (5, 300),
}  # fmt: skip


@dataclass
class Scene:
    """A ticket in the middle of its story."""

    tale: Tale
    rng: random.Random
    ticket: Ticket | None = None
    agent: Person | None = None
    position: int = 0

    @property
    def next(self) -> Step | None:
        """What comes next, if anything does."""
        return self.tale.steps[self.position] if self.position < len(self.tale.steps) else None

    @property
    def shown(self) -> Ticket:
        """The ticket, once it is filed."""
        if self.ticket is None:
            raise ValueError("Nothing was filed yet.")
        return self.ticket


@dataclass
class Stage:
    """The desk on which the stories are played until `now`."""

    users: Mapping[str, User]
    now: datetime
    played: int = 0
    _actors: dict[tuple[str, Channel], Actor] = field(default_factory=dict)
    _line: list[tuple[datetime, int, Scene | None]] = field(default_factory=list)
    _questions: dict[int, list[CustomField]] = field(default_factory=dict)
    _count: int = 0

    def __post_init__(self) -> None:
        self.topics = {topic.code: topic for topic in Category.objects.select_related("queue")}
        self.queues: dict[int, str] = dict(Queue.objects.values_list("pk", "code"))
        self.levels: dict[int, int] = dict(Tier.objects.values_list("pk", "level"))

    def play(self, tales: Iterable[Tale]) -> int:
        """Play them in the order of time. Returns how many were begun."""
        for tale in tales:
            self._wait(tale.began, Scene(tale, tale.telling.rng))
        silent, swept = True, datetime.min.replace(tzinfo=UTC)
        while self._line:
            at, _, scene = heapq.heappop(self._line)
            if silent and at >= self.now - TOLD_SINCE:
                consumers.pass_over(before=at, by=SYSTEM, now=self.now)
                silent = False
            if scene is None:
                status.close_quiet(now=at, limit=50)
            else:
                self._go_on(scene, at)
            if at >= swept + _SWEPT_EVERY:
                swept = at
                clocks.sweep(now=at, limit=500)
            if not silent:
                consumers.consume_due(now=at, limit=50)
        # What is overdue by now is no news to who opens the demo; a world that was there goes its own way.
        while self.played and clocks.sweep(now=self.now, limit=50):
            consumers.consume_due(now=self.now, limit=500)
        return self.played

    def _wait(self, at: datetime, scene: Scene | None) -> None:
        if at < self.now:
            self._count += 1
            heapq.heappush(self._line, (at, self._count, scene))

    def _go_on(self, scene: Scene, at: datetime) -> None:
        if scene.ticket is None:
            scene.ticket = self._file(scene, at)
            self.played += 1
        elif (step := scene.next) is not None:
            scene.ticket = self._act(scene, step, at)
            scene.position += 1
            if scene.ticket.close_due_at is not None:
                self._wait(scene.ticket.close_due_at + timedelta(seconds=20), None)
        if scene.next is not None:
            self._wait(self._when(scene, scene.next, at), scene)

    def _when(self, scene: Scene, step: Step, at: datetime) -> datetime:
        """When the next step happens; also who takes the ticket, where it is taken."""
        tale = scene.tale
        if tale.story.is_fixed:
            if step.verb == "take":
                scene.agent = self._hand(scene, step, at)
            return at + (self.now - at) / (len(tale.steps) - scene.position + 1)
        low, high = (math.log(minutes) for minutes in _PACE[step.verb])
        wait = step.after or timedelta(minutes=math.exp(scene.rng.uniform(low, high)))
        # What presses goes first, at any hour.
        presses = scene.shown.priority == 1
        later = at + (wait / 5 if presses and step.verb not in _FROM_REQUESTERS else wait)
        if step.verb in _FROM_REQUESTERS:
            return on_duty(tale.who, later, AWAKE, weekends=scene.rng.random() < 0.3)
        hours = _ANY_TIME if presses else OFFICE
        if step.verb == "take":
            scene.agent = self._hand(scene, step, later, hours)
        agent = scene.agent or self._hand(scene, step, later, hours)
        return on_duty(agent, later, hours, weekends=presses)

    def _hand(self, scene: Scene, step: Step, at: datetime, hours: tuple[int, int] = OFFICE) -> Person:
        """Who takes the ticket: the one who is named, or one of those who are at work first."""
        if step.who:
            return next(person for person in DESK if person.handle == step.who)
        queue, level = self.queues[scene.shown.queue_id], self.levels[scene.shown.tier_id]
        able = [person for person in DESK if person.role is Role.AGENT and _works(person, queue, level)]
        able = able or [person for person in DESK if person.role is Role.AGENT and _works(person, queue)]
        home = region_of(scene.tale.who)
        weight = {
            person.email: (
                on_duty(person, at, hours, weekends=hours == _ANY_TIME)
                + timedelta(hours=0 if person.region == home else 2, minutes=scene.rng.randrange(90))
            )
            for person in able
        }
        return min(able, key=lambda person: weight[person.email])

    def _actor(self, person: Person, channel: Channel) -> Actor:
        # One for all they do, so that their standing is read once.
        return self._actors.setdefault((person.email, channel), Actor(self.users[person.email], channel))

    def _file(self, scene: Scene, at: datetime) -> Ticket:
        tale = scene.tale
        requester = self._actor(tale.who, Channel.PORTAL)
        by = requester
        topic = self.topics[tale.story.topic]
        if "phone" in tale.story.head:
            able = [person for person in DESK if _works(person, topic.queue.code, 1)]
            by = self._actor(scene.rng.choice(able), Channel.DESK)
        ticket = tickets.create_ticket(
            subject=tale.subject,
            body=tale.telling.words(tale.story.body),
            by=by,
            requester=requester.person,
            now=at,
            category=topic,
            files=self._files(tale.story.files, scene, requester),
            answers=self._answers(scene, topic, at),
        )
        if (priority := tale.story.head.get("priority")) is None:
            return ticket
        # Who asks has no say in it: whoever reads at the desk what is new sets it.
        able = [person for person in DESK if person.role is Role.AGENT and _works(person, topic.queue.code)]
        step, reader = Step("priority", who=priority), self._actor(able[0], Channel.DESK)
        return VERBS[step.verb](Doing(ticket, step, text="", by=reader, at=at, files=(), to=None, tags=()))

    def _answers(self, scene: Scene, topic: Category, at: datetime) -> dict[str, Typed]:
        """What is answered to the questions of the topic: all that has to be, and some of the rest."""
        questions = self._questions.setdefault(topic.pk, questions_of(topic))
        return {
            question.key: self._answer(scene, question, at)
            for question in questions
            if question.is_required or question.queue_id or scene.rng.random() < ANSWERING
        }

    def _answer(self, scene: Scene, question: CustomField, at: datetime) -> Typed:
        tale, rng = scene.tale, scene.rng
        if told := tale.story.head.get(f"answer-{question.code}"):
            return told
        if question.queue_id:
            return answer_to(question, tale.subject)
        if question.kind == FieldKind.CHOICE:
            return str(rng.choice(question.options))
        if question.kind == FieldKind.DATE:
            day = at + timedelta(days=rng.randrange(3, 12) if "by" in question.code else -rng.randrange(3))
            return day.date().isoformat()
        return tale.telling.words(rng.choice(ANSWERS.get(question.code, ("As I wrote.",))))

    def _files(self, names: Iterable[str], scene: Scene, by: Actor) -> list[NewFile]:
        told = (scene.tale.telling.words(name) for name in names)
        return [store(content=paper.sheet(name), name=name, by=by) for name in told]

    def _act(self, scene: Scene, step: Step, at: datetime) -> Ticket:
        by = self._doer(scene, step)
        if step.verb == "give":
            scene.agent = self._hand(scene, step, at)
        return VERBS[step.verb](
            Doing(
                ticket=scene.shown,
                step=step,
                text=scene.tale.telling.words(step.text),
                by=by,
                at=at,
                files=self._files(step.files, scene, by),
                to=self.users[scene.agent.email] if scene.agent else None,
                tags=scene.tale.story.tags,
            )
        )

    def _doer(self, scene: Scene, step: Step) -> Actor:
        if step.verb in _FROM_REQUESTERS:
            return self._actor(scene.tale.who, Channel.PORTAL)
        if scene.agent is None:
            raise ValueError(f"Nobody has the ticket of {scene.tale.story.code}.")
        scene.tale.telling.facts["agent"] = scene.agent.name.split(maxsplit=1)[0]
        return self._actor(scene.agent, Channel.DESK)


def _works(person: Person, queue: str, level: int | None = None) -> bool:
    places = [TEAMS[name.removesuffix("*")] for name in person.teams]
    return any(queue in place.queues and level in {None, place.tier} for place in places)
