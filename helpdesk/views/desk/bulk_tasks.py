"""What can be done with several tickets at once: each task with its words, its form, and the action of one ticket."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from django.utils.translation import gettext_lazy, ngettext_lazy

from helpdesk.actions import assignment, problems, properties, status, tiers
from helpdesk.actions.tickets import Submission
from helpdesk.actors import Actor
from helpdesk.choices import MoveName
from helpdesk.domain.lifecycle import MOVES
from helpdesk.errors import Text
from helpdesk.forms import bulk as forms
from helpdesk.forms.bulk import BulkForm, Picked
from helpdesk.models import Ticket


@dataclass(frozen=True, slots=True)
class One:
    """One ticket of many: how the list showed it, what is asked, by whom, and when."""

    ticket: Ticket
    picked: Picked
    form: BulkForm
    by: Actor
    now: datetime

    @property
    def said(self) -> dict[str, Any]:
        """What the form says."""
        return self.form.cleaned_data

    def submission(self, *said: object) -> Submission | None:
        """A key of this ticket's own, so that a form that is sent twice does nothing twice."""
        key = self.said["key"]
        if key is None:
            return None
        own = uuid.uuid5(key, f"{self.ticket.number}")
        return Submission.of(str(own), {"said": [self.ticket.ref, *said]})


@dataclass(frozen=True, slots=True)
class Task:
    """`label` is its button in the list, `title` what the confirmation names, of as many tickets as there are."""

    name: str
    label: Text
    title: Any
    form: Callable[..., BulkForm]
    act: Callable[[One], Ticket]
    hint: Text = ""
    # Whether it is of use for solved tickets, for the others, or (None) for all.
    for_solved: bool | None = False


def _assign(one: One) -> Ticket:
    to = one.by.person if one.said.get("to") is None else one.said["to"]
    return assignment.assign(ticket=one.ticket, to=to, seen_assignee_id=one.picked.assignee_id, by=one.by, now=one.now)


def _priority(one: One) -> Ticket:
    return properties.set_priority(
        ticket=one.ticket, to=one.said["to"], by=one.by, now=one.now, seen=one.picked.priority
    )


def _queue(one: One) -> Ticket:
    return properties.set_queue(ticket=one.ticket, to=one.said["to"], by=one.by, now=one.now, seen=one.picked.queue_id)


def _tags(one: One) -> Ticket:
    return properties.retag(ticket=one.ticket, add=one.said["add"], remove=one.said["remove"], by=one.by, now=one.now)


def _gather(one: One) -> Ticket:
    # What is gathered elsewhere stays there: a list shows nothing of it.
    seen = None if one.ticket.problem_id == one.said["to"].pk else 0
    return problems.set_problem(ticket=one.ticket, to=one.said["to"], by=one.by, now=one.now, seen=seen)


def _escalate(one: One) -> Ticket:
    return tiers.escalate(
        ticket=one.ticket,
        reason=one.said["text"],
        by=one.by,
        now=one.now,
        expected_version=one.picked.version,
        submission=one.submission("escalate", one.said["text"]),
    )


def _move(name: MoveName, one: One) -> Ticket:
    text, kind = one.said.get("text", ""), one.said.get("resolution_kind", "")
    return status.make_move(
        ticket=one.ticket,
        move=name,
        by=one.by,
        now=one.now,
        text=text,
        resolution_kind=kind,
        seen_version=one.picked.version,
        submission=one.submission(name, text, kind),
    )


def _moving(name: MoveName, title: Any, hint: Text = "") -> Task:
    move = MOVES[name]
    return Task(
        name.value,
        move.label,
        title,
        partial(forms.BulkMoveForm, move=move),
        partial(_move, name),
        hint,
        for_solved=name is MoveName.REOPEN,
    )


_ALL: Final = (
    Task(
        "take",
        gettext_lazy("Take"),
        ngettext_lazy("Take %(count)d ticket", "Take %(count)d tickets", "count"),
        BulkForm,
        _assign,
        gettext_lazy("They are assigned to you."),
    ),
    Task(
        "assign",
        gettext_lazy("Assign"),
        ngettext_lazy("Assign %(count)d ticket to somebody", "Assign %(count)d tickets to somebody", "count"),
        forms.BulkAssignForm,
        _assign,
    ),
    Task(
        "escalate",
        gettext_lazy("Escalate"),
        ngettext_lazy(
            "Escalate %(count)d ticket to the next tier", "Escalate %(count)d tickets, each to its next tier", "count"
        ),
        forms.BulkReasonForm,
        _escalate,
        gettext_lazy("Who does not work on that tier gives the ticket out of their hands."),
    ),
    Task(
        "priority",
        gettext_lazy("Priority"),
        ngettext_lazy("Change the priority of %(count)d ticket", "Change the priority of %(count)d tickets", "count"),
        forms.BulkPriorityForm,
        _priority,
    ),
    Task(
        "tags",
        gettext_lazy("Tags"),
        ngettext_lazy("Change the tags of %(count)d ticket", "Change the tags of %(count)d tickets", "count"),
        forms.BulkTagsForm,
        _tags,
        for_solved=None,
    ),
    Task(
        "queue",
        gettext_lazy("Queue"),
        ngettext_lazy("Move %(count)d ticket to another queue", "Move %(count)d tickets to another queue", "count"),
        forms.BulkQueueForm,
        _queue,
        gettext_lazy("Who may not work the new queue loses them; you may lose sight of them yourself."),
    ),
    Task(
        "problem",
        gettext_lazy("Problem"),
        ngettext_lazy("Gather %(count)d ticket under a problem", "Gather %(count)d tickets under a problem", "count"),
        forms.BulkProblemForm,
        _gather,
        gettext_lazy("What is gathered under another problem stays there."),
        for_solved=None,
    ),
    _moving(
        MoveName.START,
        ngettext_lazy("Start work on %(count)d ticket", "Start work on %(count)d tickets", "count"),
        gettext_lazy("The requesters are told that work has begun."),
    ),
    _moving(
        MoveName.ASK,
        ngettext_lazy("Ask the requester of %(count)d ticket", "Ask the requesters of %(count)d tickets", "count"),
        gettext_lazy("Your words go to each of the requesters by mail. This cannot be taken back."),
    ),
    _moving(MoveName.HOLD, ngettext_lazy("Put %(count)d ticket on hold", "Put %(count)d tickets on hold", "count")),
    _moving(
        MoveName.RESOLVE,
        ngettext_lazy("Resolve %(count)d ticket", "Resolve %(count)d tickets", "count"),
        gettext_lazy("Your words go to each of the requesters by mail. This cannot be taken back."),
    ),
    _moving(
        MoveName.REOPEN,
        ngettext_lazy("Reopen %(count)d ticket", "Reopen %(count)d tickets", "count"),
        gettext_lazy("Your words go to each of the requesters by mail. This cannot be taken back."),
    ),
)
TASKS: Final = {task.name: task for task in _ALL}
