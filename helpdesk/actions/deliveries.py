"""Deliveries leave the desk: claim with a lease, ask whether they are still wanted, send, record.

No transaction is open while something is sent. What dies between the provider's acceptance and our record is sent
again with the same token and marked as possibly repeated; everything else leaves once.
"""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpdesk import keeping, registry
from helpdesk.actions._base import SEND_TASK, action, kick
from helpdesk.actions._claim import DatabaseClock, claim
from helpdesk.actions._record import audit
from helpdesk.actions._rows import write_back
from helpdesk.actors import Actor
from helpdesk.choices import DeliveryChannel, Urgency
from helpdesk.domain import backoff
from helpdesk.errors import Code, DomainError
from helpdesk.models import Delivery, SetupGeneration, Ticket, TicketEvent, User, Webhook
from helpdesk.models.deliveries import ENDS, OPEN
from helpdesk.permissions import Right, holds
from helpdesk.prepared import prepared
from helpdesk.selectors.deliveries import UNORDERED, head_of_line
from helpdesk.selectors.telling import choices_of, rest_of

log = structlog.get_logger(__name__)

# Longer than a whole conversation with a mail server, each step of which has its own limit (EMAIL_TIMEOUT), so that a
# living sender does not lose its lease.
LEASE: Final = timedelta(minutes=3)
_ERROR_LENGTH: Final = 2000
# One is taken at a time, and mostly it is among the first few.
_FIRST_LOOK: Final = 10


def enqueue(
    *,
    channel: DeliveryChannel,
    kind: str,
    recipient: User | None,
    dedupe_key: str,
    now: datetime,
    ticket: Ticket | None = None,
    event: TicketEvent | None = None,
    webhook: Webhook | None = None,
    payload: dict[str, Any] | None = None,
    ordering_key: str = "",
    ordering_seq: int = 0,
    urgency: Urgency = Urgency.NORMAL,
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
) -> None:
    """Inside an action: queue one delivery, once per `dedupe_key`; a second call with the same key does nothing."""
    enqueue_all(
        [
            Delivery(
                channel=channel,
                kind=kind,
                recipient=recipient,
                dedupe_key=dedupe_key,
                ticket=ticket,
                event=event,
                webhook=webhook,
                payload=payload or {},
                ordering_key=ordering_key,
                ordering_seq=ordering_seq,
                urgency=urgency,
                created_at=now,
                not_before=not_before or now,
                expires_at=expires_at,
            )
        ]
    )


def enqueue_all(rows: Sequence[Delivery]) -> None:
    """Inside an action: queue several deliveries at once; those whose `dedupe_key` is known already stay out."""
    if rows:
        Delivery.objects.bulk_create(rows, ignore_conflicts=True)
        kick(SEND_TASK)


@action
def cancel(*, delivery: Delivery, reason: str, now: datetime) -> bool:
    """Stop a delivery that has not started to leave. False when it is too late.

    One whose sender died may have left: it is stopped from leaving again, and still counts as too late.
    """
    stopped = {"cancelled_at": now, "cancel_reason": reason, "payload": {}}
    if Delivery.objects.filter(OPEN, pk=delivery.pk, lease_until__isnull=True).update(**stopped):
        return True
    Delivery.objects.filter(OPEN, pk=delivery.pk, lease_until__lt=DatabaseClock()).update(**stopped)
    return False


@action
def retry(*, delivery: Delivery, by: Actor, now: datetime) -> bool:
    """Give a delivery that was given up another round of tries. False when it is not given up."""
    if not holds(by, Right.CHANGE_OPERATION):
        raise DomainError(_("You may not start deliveries again."), Code.FORBIDDEN)
    given_up = Delivery.objects.filter(pk=delivery.pk, given_up_at__isnull=False)
    if not given_up.update(given_up_at=None, attempts=0, not_before=now):
        return False
    audit("delivery_retried", ("delivery", delivery.pk), {}, by=by, now=now)
    kick(SEND_TASK)
    return True


@contextmanager
def sessions() -> Iterator[None]:
    """While the block runs, a sender may keep its way open from one delivery to the next."""
    with ExitStack() as stack:
        for sender in registry.senders:
            stack.enter_context(sender.session())
        yield


