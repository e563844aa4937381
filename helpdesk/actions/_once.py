"""A request that its sender may repeat: the second time it gets the first one's result."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from django.db import connection
from django.db.models import Model
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from helpdesk.actions._claim import delete_first
from helpdesk.actors import Actor
from helpdesk.errors import Code, DomainError
from helpdesk.models import IdempotencyKey, Ticket, User

R = TypeVar("R", bound=Model)
# A browser brings an old page back after a weekend; nothing repeats a request later than that.
LIFE: Final = timedelta(days=14)
# Whoever presses twice does so within it, and has seen only the second answer.
PRESSED_TWICE: Final = timedelta(minutes=1)
_INSERT: Final = """
INSERT INTO helpdesk_idempotencykey (user_id, key, body_hash, result) VALUES (%s, %s, %s, '{}')
ON CONFLICT (user_id, key) DO NOTHING RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Submission:
    """The sender's key of one request, and a digest of what it says."""

    key: str
    body_hash: str

    @classmethod
    def of(cls, key: str, body: dict[str, Any]) -> "Submission":
        """The submission of a form: `body` is what the person typed or chose, as JSON can hold it."""
        text = json.dumps(body, sort_keys=True, default=str)
        return cls(key, hashlib.sha256(text.encode()).hexdigest())


def forget(*, now: datetime, limit: int) -> int:
    """Inside an action: forget the oldest keys that nobody repeats any more. Returns how many."""
    old = IdempotencyKey.objects.filter(recorded_at__lt=now - LIFE).order_by("recorded_at")
    return delete_first(old, limit)


def claim(by: Actor, submission: Submission | None) -> tuple[IdempotencyKey | None, Ticket | None]:
    """The key to fill in at the end, and the earlier result where this is a repetition.

    A second request at the same time waits here until the first has committed or failed. Raises DomainError when the
    key was used for another text: neither is lost, the person is told where the first one is.
    """
    return claim_of(Ticket, by, submission)


def claim_of(model: type[R], by: Actor, submission: Submission | None) -> tuple[IdempotencyKey | None, R | None]:
    """The same for what comes to a row of another kind; what was made of the key before is told by its reference."""
    key, row = _claimed(by, submission)
    if row is None:
        return key, None
    made = model._default_manager.filter(pk=row.result.get(_name(model))).first()
    if made is None or submission is None or row.body_hash != submission.body_hash:
        raise _sent_before(getattr(made, "ref", "–"))
    return None, made


def is_fresh(by: Actor, submission: Submission | None) -> bool:
    """Whether the key was sent for the first time so short ago that somebody pressed twice."""
    sent = IdempotencyKey.objects.filter(user=by.person, key=submission.key if submission else "")
    return sent.filter(recorded_at__gt=Now() - PRESSED_TWICE).exists()


def _claimed(by: Actor, submission: Submission | None) -> tuple[IdempotencyKey | None, IdempotencyKey | None]:
    """The new key, or the one that is there already."""
    if submission is None:
        return None, None
    first = insert(by.person, submission)
    if first is not None:
        return first, None
    return None, IdempotencyKey.objects.get(user=by.person, key=submission.key)


def _sent_before(ref: str) -> DomainError:
    words = _("This form was sent before, with another text; see %(ref)s. Send this one as a new message.")
    return DomainError(words % {"ref": ref}, Code.REPEATED)


def insert(person: User, submission: Submission) -> IdempotencyKey | None:
    """The key's row, or nothing where it is there already; Django's own way asks the database four times."""
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [person.pk, submission.key, submission.body_hash])
        found = cursor.fetchone()
    if found is None:
        return None
    return IdempotencyKey(pk=found[0], user=person, key=submission.key, body_hash=submission.body_hash)


def settle(key: IdempotencyKey | None, row: R) -> R:
    """Keep the result for a repetition, and hand it on."""
    if key is not None:
        key.result = {_name(type(row)): row.pk}
        key.save(update_fields=["result"])
    return row


def _name(model: type[Model]) -> str:
    return f"{model._meta.model_name}_id"
