"""What the steps of a story do, each by its action."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from config.demo_world.questions import wanted_to_resolve
from config.demo_world.script import Step
from helpdesk.actions import assignment, conversation, judging, properties, status, tiers, watching
from helpdesk.actions.files import NewFile
from helpdesk.actors import Actor
from helpdesk.choices import MoveName, PrioritySource
from helpdesk.models import Ticket, User


@dataclass(frozen=True, slots=True)
class Doing:
    """A step as it is done: on what, the words, by whom, when, with which files; who gets the ticket, and its tags."""

    ticket: Ticket
    step: Step
    text: str
    by: Actor
    at: datetime
    files: Sequence[NewFile]
    to: User | None
    tags: Sequence[str]


def _assign(doing: Doing) -> Ticket:
    seen = doing.ticket.assignee_id
    return assignment.assign(ticket=doing.ticket, to=doing.to, seen_assignee_id=seen, by=doing.by, now=doing.at)


def _say(doing: Doing) -> Ticket:
    return conversation.reply(ticket=doing.ticket, body=doing.text, by=doing.by, now=doing.at, files=doing.files)


def _note(doing: Doing) -> Ticket:
    return conversation.add_note(
        ticket=doing.ticket,
        body=doing.text,
        by=doing.by,
        now=doing.at,
        files=doing.files,
        # Who writes more has looked longer.
        minutes=5 * (1 + len(doing.text) % 9),
    )


def _escalate(doing: Doing) -> Ticket:
    return tiers.escalate(ticket=doing.ticket, reason=doing.text, by=doing.by, now=doing.at)


def _deescalate(doing: Doing) -> Ticket:
    return tiers.deescalate(ticket=doing.ticket, reason=doing.text, by=doing.by, now=doing.at)


def _move(doing: Doing) -> Ticket:
    return status.make_move(
        ticket=doing.ticket,
        move=MoveName(doing.step.verb),
        by=doing.by,
        now=doing.at,
        text=doing.text,
        resolution_kind=doing.step.kind,
        answers=wanted_to_resolve(doing.ticket) if doing.step.verb == MoveName.RESOLVE else None,
        files=doing.files if doing.text else (),
    )


# What was measured where a queue has its priorities from that, for each priority that a story wants.
_MEASURES: Final[Mapping[str, Mapping[str, str]]] = {
    "1": {"unavailable": "yes", "errors": "34"},
    "2": {"errors": "14", "complaints": "3"},
    "3": {"errors": "7", "complaints": "1"},
    "4": {"performance": "12"},
}


def _prioritise(doing: Doing) -> Ticket:
    if doing.ticket.queue.priority_source == PrioritySource.MEASURED:
        return judging.measure(ticket=doing.ticket, values=_MEASURES[doing.step.who], by=doing.by, now=doing.at)
    return properties.set_priority(ticket=doing.ticket, to=int(doing.step.who), by=doing.by, now=doing.at)


def _tag(doing: Doing) -> Ticket:
    return properties.retag(ticket=doing.ticket, add=doing.tags, by=doing.by, now=doing.at)


def _watch(doing: Doing) -> Ticket:
    return watching.add_watcher(ticket=doing.ticket, email=doing.step.who, by=doing.by, now=doing.at)


VERBS: Final[Mapping[str, Callable[[Doing], Ticket]]] = {
    "take": _assign,
    "give": _assign,
    "reply": _say,
    "answer": _say,
    "note": _note,
    "priority": _prioritise,
    "tag": _tag,
    "watch": _watch,
    "escalate": _escalate,
    "deescalate": _deescalate,
    **dict.fromkeys(("start", "ask", "hold", "resolve", "confirm", "reject", "reopen"), _move),
}