@contextmanager
def run() -> Iterator[Callable[[datetime], int]]:
    """A run of one sender: what comes out sends the next delivery that is due, and says whether there was one.

    How a delivery left is written with the claim of the next one, by the same commit, and at the end of the run.
    """
    line = _Line()
    try:
        yield line.send_next
    finally:
        line.settle()


def send_due(*, now: datetime, limit: int) -> int:
    """Send up to `limit` deliveries that are due. Returns how many were claimed."""
    with run() as send_next:
        for count in range(limit):
            if not send_next(now):
                return count
    return limit


@dataclass(slots=True)
class _Line:
    """One delivery after another, and how the last one left, while that is not on record."""

    left: "_Left | None" = None

    def send_next(self, now: datetime) -> int:
        """Put on record how the last one left, claim the next one, and send it."""
        try:
            delivery = claim_next(now=now, after=self.left)
        except Exception:
            # Whatever is wrong with the next one: the last one has left.
            self.settle()
            raise
        self.left = None if delivery is None or delivery.lease_until is None else _send(delivery)
        return 0 if delivery is None else 1

    def settle(self) -> None:
        """Put on record how the last one left, by itself."""
        left, self.left = self.left, None
        if left is not None:
            _settle(left=left)


_FREE: Final = Q(lease_until__isnull=True) | Q(lease_until__lt=DatabaseClock())


@prepared
def _due(now: datetime, *, look: int) -> QuerySet[Delivery, int]:
    rows = Delivery.objects.filter(OPEN, _FREE, not_before__lte=now).order_by("urgency", "not_before", "pk")
    return rows.values_list("pk", flat=True)[:look]


@prepared
def _first(now: datetime, keys: Sequence[int]) -> QuerySet[Delivery]:
    """Of these rows the first that nobody holds and that is the head of its line, or in no line."""
    rows = Delivery.objects.filter(OPEN, _FREE, not_before__lte=now, pk__among=keys)
    mark = Subquery(SetupGeneration.objects.values("mark"))
    heads = rows.annotate(clock=DatabaseClock(), head=head_of_line(), mark=mark).filter(UNORDERED | Q(head=F("pk")))
    heads = heads.annotate(
        has_choices=Exists(choices_of(OuterRef("recipient"))), rests=Exists(rest_of(OuterRef("recipient")))
    )
    # With all that its text is made of.
    known = heads.select_related("recipient", "ticket", "event__actor__merged_into")
    first = known.order_by("urgency", "not_before", "pk")[:1]
    return first.select_for_update(skip_locked=True, of=("self",))


def _next(now: datetime) -> Delivery | None:
    found = claim(lambda look: list(_due(now, look=look)), lambda keys: list(_first(now, keys)), look=_FIRST_LOOK)
    return next(iter(found), None)


def claim_next(*, now: datetime, after: "_Left | None" = None) -> Delivery | None:
    """Claim the next delivery, or end it where it is not wanted any more; then it comes back without a lease.

    With the commit of this claim the sending has started: a cancel that commits before it wins, one after it loses.
    With it how the one before `left` is on record.
    """
    try:
        with transaction.atomic(durable=True):
            if after is not None:
                after.write()
            return _claim_next(now)
    except _Undecided as undecided:
        # Nothing of that transaction holds, so what it wrote is written once more, with what went wrong.
        with transaction.atomic(durable=True):
            if after is not None:
                after.write()
            write_back([undecided.delivery], _CLAIM_FIELDS, only=_UNHELD)
        return undecided.delivery


def _claim_next(now: datetime) -> Delivery | None:
    delivery = _next(now)
    if delivery is None:
        return None
    if delivery.lease_until is not None:
        # The sender died, or lost its machine: nobody knows whether the other side had accepted it.
        delivery.possibly_repeated = True
        delivery.lease_until = None
    _decide(delivery, now)
    write_back([delivery], _CLAIM_FIELDS)
    return delivery


class _Undecided(Exception):
    """Nobody can say whether the delivery is wanted: its columns tell of a failed try."""

    def __init__(self, delivery: Delivery) -> None:
        super().__init__()
        self.delivery = delivery


