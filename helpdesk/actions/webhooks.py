"""Webhooks are set up, tried out, switched on and off; what did not reach them is sent again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk import outgoing
from helpdesk.actions import _once, letters
from helpdesk.actions._base import SEND_TASK, action, kick
from helpdesk.actions._claim import delete_first
from helpdesk.actions._once import Submission
from helpdesk.actions._record import audit
from helpdesk.actions.deliveries import enqueue
from helpdesk.actions.setup import state_of
from helpdesk.actors import SYSTEM, Actor
from helpdesk.choices import DeliveryChannel, Priority, Role, Urgency
from helpdesk.domain import webhooks as rules
from helpdesk.domain.addresses import Fault, WrongAddress
from helpdesk.domain.sealing import seal, seal_anew, unseal
from helpdesk.domain.words import clean_line
from helpdesk.errors import Code, DomainError, Text
from helpdesk.models import Category, Delivery, Organization, Queue, User, Webhook, WebhookEnd, WebhookForm, WebhookTry
from helpdesk.models.deliveries import OPEN
from helpdesk.permissions import Right, holds
from helpdesk.selectors.webhooks import queued_for

MAX_WEBHOOKS: Final = 100
MAX_NAME: Final = 80
TEST_KIND: Final = "webhook_test"
_ERROR_LENGTH: Final = 500
# How long each call of an address can be looked up; whether something arrived is known for ever.
KEPT: Final = timedelta(days=30)
_LISTS: Final = ("kinds", "queue_ids", "priorities", "category_ids", "organization_ids")
# As many as are sent again in one go.
MAX_REPLAY: Final = 1000
_FAULTS: Final[Mapping[Fault, Text]] = {
    Fault.FORM: _("Write one whole address, such as https://example.org/hook, of up to 500 plain characters."),
    Fault.SCHEME: _("The address has to begin with https://."),
    Fault.USER: _("The address may name no user and no password."),
    Fault.PORT: _("This port is not among those that may be called."),
    Fault.HOST: _("Write the name of the host plainly, such as hooks.example.org."),
    Fault.CLOSED: _("This address leads into a closed network, which may not be called."),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A webhook as somebody wants it. Of what is empty, all is told."""

    name: str
    url: str
    form: str = WebhookForm.JSON
    kinds: Sequence[str] = ()
    queue_ids: Sequence[int] = ()
    priorities: Sequence[int] = ()
    category_ids: Sequence[int] = ()
    organization_ids: Sequence[int] = ()
    is_ordered: bool = True
    is_active: bool = True

    def columns(self) -> dict[str, Any]:
        """As the row keeps it: lists in order and without repeats."""
        plain = {name: getattr(self, name) for name in ("url", "form", "is_ordered", "is_active")}
        lists = {name: sorted(set(getattr(self, name))) for name in _LISTS}
        return {"name": clean_line(self.name), **plain, **lists}


def as_wanted(webhook: Webhook) -> Wanted:
    """A webhook as it is."""
    return Wanted(**{one.name: getattr(webhook, one.name) for one in fields(Wanted)})


def add_webhook(
    *, wanted: Wanted, by: Actor, now: datetime, submission: Submission | None = None
) -> tuple[Webhook, str]:
    """Set up another one. Returns it with its secret, which is shown this once; who presses twice gets it again."""
    check(wanted=wanted, by=by)
    return add_checked(wanted=wanted, by=by, now=now, submission=submission)


def check(*, wanted: Wanted, by: Actor) -> None:
    """Raise DomainError for what cannot be set up; to say so of an address takes questions to the network."""
    _require(by)
    _check(wanted, by)


