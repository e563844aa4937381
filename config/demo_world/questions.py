"""What the queues of the demo ask, beside what the presets ask about topics."""

import random
from datetime import datetime
from typing import Any, Final

from helpdesk.actions.setup import Change, save_setup
from helpdesk.actors import SYSTEM
from helpdesk.choices import FieldKind
from helpdesk.domain.answers import Typed
from helpdesk.models import CustomField, Queue, Ticket
from helpdesk.selectors.answers import asked_about, unanswered

# Each with its words in German: the question, and the answers to choose from.
_ASKED: Final[dict[str, list[tuple[dict[str, Any], dict[str, Any]]]]] = {
    "accounts": [
        (
            {"code": "seats", "label": "How many seats is it about?", "kind": FieldKind.NUMBER, "minimum": 1},
            {"label": "Um wie viele Plätze geht es?"},
        ),
    ],
    "integrations": [
        (
            {
                "code": "systems",
                "label": "What is connected?",
                "kind": FieldKind.MULTI,
                "options": ["Calendar", "Single sign-on", "Webhooks", "Import", "Our own program"],
            },
            {
                "label": "Was ist angebunden?",
                "options": ["Kalender", "Einmalanmeldung", "Webhooks", "Import", "Eigenes Programm"],
            },
        ),
    ],
    "platform": [
        (
            {
                "code": "cause",
                "label": "Cause",
                "kind": FieldKind.CHOICE,
                "options": ["Our release", "A provider of ours", "The customer's network", "Not found"],
                "is_internal": True,
                "is_required_to_resolve": True,
            },
            {"label": "Ursache", "options": ["Unsere Version", "Ein Zulieferer", "Netz des Kunden", "Nicht gefunden"]},
        ),
    ],
}
GUESTS: Final = "feedback"


def ask(now: datetime) -> None:
    """Add the questions that are missing, and open one queue to guests."""
    for code, asked in _ASKED.items():
        queue = Queue.objects.filter(code=code, fields__isnull=True).first()
        if queue is None:
            continue
        for position, (words, german) in enumerate(asked):
            row = CustomField(queue=queue, position=position * 10, translations={"de": german}, **words)
            names = [field.name for field in row._meta.concrete_fields if not field.primary_key]
            save_setup(change=Change(queue, [], children=[Change(row, names)]), by=SYSTEM, now=now)
    for queue in Queue.objects.filter(code=GUESTS, guests_allowed=False):
        queue.guests_allowed = True
        save_setup(change=Change(queue, ["guests_allowed"]), by=SYSTEM, now=now)


def wanted_to_resolve(ticket: Ticket) -> dict[str, Typed]:
    """An answer to each question that has one before the ticket is resolved."""
    return {
        field.key: answer_to(field, ticket.subject) for field in unanswered(asked_about(ticket, with_internal=True))
    }


def answer_to(field: CustomField, told: str) -> Typed:
    """An answer that fits the question; the same for the same words."""
    rng = random.Random(f"{field.code} {told}")  # noqa: S311 - no secret
    if field.kind == FieldKind.NUMBER:
        return str(rng.choice((1, 2, 3, 5, 8, 12, 20)))
    if field.kind == FieldKind.MULTI:
        return rng.sample(field.options, k=rng.choice((1, 1, 2)))
    return str(rng.choice(field.options))