_CLAIM_FIELDS: Final = (
    "possibly_repeated",
    "lease_until",
    "lease_token",
    "attempts",
    "cancelled_at",
    "cancel_reason",
    "payload",
    "given_up_at",
    "not_before",
    "last_error",
)


def _decide(delivery: Delivery, now: datetime) -> None:
    """Lease the delivery, cancel it, give it up, or put it off: one that cannot even be asked about holds up nobody.

    One that comes to its reader's quiet hours only now, after tries that failed or a change of the hours, waits too.
    """
    if backoff.is_exhausted(delivery.attempts):
        delivery.given_up_at, delivery.payload = now, {}
        return
    delivery.attempts += 1
    try:
        # Nothing of the set-up is changed here.
        with keeping.under(delivery.mark, inside=True):  # type: ignore[attr-defined] # see `_first`
            reason = _unwanted(delivery, now)
            later = None if reason else registry.delivery_kinds[delivery.kind].put_off(delivery, now)
    except Exception as error:
        log.exception("delivery_undecided", delivery=delivery.pk, tries=delivery.attempts)
        for name, value in _failed(delivery, error, now).items():
            setattr(delivery, name, value)
        raise _Undecided(delivery) from error
    if reason:
        delivery.cancelled_at, delivery.cancel_reason, delivery.payload = now, reason, {}
    elif later is not None:
        # This was no try: nobody was called.
        delivery.not_before, delivery.attempts = later, delivery.attempts - 1
    else:
        delivery.lease_token = uuid.uuid4()
        delivery.lease_until = delivery.clock + LEASE  # type: ignore[attr-defined] # `_first` asks for it


def _unwanted(delivery: Delivery, now: datetime) -> str:
    """Why the delivery shall not leave any more, or nothing."""
    if delivery.expires_at is not None and delivery.expires_at <= now:
        return "expired"
    if delivery.recipient is not None and delivery.recipient.is_integration:
        # Whatever wrote to it: another system has no mailbox.
        return "unwanted"
    return "" if registry.delivery_kinds[delivery.kind].still_wanted(delivery) else "unwanted"


@dataclass(frozen=True, slots=True)
class _Left:
    """How a delivery left, or did not: the columns that tell it."""

    delivery: Delivery
    columns: Mapping[str, Any]

    def write(self) -> None:
        """Put it on record, as long as this sender's lease is in force."""
        for name, value in self.columns.items():
            setattr(self.delivery, name, value)
        write_back([self.delivery], (*self.columns, "lease_token"), only=_HELD)


_OPEN: Final = " AND ".join(f"t.{name} IS NULL" for name in ENDS)
_HELD: Final = f"{_OPEN} AND t.lease_token = v.lease_token"
_UNHELD: Final = f"{_OPEN} AND (t.lease_until IS NULL OR t.lease_until < clock_timestamp())"


def _send(delivery: Delivery) -> _Left:
    try:
        with keeping.under(delivery.mark):  # type: ignore[attr-defined] # `_first` asks for it
            provider_id = registry.senders[delivery.channel].send(delivery)
    except Exception as error:  # noqa: BLE001 - whatever a provider throws is a failed try
        log.warning(
            "delivery_failed",
            delivery=delivery.pk,
            tries=delivery.attempts,
            error=str(error),
        )
        return _Left(delivery, _failed(delivery, error, timezone.now()))
    # A rendered payload can hold a link that signs somebody in; once sent nobody needs it.
    sent = {"sent_at": timezone.now(), "provider_id": provider_id, "lease_until": None, "last_error": "", "payload": {}}
    return _Left(delivery, sent)


@action
def _settle(*, left: _Left) -> None:
    left.write()


def _failed(delivery: Delivery, error: Exception, now: datetime) -> dict[str, Any]:
    """The columns of a delivery after a failed try."""
    is_final = isinstance(error, registry.PermanentFailure) or backoff.is_exhausted(delivery.attempts)
    # What will not be tried again must not lie there with a link that signs somebody in.
    rest: dict[str, Any] = {"payload": {}} if is_final else {}
    return rest | {
        "given_up_at": now if is_final else None,
        "not_before": now + backoff.delay(delivery.attempts),
        "lease_until": None,
        "last_error": f"{type(error).__name__}: {error}"[:_ERROR_LENGTH],
    }
