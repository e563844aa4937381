"""A ticket's past, written by the rules of the actions without asking the database: `actions._work` tells them."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Final, NamedTuple

from config.bulk.clocks import CYCLES, STEPS, Clocks
from config.bulk.desk import Desk, Line, Topic, Worker
from config.bulk.people import Asker
from config.bulk.tables import NULL, Table, moment
from helpdesk.choices import ActorKind, Channel, MoveName, Purpose, Status, Visibility
from helpdesk.domain import events
from helpdesk.domain.event_data import EventData
from helpdesk.domain.lifecycle import MOVES, SOLVED, consequence
from helpdesk.domain.sla_rules import Asked
from helpdesk.models import FieldValue, Message, Ticket, TicketEvent, Watcher

TICKETS: Final = Table(
    Ticket, "id", "number", "subject", "requester_id", "organization_id", "queue_id", "category_id", "kind_id",
    "tier_id", "priority", "status", "assignee_id", "channel", "resolution_kind", "version", "created_at",
    "updated_at", "public_at", "first_answer_at", "unanswered_since", "status_since", "resolved_at", "closed_at",
    "close_due_at", "sla_due_at", "sla_mark",
)  # fmt: skip
MESSAGES: Final = Table(
    Message, "id", "ticket_id", "author_id", "visibility", "purpose", "body", "channel", "created_at"
)
EVENTS: Final = Table(
    TicketEvent, "id", "kind", "v", "data", "actor_kind", "actor_id", "channel", "request_id", "effective_at",
    "ticket_id", "seq", "cause_id",
)  # fmt: skip
VALUES: Final = Table(FieldValue, "id", "ticket_id", "field_id", "value", "words", "picks", "day")
WATCHERS: Final = Table(Watcher, "id", "ticket_id", "user_id")
TAGS: Final = Table(Ticket.tags.through, "id", "ticket_id", "tag_id")
# In this order each row comes after those it points at.
TABLES: Final = (TICKETS, MESSAGES, EVENTS, VALUES, WATCHERS, TAGS, CYCLES, STEPS)

_PERSON, _SYSTEM = ActorKind.PERSON.value, ActorKind.SYSTEM.value


def payload(data: EventData) -> str:
    """What `data.as_json()` is as JSON, sooner: ids, codes and lists of ids need no escapes."""
    values = _values(data.kind)(data)
    types = tuple(map(type, values))
    if bool in types:
        values = tuple(("true" if value else "false") if value is True or value is False else value for value in values)
    return _form(data.kind, types) % values


@cache
def _values(kind: str) -> Callable[[EventData], tuple[object, ...]]:
    names = [one.name for one in fields(events.EVENT_TYPES[kind])]
    if len(names) > 1:
        return attrgetter(*names)
    return lambda data: tuple(getattr(data, name) for name in names)


@cache
def _form(kind: str, types: tuple[type, ...]) -> str:
    """The payload with a place for each of its values, which are of these types."""
    names = [one.name for one in fields(events.EVENT_TYPES[kind])]
    told = (f'"{name}": {_place(some)}' for name, some in zip(names, types, strict=True))
    return "{" + ", ".join(told) + "}"


def _place(some: type) -> str:
    if some is type(None):
        return "null%.0s"
    return '"%s"' if issubclass(some, str) else "%s"


@dataclass(slots=True)
class Book:
    """Rows that were made and not written yet, and the next free number of each table."""

    free: dict[Table, int]
    number: int
    lines: dict[Table, list[str]] = field(default_factory=lambda: {table: [] for table in TABLES})

    def add(self, table: Table, *values: object) -> int:
        """A row under the next number, which is returned."""
        pk = self.next(table)
        self.lines[table].append(table.line(pk, *values))
        return pk

    def next(self, table: Table) -> int:
        """The next number of a table, for a row that is made later."""
        pk = self.free[table]
        self.free[table] = pk + 1
        return pk


class Voice(NamedTuple):
    """Who does something, and by which way."""

    pk: int
    channel: Channel


class Past:
    """A ticket on its way from the report to what it is now. Times have to come in their order."""

    def __init__(self, book: Book, desk: Desk, asker: Asker, topic: Topic, *, priority: int, at: datetime) -> None:
        self.book, self.desk, self.asker, self.topic = book, desk, asker, topic
        self.pk, self.number = book.free[TICKETS], book.number
        book.free[TICKETS] += 1
        book.number += 1
        self.line: Line = topic.line
        self.level = desk.first_level(topic.line, priority)
        self.priority = priority
        self.status = Status.NEW
        self.assignee: Worker | None = None
        self.resolution_kind = ""
        self.version = 0
        self.created_at = self.updated_at = self.public_at = self.status_since = at
        self.first_answer_at: datetime | None = None
        self.unanswered_since: datetime | None = None
        self.resolved_at: datetime | None = None
        self.closed_at: datetime | None = None
        self.close_due_at: datetime | None = None
        self.tags: set[int] = set()
        self.watchers: set[int] = set()
        self.words: list[bool] = []
        # What decides on the promise; another one after each change.
        self.asked = self._asks()
        self.clocks = Clocks(self.pk, desk.promises, book, self._tell)

    def report(self, body: str, by: Voice) -> None:
        """The first words, and the beginning of the record."""
        at = self.created_at
        message = self._say(by, body, Visibility.PUBLIC, Purpose.REPORT, at, from_desk=False)
        self._record(
            events.TicketCreated(
                message, self.asker.pk, self.line.pk, self.topic.pk, self.level, self.priority, follows_id=None
            ),
            by,
            at,
        )
        self.clocks.begin(self.asked, at, self.version)

    def clocked(self, at: datetime, act: Callable[[], None]) -> None:
        """Let something be done, and the clocks follow; before it sweeps told what had come due."""
        self.clocks.catch_up(at)
        status, asked = self.status, self.asked
        self.words.clear()
        act()
        seq = self.version
        if asked is not self.asked:
            self.clocks.rebind(self.asked, at, seq)
        if self.words or status is not self.status:
            self.clocks.follow(self.asked, (status, self.status), self.words, at, seq)

    def end(self, subject: str, channel: Channel, now: datetime) -> None:
        """Write the ticket itself, as all that happened left it."""
        asker, topic, assignee = self.asker, self.topic, self.assignee
        self.clocks.catch_up(now)
        due_at, mark = self.clocks.end()
        # They know the ticket by a method of it: a circle, which would wait for the collector of garbage.
        del self.clocks
        self.book.lines[TICKETS].append(
            TICKETS.line(
                self.pk, self.number, subject, asker.pk, asker.organization_id or NULL, self.line.pk, topic.pk,
                topic.kind_id or NULL, self.desk.tiers[self.level], self.priority, self.status,
                assignee.pk if assignee else NULL, channel, self.resolution_kind, self.version,
                moment(self.created_at), moment(self.updated_at), moment(self.public_at),
                moment(self.first_answer_at), moment(self.unanswered_since), moment(self.status_since),
                moment(self.resolved_at), moment(self.closed_at), moment(self.close_due_at),
                moment(due_at), mark,
            )
        )  # fmt: skip
        for tag in sorted(self.tags):
            self.book.add(TAGS, self.pk, tag)
        for user in sorted(self.watchers):
            self.book.add(WATCHERS, self.pk, user)

    @property
    def is_solved(self) -> bool:
        """Whether the desk holds it for solved."""
        return self.status in SOLVED

    def assign(self, to: Worker | None, by: Voice, at: datetime, cause: int | None = None) -> None:
        """Give it to somebody, or to nobody."""
        before = self.assignee
        self.assignee = to
        event = self._record(events.Assigned(before.pk if before else None, to.pk if to else None), by, at, cause)
        if to is not None and self.status is Status.NEW:
            self._move_on(MoveName.TRIAGE, by, at, event)

    def reply(self, body: str, by: Voice, at: datetime) -> None:
        """Public words of the desk."""
        message = self._say(by, body, Visibility.PUBLIC, Purpose.CONVERSATION, at, from_desk=True)
        event = self._record(events.ReplyAdded(message), by, at)
        if self.status is Status.NEW:
            self._move_on(MoveName.TRIAGE, by, at, event)

    def answer(self, body: str, by: Voice, at: datetime) -> None:
        """Public words of who asked."""
        before = self.status
        message = self._say(by, body, Visibility.PUBLIC, Purpose.CONVERSATION, at, from_desk=False)
        event = self._record(events.ReplyAdded(message), by, at)
        if self.is_solved:
            self._move(MoveName.REOPEN, at)
            self._record(events.Reopened(before, message), by, at, event)
        elif self.status is Status.PENDING:
            self._move_on(MoveName.ANSWER, by, at, event)

    def note(self, body: str, by: Voice, at: datetime) -> None:
        """Words for the desk alone."""
        message = self._say(by, body, Visibility.INTERNAL, Purpose.CONVERSATION, at, from_desk=True)
        self._record(events.NoteAdded(message), by, at)

    def ask(self, body: str, by: Voice, at: datetime) -> None:
        """A question, whose answer is waited for."""
        message = self._say(by, body, Visibility.PUBLIC, Purpose.CONVERSATION, at, from_desk=True)
        event = self._record(events.ReplyAdded(message), by, at)
        self._move_on(MoveName.ASK, by, at, event)

    def start(self, by: Voice, at: datetime) -> None:
        """Work begins."""
        self._move_on(MoveName.START, by, at)

    def hold(self, body: str, by: Voice, at: datetime) -> None:
        """It has to wait, and why."""
        message = self._say(by, body, Visibility.INTERNAL, Purpose.HOLD, at, from_desk=True)
        self._move_on(MoveName.HOLD, by, at, message=message)

    def escalate(self, body: str, by: Voice, at: datetime) -> None:
        """One tier up, where there is one; whoever has it and does not work there gives it away."""
        before, self.level = self.level, min(level for level in self.desk.tiers if level > self.level)
        message = self._say(by, body, Visibility.INTERNAL, Purpose.ESCALATION, at, from_desk=True)
        event = self._record(events.Escalated(before, self.level, message), by, at)
        if self.assignee is None or self.level not in self.assignee.levels.get(self.line.pk, ()):
            self._let_go(by, at, event)

    def set_priority(self, to: int, by: Voice, at: datetime) -> None:
        """It matters more, or less."""
        before, self.priority = self.priority, to
        self.asked = self._asks()
        self._record(events.PriorityChanged(before, to), by, at)

    def set_queue(self, to: Line, by: Voice, at: datetime) -> None:
        """Into another queue; whoever has it and does not work there gives it away."""
        before, self.line = self.line, to
        self.asked = self._asks()
        event = self._record(events.QueueChanged(before.pk, to.pk), by, at)
        if self.assignee is not None and to.pk not in self.assignee.levels:
            self._let_go(by, at, event)

    def tag(self, added: set[int], by: Voice, at: datetime) -> None:
        """Tags that it has not yet."""
        self.tags |= added
        self._record(events.TagsChanged(sorted(added), []), by, at)

    def watch(self, user: int, by: Voice, at: datetime) -> None:
        """Let somebody follow it."""
        self.watchers.add(user)
        self._record(events.WatcherAdded(user), by, at)

    def resolve(self, body: str, kind: str, by: Voice, at: datetime) -> None:
        """It is solved, as the desk sees it."""
        before = self.status
        message = self._say(by, body, Visibility.PUBLIC, Purpose.RESOLUTION, at, from_desk=True)
        self._move(MoveName.RESOLVE, at)
        self.resolution_kind = kind
        self._record(events.Resolved(before, kind, message), by, at)

    def confirm(self, by: Voice, at: datetime) -> None:
        """It is, says who asked."""
        self._move(MoveName.CONFIRM, at)
        self._record(events.Confirmed(), by, at)

    def reject(self, body: str, by: Voice, at: datetime) -> None:
        """It is not, says who asked."""
        message = self._say(by, body, Visibility.PUBLIC, Purpose.REJECTION, at, from_desk=False)
        self._move(MoveName.REJECT, at)
        self._record(events.Rejected(message), by, at)

    def close(self, at: datetime) -> None:
        """The quiet days are over since a moment ago."""
        due, resolved = self.close_due_at or at, self.resolved_at or at
        self._move(MoveName.CLOSE, at, counts=due)
        self._record(events.Closed((due - resolved).days), None, at, effective_at=due)

    def _asks(self) -> Asked:
        return Asked(self.created_at, self.line.pk, self.priority, self.topic.pk, self.asker.organization_id)

    def _let_go(self, by: Voice, at: datetime, cause: int) -> None:
        if self.assignee is not None:
            self.assign(None, by, at, cause)
        if self.status is not Status.OPEN:
            self._move_on(MoveName.HAND_OVER, by, at, cause)

    def _move(self, name: MoveName, at: datetime, counts: datetime | None = None) -> None:
        move = MOVES[name]
        if self.status not in move.sources:
            raise ValueError(f"No {name} from {self.status}.")
        after = consequence(move, counts or at, self.desk.windows, self.resolved_at)
        self.status, self.status_since, self.public_at = after.status, after.status_since, at
        self.resolved_at, self.closed_at, self.close_due_at = after.resolved_at, after.closed_at, after.close_due_at
        if after.clears_resolution:
            self.resolution_kind = ""

    def _move_on(
        self, name: MoveName, by: Voice, at: datetime, cause: int | None = None, *, message: int | None = None
    ) -> None:
        before = self.status
        self._move(name, at)
        self._record(events.StatusChanged(before, self.status, name, message), by, at, cause)

    def _say(
        self, by: Voice, body: str, visibility: Visibility, purpose: Purpose, at: datetime, *, from_desk: bool
    ) -> int:
        if visibility is Visibility.PUBLIC:
            self.public_at = at
            if purpose is not Purpose.REPORT:
                self.words.append(from_desk)
            if from_desk:
                self.unanswered_since, self.first_answer_at = None, self.first_answer_at or at
            else:
                self.unanswered_since = self.unanswered_since or at
        return self.book.add(MESSAGES, self.pk, by.pk, visibility, purpose, body, by.channel, moment(at))

    def _record(
        self,
        data: EventData,
        by: Voice | None,
        at: datetime,
        cause: int | None = None,
        effective_at: datetime | None = None,
    ) -> int:
        self.version += 1
        self.updated_at = at
        who = (_PERSON, by.pk, by.channel) if by else (_SYSTEM, NULL, Channel.SYSTEM)
        return self.book.add(
            EVENTS, data.kind, data.v, payload(data), *who, "", moment(effective_at or at), self.pk,
            self.version, cause or NULL,
        )  # fmt: skip

    def _tell(self, data: EventData, effective_at: datetime) -> int:
        """What a sweep found: nobody did anything, and the ticket's last change stays what it was."""
        self.version += 1
        return self.book.add(
            EVENTS, data.kind, data.v, payload(data), _SYSTEM, NULL, Channel.SYSTEM, "", moment(effective_at), self.pk,
            self.version, NULL,
        )  # fmt: skip
