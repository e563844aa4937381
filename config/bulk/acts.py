"""Who does the steps of a ticket's past, and what each comes to where the ticket stands."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from config.bulk.desk import Desk, Worker
from config.bulk.history import Past, Voice
from config.bulk.people import House
from config.bulk.scripts import Facts, Line
from helpdesk.choices import Channel, Priority, Status

# The most tags that chance puts on a ticket beside its story's.
_TAGS: Final = 2


@dataclass(slots=True)
class Scene:
    """A ticket in the middle of its past, who asked and by which way, and whom they know."""

    rng: random.Random
    desk: Desk
    past: Past
    facts: Facts
    asker: Voice
    house: House
    story_tags: tuple[str, ...]

    def act(self, line: Line, at: datetime) -> None:
        """Let a step happen."""
        self.past.clocked(at, lambda: _ACTS[line.verb](self, line, at))

    @property
    def agent(self) -> Worker:
        """Who has the ticket, or would take it."""
        past = self.past
        return past.assignee or past.line.whoever(past.level)(self.rng)

    def by_agent(self, line: Line) -> tuple[str, Voice]:
        """The words in the mouth of who works on it."""
        agent = self.agent
        return self.facts.fill(line.text, agent.first), Voice(agent.pk, Channel.DESK)

    def words(self, line: Line) -> str:
        """The words of who asked."""
        return self.facts.fill(line.text)


def _take(scene: Scene, _line: Line, at: datetime) -> None:
    past = scene.past
    if past.assignee is None and not past.is_solved:
        agent = scene.agent
        past.assign(agent, Voice(agent.pk, Channel.DESK), at)


def _give(scene: Scene, _line: Line, at: datetime) -> None:
    past = scene.past
    before, to = scene.agent, past.line.whoever(past.level)(scene.rng)
    if to is not past.assignee:
        past.assign(to, Voice(before.pk, Channel.DESK), at)


def _say(scene: Scene, line: Line, at: datetime) -> None:
    text, by = scene.by_agent(line)
    scene.past.reply(text, by, at)


def _ask(scene: Scene, line: Line, at: datetime) -> None:
    text, by = scene.by_agent(line)
    if scene.past.status is Status.PENDING:
        scene.past.reply(text, by, at)
    else:
        scene.past.ask(text, by, at)


def _note(scene: Scene, line: Line, at: datetime) -> None:
    text, by = scene.by_agent(line)
    scene.past.note(text, by, at)


def _hold(scene: Scene, line: Line, at: datetime) -> None:
    text, by = scene.by_agent(line)
    if scene.past.status is Status.ON_HOLD:
        scene.past.note(text, by, at)
    else:
        scene.past.hold(text, by, at)


def _start(scene: Scene, _line: Line, at: datetime) -> None:
    if scene.past.status is not Status.IN_PROGRESS:
        scene.past.start(Voice(scene.agent.pk, Channel.DESK), at)


def _escalate(scene: Scene, line: Line, at: datetime) -> None:
    text, by = scene.by_agent(line)
    if scene.past.level == max(scene.desk.tiers):
        scene.past.note(text, by, at)
    else:
        scene.past.escalate(text, by, at)


def _prioritise(scene: Scene, line: Line, at: datetime) -> None:
    past = scene.past
    # What stops everybody is known from the start.
    to = max(Priority.P2, int(line.more) if line.more else scene.rng.choice(Priority.values))
    if to != past.priority:
        past.set_priority(to, Voice(scene.agent.pk, Channel.DESK), at)


def _move(scene: Scene, _line: Line, at: datetime) -> None:
    past, by = scene.past, Voice(scene.agent.pk, Channel.DESK)
    to = scene.rng.choice(scene.desk.lines)
    if to is not past.line:
        past.set_queue(to, by, at)


def _tag(scene: Scene, _line: Line, at: datetime) -> None:
    past, desk, rng = scene.past, scene.desk, scene.rng
    added = {desk.tags[name] for name in scene.story_tags if name in desk.tags}
    added |= {desk.popular_tags(rng) for _number in range(rng.randrange(_TAGS + 1))}
    if added - past.tags:
        past.tag(added - past.tags, Voice(scene.agent.pk, Channel.DESK), at)


def _watch(scene: Scene, _line: Line, at: datetime) -> None:
    past = scene.past
    who = scene.house.choose(scene.rng)
    if who is not past.asker and past.asker.organization_id and who.pk not in past.watchers:
        past.watch(who.pk, scene.asker, at)


def _resolve(scene: Scene, line: Line, at: datetime) -> None:
    text, by = scene.by_agent(line)
    scene.past.resolve(text, line.more, by, at)


def _answer(scene: Scene, line: Line, at: datetime) -> None:
    scene.past.answer(scene.words(line), scene.asker, at)


def _confirm(scene: Scene, _line: Line, at: datetime) -> None:
    scene.past.confirm(scene.asker, at)


def _reject(scene: Scene, line: Line, at: datetime) -> None:
    scene.past.reject(scene.words(line), scene.asker, at)


def _close(scene: Scene, _line: Line, at: datetime) -> None:
    scene.past.close(at)


_ACTS: Final[Mapping[str, Callable[[Scene, Line, datetime], None]]] = {
    "take": _take,
    "give": _give,
    "reply": _say,
    "ask": _ask,
    "note": _note,
    "hold": _hold,
    "start": _start,
    "escalate": _escalate,
    "priority": _prioritise,
    "queue": _move,
    "tag": _tag,
    "watch": _watch,
    "resolve": _resolve,
    "answer": _answer,
    "reopen": _answer,
    "confirm": _confirm,
    "reject": _reject,
    "close": _close,
}
