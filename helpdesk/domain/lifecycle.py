"""The life of a ticket as one table: which move leads from where to where, and what it demands.

Pure values: no clock, no database. Who may make a move is a right of `permissions`; each move names it by its own
name, so the table here and the table there can be read side by side.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _

from helpdesk.choices import Purpose, Status, Visibility
from helpdesk.errors import Code, DomainError, Text


class MoveName(StrEnum):
    """The names of the moves; stored nowhere, used in addresses, forms and code."""

    TRIAGE = "triage"
    START = "start"
    ASK = "ask"
    HOLD = "hold"
    ANSWER = "answer"
    HAND_OVER = "hand_over"
    RESOLVE = "resolve"
    CONFIRM = "confirm"
    REJECT = "reject"
    REOPEN = "reopen"
    CLOSE = "close"


UNSOLVED: Final = frozenset(
    {Status.NEW, Status.OPEN, Status.IN_PROGRESS, Status.PENDING, Status.ON_HOLD}
)
SOLVED: Final = frozenset({Status.RESOLVED, Status.CLOSED})


@dataclass(frozen=True, slots=True)
class Words:
    """The text that a move demands: it becomes a message, so that no event carries what somebody wrote."""

    visibility: Visibility
    purpose: Purpose
    missing: Text


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table.

    `within_window`: from `closed` only while the reopening window is open.
    `by_button`: offered on a page by itself; the others follow from something else (an assignment, an answer).
    """

    name: MoveName
    label: Text
    sources: frozenset[Status]
    target: Status
    words: Words | None = None
    needs_resolution_kind: bool = False
    within_window: bool = False
    by_button: bool = True


def _words(visibility: Visibility, purpose: Purpose, missing: Text) -> Words:
    return Words(visibility, purpose, missing)


_ALL: Final = (
    Move(
        MoveName.TRIAGE,
        _("Open"),
        frozenset({Status.NEW}),
        Status.OPEN,
        by_button=False,
    ),
    Move(
        MoveName.START,
        _("Start work"),
        UNSOLVED - {Status.IN_PROGRESS},
        Status.IN_PROGRESS,
    ),
    Move(
        MoveName.ASK,
        _("Ask the requester"),
        UNSOLVED - {Status.PENDING},
        Status.PENDING,
        _words(
            Visibility.PUBLIC,
            Purpose.CONVERSATION,
            _("Write what you want to know from the requester."),
        ),
    ),
    Move(
        MoveName.HOLD,
        _("Put on hold"),
        UNSOLVED - {Status.ON_HOLD},
        Status.ON_HOLD,
        _words(
            Visibility.INTERNAL,
            Purpose.HOLD,
            _("Write what the ticket is waiting for."),
        ),
    ),
    Move(
        MoveName.ANSWER,
        _("Answer"),
        frozenset({Status.PENDING}),
        Status.OPEN,
        by_button=False,
    ),
    Move(
        MoveName.HAND_OVER,
        _("Hand over"),
        UNSOLVED - {Status.OPEN},
        Status.OPEN,
        by_button=False,
    ),
    Move(
        MoveName.RESOLVE,
        _("Resolve"),
        UNSOLVED,
        Status.RESOLVED,
        _words(
            Visibility.PUBLIC,
            Purpose.RESOLUTION,
            _("Write how it was solved; the requester reads it."),
        ),
        needs_resolution_kind=True,
    ),
    Move(
        MoveName.CONFIRM,
        _("This solved it"),
        frozenset({Status.RESOLVED}),
        Status.CLOSED,
    ),
    Move(
        MoveName.REJECT,
        _("Still a problem"),
        frozenset({Status.RESOLVED}),
        Status.OPEN,
        _words(
            Visibility.PUBLIC,
            Purpose.REJECTION,
            _("Write what is still wrong, so that we can go on."),
        ),
    ),
    Move(
        MoveName.REOPEN,
        _("Reopen"),
        SOLVED,
        Status.OPEN,
        _words(
            Visibility.PUBLIC,
            Purpose.REOPENING,
            _("Write why the ticket is opened again."),
        ),
        within_window=True,
    ),
    Move(
        MoveName.CLOSE,
        _("Close"),
        frozenset({Status.RESOLVED}),
        Status.CLOSED,
        by_button=False,
    ),
)
MOVES: Final = {move.name: move for move in _ALL}


@dataclass(frozen=True, slots=True)
class Windows:
    """The two spans of the life of a ticket that an administrator sets."""

    quiet: timedelta
    reopening: timedelta


@dataclass(frozen=True, slots=True)
class Stand:
    """What the table has to know of a ticket."""

    status: Status
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Consequence:
    """The columns of a ticket after a move. All of them follow from the target status and the time."""

    status: Status
    status_since: datetime
    resolved_at: datetime | None
    closed_at: datetime | None
    close_due_at: datetime | None
    clears_resolution: bool


def is_open_to(move: Move, stand: Stand, now: datetime, windows: Windows) -> bool:
    """Whether the move is legal for a ticket that stands so."""
    if stand.status not in move.sources:
        return False
    if move.within_window and stand.closed_at is not None:
        return now < stand.closed_at + windows.reopening
    return True


def legal_moves(stand: Stand, now: datetime, windows: Windows) -> tuple[Move, ...]:
    """Every legal move, in the order in which pages show them."""
    return tuple(move for move in _ALL if is_open_to(move, stand, now, windows))


def check(
    move: Move,
    stand: Stand,
    now: datetime,
    windows: Windows,
    *,
    text: str,
    resolution_kind: str,
) -> None:
    """Raise the refusal of this move, or return: first whether it is legal, then what it lacks."""
    if not is_open_to(move, stand, now, windows):
        raise DomainError(refusal(move, stand), Code.ILLEGAL_MOVE)
    if move.words is not None and not text.strip():
        raise DomainError(move.words.missing, Code.MISSING, field="text")
    if move.needs_resolution_kind and not resolution_kind:
        raise DomainError(
            _("Choose how it was solved."), Code.MISSING, field="resolution_kind"
        )


def refusal(move: Move, stand: Stand) -> Text:
    """Why an illegal move is refused, and what may be done in its place."""
    if move.within_window and stand.status in move.sources:
        return _(
            "This ticket was closed too long ago to be reopened. Write a reply: it starts a new, linked ticket."
        )
    if stand.status == move.target:
        return _("It was done already: the ticket is “%(status)s”.") % {
            "status": stand.status.label
        }
    return _("“%(move)s” is not possible while the ticket is “%(status)s”.") % {
        "move": move.label,
        "status": stand.status.label,
    }


def consequence(
    move: Move, now: datetime, windows: Windows, resolved_at: datetime | None
) -> Consequence:
    """What a legal move does to the ticket's columns; `resolved_at` is the column's value before it."""
    solved = move.target in SOLVED
    resolved_now = move.target is Status.RESOLVED
    return Consequence(
        status=move.target,
        status_since=now,
        resolved_at=(now if resolved_now else resolved_at) if solved else None,
        closed_at=now if move.target is Status.CLOSED else None,
        close_due_at=now + windows.quiet if resolved_now else None,
        clears_resolution=not solved,
    )
