"""The step by which an account's mail is queued. What it says is written when it leaves, or kept sealed until then."""

import uuid
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings

from helpdesk.actions._base import action
from helpdesk.actions.deliveries import enqueue
from helpdesk.choices import DeliveryChannel, Urgency
from helpdesk.domain.sealing import seal, seal_anew
from helpdesk.models import Delivery, User
from helpdesk.models.deliveries import OPEN

ACCOUNT_MAIL: Final = "account_mail"
# The letter that is asked for by an address: a link to a new password, or word that nobody here has it.
RESET: Final = "reset"
# The letter that asks somebody to work at the desk.
INVITATION: Final = "invitation"
_LIFE: Final = timedelta(hours=12)


def post(payload: dict[str, Any], *, to: User | None, now: datetime) -> None:
    """Queue a mail about an account; its `address` may be nobody's yet. Once it left or expired it is forgotten."""
    enqueue(
        channel=DeliveryChannel.EMAIL,
        kind=ACCOUNT_MAIL,
        recipient=to,
        payload=payload,
        dedupe_key=f"{ACCOUNT_MAIL}:{uuid.uuid4()}",
        urgency=Urgency.NOW,
        expires_at=now + _LIFE,
        now=now,
    )


def post_letter(letter: str, *, to: User, now: datetime, **facts: Any) -> None:
    """Queue a letter of this name to a person; `facts` are what its text needs to know."""
    post({"address": to.email, "letter": letter, "facts": facts}, to=to, now=now)


def post_written(words: tuple[str, str], *, address: str, to: User | None, now: datetime) -> None:
    """Queue a mail of a subject and a text that hold a link to something: who reads the database does not read them."""
    subject, body = (seal(text, settings.ENCRYPTION_KEYS) for text in words)
    post({"address": address, "sealed": [subject, body]}, to=to, now=now)


@action
def seal_waiting_anew() -> int:
    """Seal what waits to be mailed under the first of the encryption keys. Returns how many secrets."""
    waiting = Delivery.objects.filter(OPEN, kind=ACCOUNT_MAIL, payload__has_key="sealed").order_by("pk")
    count = 0
    for row in waiting.select_for_update():
        row.payload["sealed"] = [seal_anew(text, settings.ENCRYPTION_KEYS) for text in row.payload["sealed"]]
        row.save(update_fields=["payload"])
        count += len(row.payload["sealed"])
    return count
