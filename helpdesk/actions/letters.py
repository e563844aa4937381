"""The step by which an account's mail is queued. What it says is written when it leaves."""

import uuid
from datetime import datetime, timedelta
from typing import Any, Final

from helpdesk.actions.deliveries import enqueue
from helpdesk.choices import DeliveryChannel, Urgency
from helpdesk.models import User

ACCOUNT_MAIL: Final = "account_mail"
# The letter that is asked for by an address: a link to a new password, or word that nobody here has it.
RESET: Final = "reset"
# The letter that asks somebody to work at the desk.
INVITATION: Final = "invitation"
_LIFE: Final = timedelta(hours=12)


def post(payload: dict[str, Any], *, to: User | None, now: datetime) -> None:
    """Queue a mail about an account; its `address` may be nobody's yet.

    It can hold a link that signs somebody in, so it is forgotten once it is sent or has expired.
    """
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
