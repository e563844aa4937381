"""A ticket under its lock, with what an action changes about it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from helpdesk.actions._clocks import Snapshot, Spoken, begin_clocks, follow
from helpdesk.actions._files import NewFile, attach
from helpdesk.actions._record import record
from helpdesk.actions._rows import add_new
from helpdesk.actors import Actor
from helpdesk.choices import MoveName, Purpose, Status, Visibility
from helpdesk.domain.event_data import EventData
from helpdesk.domain.lifecycle import MOVES, Consequence, check, consequence
from helpdesk.domain.words import check_length
from helpdesk.errors import MERGED, Code, DomainError
from helpdesk.models import DeskSettings, Message, Ticket, TicketEvent
from helpdesk.permissions import MOVE_RIGHTS, Right, may
from helpdesk.prepared import prepared
from helpdesk.selectors.settings import desk_settings


@dataclass
class Work:
    """One action on one locked ticket. `save()` writes what `change()` collected, once, at the end."""

    ticket: Ticket
    by: Actor
    now: datetime
    settings: DeskSettings
    changed: set[str] = field(default_factory=set)
    # What the clocks go by, see `_clocks`.
    before: Snapshot = field(init=False)
    spoken: list[Spoken] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.before = Snapshot.of(self.ticket)

    def require(self, right: Right) -> None:
        """Refuse who does not hold the right on the ticket as it is now, under the lock."""
        if not may(self.by, right, self.ticket):
            raise DomainError(_("You may not do this with this ticket."), Code.FORBIDDEN)

    def refuse_solved(self, field: str | None = None) -> None:
        """Refuse what is done to tickets in work alone."""
        if self.ticket.is_solved:
            words = _("This ticket is solved, and nobody works on it; reopen it first.")
            raise DomainError(words, Code.ILLEGAL_MOVE, field=field)

    def change(self, **values: Any) -> None:
        """Set columns of the ticket."""
        for name, value in values.items():
            setattr(self.ticket, name, value)
        self.changed |= set(values)

    def say(
        self,
        body: str,
        visibility: Visibility,
        purpose: Purpose,
        files: Sequence[NewFile] = (),
    ) -> Message:
        """Write a message as the actor; the caller has cleaned the text and made sure that there is one."""
        check_length(body)
        message = Message(
            ticket=self.ticket,
            author=self.by.user,
            visibility=visibility,
            purpose=purpose,
            body=body,
            channel=self.by.channel,
            # Who had to wait for another's change wrote after it, whatever their clock said when they began.
            created_at=max(self.now, self.ticket.updated_at),
        )
        add_new([message])
        attach(message, files, self.settings)
        if visibility is Visibility.PUBLIC:
            self._speak(purpose)
        return message

    @property
    def is_requesters_side(self) -> bool:
        """Whether the actor speaks for who asked, and not for the desk."""
        me = self.by.user
        return (me is not None and me.pk == self.ticket.requester_id) or not may(self.by, Right.WORK, self.ticket)

    def _speak(self, purpose: Purpose) -> None:
        """What public words do to who waits for whom."""
        ticket = self.ticket
        self.change(public_at=self.now)
        # A report is what waits for an answer, also when an agent took it down for somebody.
        if purpose is Purpose.REPORT:
            self.change(unanswered_since=ticket.unanswered_since or self.now)
            return
        if self.by.user is None:
            # What the desk says by itself answers nobody, and asks for nothing.
            return
        by_desk = not self.is_requesters_side
        self.spoken.append(Spoken(by_desk, self.now))
        if by_desk:
            self.change(unanswered_since=None, first_answer_at=ticket.first_answer_at or self.now)
        else:
            self.change(unanswered_since=ticket.unanswered_since or self.now)

    def record(
        self,
        data: EventData,
        cause: TicketEvent | None = None,
        effective_at: datetime | None = None,
    ) -> TicketEvent:
        """Add an event to the ticket's record."""
        return record(
            self.ticket,
            data,
            by=self.by,
            now=self.now,
            cause=cause,
            effective_at=effective_at,
        )

    def check_move(self, name: MoveName, *, text: str = "", resolution_kind: str = "") -> None:
        """Refuse the move when its right is lacking, it is illegal from here, or something is not filled in."""
        self.require(MOVE_RIGHTS[name])
        check(
            MOVES[name],
            self.ticket.stand,
            self.now,
            self.settings.windows,
            text=text,
            resolution_kind=resolution_kind,
        )

    def move(self, name: MoveName, *, at: datetime | None = None) -> Consequence:
        """Carry out a move that was checked; `at` is when it counts, now unless told."""
        after = consequence(MOVES[name], at or self.now, self.settings.windows, self.ticket.resolved_at)
        self.change(
            status=after.status,
            status_since=after.status_since,
            resolved_at=after.resolved_at,
            closed_at=after.closed_at,
            close_due_at=after.close_due_at,
            public_at=self.now,
        )
        if after.status is not Status.ON_HOLD and self.ticket.waits_id is not None:
            self.change(waits=None)
        if after.clears_resolution:
            self.change(resolution_kind="")
        return after

    def start_clocks(self) -> None:
        """Start the clocks of a new ticket; they know of all that was done to it until now."""
        self.change(**begin_clocks(self.ticket, self.now))
        self.before = Snapshot.of(self.ticket)

    def save(self) -> Ticket:
        """Write the ticket: what changed, how its clocks follow, its version and the time of this change."""
        self.change(**follow(self.ticket, self.before, self.spoken, self.now))
        self.before, self.spoken = Snapshot.of(self.ticket), []
        self.ticket.updated_at = self.now
        self.ticket.save(update_fields=sorted(self.changed | {"version", "updated_at"}))
        return self.ticket


def _locked(ticket: Ticket, *, follows: bool) -> Ticket:
    """The ticket under its lock; where it was merged, and that is followed, the one into which it was."""
    # No join here: after waiting for the lock PostgreSQL would match the changed row against the old joined one,
    # and find no ticket at all. The lower id is locked first, as everywhere.
    ids = {ticket.pk, (follows and ticket.merged_into_id) or ticket.pk}
    rows = {row.pk: row for row in _under_lock(sorted(ids))}
    here = rows[ticket.pk]
    if not follows or here.merged_into_id is None:
        return here
    # It is never merged itself while this lock is held: that would lead this ticket on to the next one.
    return rows.get(here.merged_into_id) or Ticket.objects.select_for_update().get(pk=here.merged_into_id)


@prepared
def _under_lock(ids: Sequence[int]) -> QuerySet[Ticket]:
    return Ticket.objects.select_for_update().filter(pk__among=ids).order_by("pk")


def begin(
    ticket: Ticket,
    *,
    by: Actor,
    now: datetime,
    right: Right,
    expected_version: int | None = None,
    follow: Right | None = None,
) -> Work:
    """Lock the ticket, check the right on the locked row, and refuse a form that was filled in on an older state.

    `expected_version` is the version that the person was looking at, where it matters to what they do. Nothing is done
    to a ticket that was merged into another one; with `follow` the other one is meant, and that right on it is needed.
    """
    locked = _locked(ticket, follows=follow is not None)
    work = Work(locked, by, now, desk_settings())
    work.require(right if locked.pk == ticket.pk or follow is None else follow)
    if locked.merged_into_id is not None:
        raise DomainError(MERGED, Code.ILLEGAL_MOVE)
    if expected_version is not None and expected_version != locked.version:
        raise DomainError(
            _("This ticket changed while you were looking at it. Look at what is new, then decide again."),
            Code.STALE,
        )
    return work
