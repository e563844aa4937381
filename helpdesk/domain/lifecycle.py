"""The life of a ticket as one table: which move leads from where to where, and what it demands.

Pure values: no clock, no database. Who may make a move stands in `permissions.MOVE_RIGHTS`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from helpdesk.choices import MoveName, Purpose, Status, Visibility
from helpdesk.errors import (
    DONE_ALREADY,
    NO_RESOLUTION_KIND,
    NO_WORDS,
    NOT_POSSIBLE_NOW,
    TOO_LATE_TO_REOPEN,
    Code,
    DomainError,
    Text,
)

UNSOLVED: Final = frozenset({Status.NEW, Status.OPEN, Status.IN_PROGRESS, Status.PENDING, Status.ON_HOLD})
SOLVED: Final = frozenset({Status.RESOLVED, Status.CLOSED})


@dataclass(frozen=True, slots=True)
class Words:
    """The text that a move demands: it becomes a message, so that no event carries what somebody wrote."""

    visibility: Visibility
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table.

    `within_window`: from `closed` only while the reopening window is open.
    `by_button`: offered on a page by itself; the others follow from something else (an assignment, an answer).
    """

    name: MoveName
    sources: frozenset[Status]
    target: Status
    words: Words | None = None
    needs_resolution_kind: bool = False
    within_window: bool = False
    by_button: bool = True

    @property
    def label(self) -> Text:
        """The words of its button."""
        return self.name.label


def _public(purpose: Purpose) -> Words:
    return Words(Visibility.PUBLIC, purpose)


_RESOLVED: Final = frozenset({Status.RESOLVED})
_ALL: Final = (
    Move(MoveName.TRIAGE, frozenset({Status.NEW}), Status.OPEN, by_button=False),
    Move(MoveName.START, UNSOLVED - {Status.IN_PROGRESS}, Status.IN_PROGRESS),
    Move(MoveName.ASK, UNSOLVED - {Status.PENDING}, Status.PENDING, _public(Purpose.CONVERSATION)),
    Move(MoveName.HOLD, UNSOLVED - {Status.ON_HOLD}, Status.ON_HOLD, Words(Visibility.INTERNAL, Purpose.HOLD)),
    Move(MoveName.ANSWER, frozenset({Status.PENDING}), Status.OPEN, by_button=False),
    Move(MoveName.HAND_OVER, UNSOLVED - {Status.OPEN}, Status.OPEN, by_button=False),
    Move(MoveName.RESOLVE, UNSOLVED, Status.RESOLVED, _public(Purpose.RESOLUTION), needs_resolution_kind=True),
    Move(MoveName.CONFIRM, _RESOLVED, Status.CLOSED),
    Move(MoveName.REJECT, _RESOLVED, Status.OPEN, _public(Purpose.REJECTION)),
    Move(MoveName.REOPEN, SOLVED, Status.OPEN, _public(Purpose.REOPENING), within_window=True),
    Move(MoveName.CLOSE, _RESOLVED, Status.CLOSED, by_button=False),
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
        raise DomainError(NO_WORDS[move.name], Code.MISSING, field="text")
    if move.needs_resolution_kind and not resolution_kind:
        raise DomainError(NO_RESOLUTION_KIND, Code.MISSING, field="resolution_kind")


def refusal(move: Move, stand: Stand) -> Text:
    """Why an illegal move is refused, and what may be done in its place."""
    if move.within_window and stand.status in move.sources:
        return TOO_LATE_TO_REOPEN
    if stand.status == move.target:
        return DONE_ALREADY % {"status": stand.status.label}
    return NOT_POSSIBLE_NOW % {"move": move.label, "status": stand.status.label}


def consequence(move: Move, now: datetime, windows: Windows, resolved_at: datetime | None) -> Consequence:
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