@action
def add_checked(
    *, wanted: Wanted, by: Actor, now: datetime, submission: Submission | None = None
) -> tuple[Webhook, str]:
    """Set up what was checked just now."""
    _require(by)
    key, earlier = _once.claim_of(Webhook, by, submission)
    if earlier is not None:
        return earlier, _told_again(earlier, by, submission)
    # Whoever adds one waits for who adds another, so that the limit holds.
    rows = list(Webhook.objects.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    if len(rows) >= MAX_WEBHOOKS:
        words = _("There is room for %(limit)d webhooks. Use one that is not needed any more.")
        raise DomainError(words % {"limit": MAX_WEBHOOKS}, Code.TOO_MANY)
    secret = rules.new_secret()
    row = Webhook(**wanted.columns(), owner=by.person, created_at=now, secret=seal(secret, settings.ENCRYPTION_KEYS))
    row.save(force_insert=True)
    audit("webhook_added", ("webhook", row.pk), _told(row), by=by, now=now)
    return _once.settle(key, row), secret


def change_webhook(*, webhook: Webhook, wanted: Wanted, by: Actor, now: datetime, seen: str | None = None) -> Webhook:
    """Change it. Who does so answers for it from now on: what they may read is told.

    `seen` is the state that they looked at, see `setup.state_of`.
    """
    _require(by)
    _check(wanted, by)
    return _change(webhook=webhook, wanted=wanted, by=by, now=now, seen=seen)


@action
def _change(*, webhook: Webhook, wanted: Wanted, by: Actor, now: datetime, seen: str | None) -> Webhook:
    row = _locked(webhook, by)
    if seen is not None and seen != state_of(row):
        raise DomainError(
            _("Somebody changed this while you were looking at it. Open it anew, then change it again."), Code.STALE
        )
    values = {**wanted.columns(), "owner": by.person}
    changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
    if not changed:
        return row
    for name in changed:
        setattr(row, name, values[name])
    begins_anew = _RESTED if row.is_active and {"url", "is_active"} & set(changed) else {}
    for name, value in begins_anew.items():
        setattr(row, name, value)
    row.save(update_fields=[*changed, *begins_anew])
    audit("webhook_changed", ("webhook", row.pk), {"fields": changed, **_told(row)}, by=by, now=now)
    return row


@action
def rotate_secret(
    *, webhook: Webhook, by: Actor, now: datetime, at_once: bool = False, submission: Submission | None = None
) -> str:
    """Give it another secret, shown this once. For a day the one before it signs too, unless it shall end at once.

    Who presses twice gets the secret again. By another submission there is none but `at_once` within that day: who
    changes it twice would lose the one that is in use.
    """
    key, earlier = _once.claim_of(Webhook, by, submission)
    row = _locked(webhook, by)
    if earlier is not None:
        return _told_again(row, by, submission)
    if not at_once and row.old_secret_until is not None and now < row.old_secret_until:
        words = _("The secret was changed less than a day ago. Change it again so that the old one ends at once.")
        raise DomainError(words, Code.REPEATED)
    secret = rules.new_secret()
    row.old_secret = "" if at_once else row.secret
    row.old_secret_until = None if at_once else now + rules.OVERLAP
    row.secret = seal(secret, settings.ENCRYPTION_KEYS)
    row.save(update_fields=["secret", "old_secret", "old_secret_until"])
    audit("webhook_rotated", ("webhook", row.pk), {"at_once": at_once}, by=by, now=now)
    _once.settle(key, row)
    return secret


def _told_again(row: Webhook, by: Actor, submission: Submission | None) -> str:
    if not _once.is_fresh(by, submission):
        words = _("The secret of “%(name)s” was made already, and shown that once. If you do not have it, change it.")
        raise DomainError(words % {"name": row.name}, Code.REPEATED)
    return unseal(row.secret, settings.ENCRYPTION_KEYS)


@action
def send_test(*, webhook: Webhook, by: Actor, now: datetime) -> Delivery:
    """Send it a message that says nothing, also while it is switched off."""
    row = _locked(webhook, by)
    name = f"{TEST_KIND}:{uuid4().hex}"
    enqueue(
        channel=DeliveryChannel.WEBHOOK,
        kind=TEST_KIND,
        recipient=None,
        webhook=row,
        dedupe_key=name,
        urgency=Urgency.NOW,
        now=now,
    )
    audit("webhook_tested", ("webhook", row.pk), {}, by=by, now=now)
    return Delivery.objects.get(dedupe_key=name)


@action
def replay(*, webhook: Webhook, delivery: Delivery, by: Actor, now: datetime) -> bool:
    """Send one again that left or was given up, under the name that it had. False while it is on its way."""
    row = _locked(webhook, by)
    ended = queued_for(by, row).filter(pk=delivery.pk).exclude(OPEN)
    return bool(_begin_anew(row, list(ended.values_list("pk", flat=True)), by, now))


@action
def replay_failed(*, webhook: Webhook, since: datetime, by: Actor, now: datetime) -> int:
    """Send all again that did not reach it since then, the oldest first. Returns how many; see `may_be_more`."""
    row = _locked(webhook, by)
    failed = queued_for(by, row).filter(created_at__gte=since, sent_at__isnull=True).exclude(OPEN)
    ids = list(failed.order_by("pk").values_list("pk", flat=True)[:MAX_REPLAY])
    return _begin_anew(row, ids, by, now)


def may_be_more(count: int) -> bool:
    """Whether more than so many may be left after a go: then somebody asks for another one."""
    return count >= MAX_REPLAY


def _begin_anew(row: Webhook, keys: Sequence[int], by: Actor, now: datetime) -> int:
    if not row.is_active:
        raise DomainError(_("This webhook is switched off. Switch it on first."), Code.ILLEGAL_MOVE)
    begun = Delivery.objects.filter(pk__in=keys).exclude(OPEN).update(**_UNSENT, not_before=now)
    if begun:
        audit("webhook_replayed", ("webhook", row.pk), {"count": begun}, by=by, now=now)
        kick(SEND_TASK)
    return begun


@action
def note_try(
    *, webhook: Webhook, delivery: Delivery, milliseconds: int, status: int | None, error: str, now: datetime
) -> bool:
    """Remember what came of a call. One that is gone for good, or failed for a day, is switched off.

    Returns whether the webhook still has the address that was called (`webhook` is as it was then): what another one
    answers says nothing of it.
    """
    WebhookTry.objects.create(
        delivery=delivery, at=now, milliseconds=milliseconds, status=status, error=error[:_ERROR_LENGTH]
    )
    row = Webhook.objects.select_for_update(no_key=True).get(pk=webhook.pk)
    if row.url != webhook.url:
        return False
    if not error:
        if row.failures and row.is_active:
            Webhook.objects.filter(pk=row.pk).update(**_RESTED)
        return True
    if delivery.kind == TEST_KIND or not row.is_active:
        # Whoever tries it out sees what comes of it; nothing follows from that.
        return True
    row.failures += 1
    row.failing_since = row.failing_since or now
    pause = rules.pause(row.failures)
    row.paused_until = now + pause if pause else None
    row.save(update_fields=["failures", "failing_since", "paused_until"])
    if status == rules.GONE or rules.is_dead(row.failing_since, now):
        _end(row, WebhookEnd.GONE if status == rules.GONE else WebhookEnd.FAILING, now)
    return True


@action
def forget_tries(*, now: datetime, limit: int) -> int:
    """Forget up to `limit` calls that nobody asks about any more; what they were about stays. Returns how many."""
    return delete_first(WebhookTry.objects.filter(at__lt=now - KEPT).order_by("at"), limit)


def _end(row: Webhook, why: WebhookEnd, now: datetime) -> None:
    """Switch it off, and tell whoever can mend that."""
    row.is_active, row.ended_at, row.ended_why = False, now, why
    row.save(update_fields=["is_active", "ended_at", "ended_why"])
    audit("webhook_ended", ("webhook", row.pk), {"why": why}, by=SYSTEM, now=now)
    staff = User.objects.filter(Q(role=Role.ADMINISTRATOR) | Q(pk=row.owner_id), is_active=True, is_integration=False)
    for person in staff.order_by("pk"):
        facts = {"name": row.name, "why": why.value, "webhook_id": row.pk}
        letters.post_letter("webhook_ended", to=person, now=now, **facts)


@action
def seal_secrets_anew() -> int:
    """Seal every secret under the first of the encryption keys. Returns how many."""
    count = 0
    for row in Webhook.objects.select_for_update().order_by("pk"):
        kept = [name for name in ("secret", "old_secret") if getattr(row, name)]
        for name in kept:
            setattr(row, name, seal_anew(getattr(row, name), settings.ENCRYPTION_KEYS))
        row.save(update_fields=kept)
        count += len(kept)
    return count


def secrets_of(webhook: Webhook, now: datetime) -> list[str]:
    """The secrets that sign now, the newest first."""
    sealed = [webhook.secret]
    if webhook.old_secret_until is not None and now < webhook.old_secret_until:
        sealed.append(webhook.old_secret)
    return [unseal(one, settings.ENCRYPTION_KEYS) for one in sealed]


# As it is when nothing failed, and what was sent or given up when it begins anew.
_RESTED: Final[dict[str, Any]] = {
    "failures": 0,
    "failing_since": None,
    "paused_until": None,
    "ended_at": None,
    "ended_why": "",
}
_UNSENT: Final[dict[str, Any]] = {
    "sent_at": None,
    "cancelled_at": None,
    "cancel_reason": "",
    "given_up_at": None,
    "attempts": 0,
    "last_error": "",
}


def _require(by: Actor) -> None:
    if not holds(by, Right.CHANGE_SETUP):
        raise DomainError(_("You may not change webhooks."), Code.FORBIDDEN)


def _locked(webhook: Webhook, by: Actor) -> Webhook:
    _require(by)
    row = Webhook.objects.select_for_update(no_key=True).get(pk=webhook.pk)
    if not _leads_to(by, row.queue_ids):
        raise DomainError(_("You may not change webhooks."), Code.FORBIDDEN)
    return row


def _leads_to(by: Actor, queue_ids: Sequence[int]) -> bool:
    """Whether a token, where they come by one, leads to all that is told: what it does not, nobody hears by it."""
    return by.queue_ids is None or (bool(queue_ids) and set(queue_ids) <= by.queue_ids)


def _told(row: Webhook) -> dict[str, Any]:
    """What the record may keep of it: no names, and no address, which may hold a key."""
    names = ("form", "kinds", "queue_ids", "priorities", "category_ids", "organization_ids", "is_ordered", "is_active")
    return {name: getattr(row, name) for name in names}


def _check(wanted: Wanted, by: Actor) -> None:
    name = clean_line(wanted.name)
    if not name or len(name) > MAX_NAME:
        raise DomainError(
            _("Write a name of up to %(limit)d characters, by which you will know it.") % {"limit": MAX_NAME},
            Code.WRONG if name else Code.MISSING,
            field="name",
        )
    for given, known, where in (
        ([wanted.form], WebhookForm.values, "form"),
        (wanted.kinds, rules.KINDS, "kinds"),
        (wanted.priorities, Priority.values, "priorities"),
    ):
        if set(given) - set(known):
            raise DomainError(_("Choose from what is offered here."), Code.WRONG, field=where)
    for model, ids, where in (
        (Queue, wanted.queue_ids, "queue_ids"),
        (Category, wanted.category_ids, "category_ids"),
        (Organization, wanted.organization_ids, "organization_ids"),
    ):
        if ids and model._default_manager.filter(pk__in=ids).count() < len(set(ids)):
            raise DomainError(_("Choose from what is offered here."), Code.WRONG, field=where)
    if not _leads_to(by, wanted.queue_ids):
        raise DomainError(_("Choose queues that your token leads to."), Code.FORBIDDEN, field="queue_ids")
    try:
        outgoing.wire().check(wanted.url)
    except WrongAddress as wrong:
        raise DomainError(_FAULTS[wrong.fault], Code.WRONG, field="url") from wrong
