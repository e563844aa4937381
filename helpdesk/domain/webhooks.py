"""Webhooks: the names of what they tell, their secrets, how long they are tried, and when they are given up."""

import base64
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from standardwebhooks import Webhook

from helpdesk.domain import backoff
from helpdesk.domain.events import EVENT_TYPES

TEST: Final = "webhook.test"
# The answer by which an address says that it wants nothing more.
GONE: Final = 410
# The waits between so many tries come to a day.
MAX_TRIES: Final = 11
# One that did not succeed once for so long is switched off.
DEAD_AFTER: Final = timedelta(days=1)
# After so many failures in a row the others wait too, so that nobody calls in vain for each of a thousand.
_PATIENCE: Final = 2
_LONGEST_PAUSE: Final = timedelta(minutes=5)
# How long the secret before a change still signs too.
OVERLAP: Final = timedelta(days=1)
_SECRET_BYTES: Final = 32
_TICKET: Final = "ticket_"
KINDS: Final = tuple(EVENT_TYPES)


def type_of(kind: str) -> str:
    """What an event is called outside: `ticket.resolved`."""
    return f"ticket.{kind.removeprefix(_TICKET)}"


KIND_OF: Final = {type_of(kind): kind for kind in KINDS}


def new_secret() -> str:
    """A secret as the specification writes it."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()}"


def message_id(token: UUID) -> str:
    """The name of a message, the same at each try."""
    return f"msg_{token.hex}"


def signed(body: str, token: UUID, at: datetime, keys: Sequence[str]) -> dict[str, str]:
    """The headers by which a receiver knows that a message is ours, whole and new: signed with each of the secrets."""
    name = message_id(token)
    signatures = [Webhook(key).sign(name, at, body) for key in keys]
    return {
        "webhook-id": name,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def pause(failures: int) -> timedelta:
    """How long nothing is sent after so many failures in a row."""
    beyond = failures - _PATIENCE
    return min(backoff.delay(beyond), _LONGEST_PAUSE) if beyond > 0 else timedelta()


def is_dead(failing_since: datetime, now: datetime) -> bool:
    """Whether it failed for so long that it is switched off."""
    return now - failing_since >= DEAD_AFTER


@dataclass(frozen=True, slots=True)
class Filter:
    """Which tickets a webhook is about; what is empty narrows nothing."""

    queues: Collection[int] = ()
    priorities: Collection[int] = ()
    categories: Collection[int] = ()
    organizations: Collection[int] = ()

    def takes(self, queue: int, priority: int, category: int | None, organization: int | None) -> bool:
        """Whether a ticket of these is one of them."""
        asked = (
            (self.queues, queue),
            (self.priorities, priority),
            (self.categories, category),
            (self.organizations, organization),
        )
        return all(not wanted or value in wanted for wanted, value in asked)
