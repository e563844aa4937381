"""Webhooks leave: a delivery becomes a message in the webhook's form, signed, and goes to its address."""

import json
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from helpdesk import outgoing
from helpdesk.actions.webhook_events import reader_of
from helpdesk.actions.webhooks import TEST_KIND, note_try, secrets_of
from helpdesk.api.shapes.base import moment
from helpdesk.api.shapes.conversation import EventShape
from helpdesk.api.shapes.tickets import TicketShape
from helpdesk.choices import Priority, Status
from helpdesk.domain.addresses import WrongAddress
from helpdesk.domain.webhooks import GONE, MAX_TRIES, TEST, signed, type_of
from helpdesk.models import Delivery, WebhookForm
from helpdesk.registry import PermanentFailure, Sender
from helpdesk.selectors import api, conversation, links
from helpdesk.views.desk.words import event_kind

_Make = Callable[[Delivery], dict[str, Any]]
_SHOWN: Final = 200
# What Slack reads as its own marks, and what cards of Teams do.
_SLACK: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_MARKDOWN: Final = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_{}[]()<>#+-.!|~"})


class Refused(Exception):
    """The address answered otherwise than with a success."""


def send(delivery: Delivery) -> str:
    """Call the address and return the status that it answered. All that comes of it is noted."""
    hook = delivery.webhook
    if hook is None:
        raise PermanentFailure("The webhook is not there.")
    body = json.dumps(_MAKERS[hook.form](delivery), ensure_ascii=False, separators=(",", ":"))
    now = timezone.now()
    headers = {"Content-Type": "application/json", **signed(body, delivery.token, now, secrets_of(hook, now))}
    begun, status, error = time.monotonic(), None, ""
    try:
        answered = outgoing.wire().post(hook.url, body.encode(), headers)
    except WrongAddress as wrong:
        error = f"This address may not be called ({wrong.fault})."
    except outgoing.CallFailed as failure:
        error = str(failure)
    else:
        status = answered.status
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            error = " ".join(f"{status} {answered.text[:_SHOWN]}".split())
    spent = round((time.monotonic() - begun) * 1000)
    # PostgreSQL keeps no zero bytes.
    error = error.replace("\0", "")
    came: dict[str, Any] = {"milliseconds": spent, "status": status, "error": error, "now": timezone.now()}
    is_its_address = note_try(webhook=hook, delivery=delivery, **came)
    if error:
        is_gone = status == GONE and is_its_address
        is_last = is_gone or delivery.kind == TEST_KIND or delivery.attempts >= MAX_TRIES
        raise PermanentFailure(error) if is_last else Refused(error)
    return str(status)


SENDER: Final = Sender("webhook", send)


def payload(delivery: Delivery) -> dict[str, Any]:
    """What is told as JSON: the event and its ticket, in the shapes of the API."""
    event = delivery.event
    hook = delivery.webhook
    if event is None or hook is None:
        return {"type": TEST, "timestamp": moment(timezone.now()), "data": {}}
    reader = reader_of(hook)
    (ticket,) = api.dressed([event.ticket_id])
    links.tell_hidden(reader, [ticket])
    (entry,) = conversation.told(reader, [event])
    data = {"event": EventShape.write(entry), "ticket": TicketShape.write(ticket)}
    return {"type": type_of(event.kind), "timestamp": moment(event.effective_at), "data": data}


def _line(delivery: Delivery) -> tuple[str, str, str]:
    """Reference, link and sentence for people in a channel, who may be anybody: it names nobody."""
    event, ticket = delivery.event, delivery.ticket
    with translation.override(settings.LANGUAGE_CODE):
        if event is None or ticket is None:
            return "Watchdesk", settings.BASE_URL, _("This is a test. It works.")
        state = f"{Status(ticket.status).label}, {Priority(ticket.priority).label}"
        words = f"{ticket.subject} · {event_kind(event.kind)} · {state}"
        return ticket.ref, settings.BASE_URL + reverse("admin:ticket", args=[ticket.ref]), words


def slack(delivery: Delivery) -> dict[str, Any]:
    """A line with a link, as incoming webhooks of Slack take it."""
    ref, link, words = _line(delivery)
    return {"text": f"<{link}|{ref.translate(_SLACK)}> {words.translate(_SLACK)}"}


def teams(delivery: Delivery) -> dict[str, Any]:
    """A card with a link, as workflows of Microsoft Teams take it."""
    ref, link, words = _line(delivery)
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [
            {"type": "TextBlock", "text": ref.translate(_MARKDOWN), "weight": "Bolder"},
            {"type": "TextBlock", "text": words.translate(_MARKDOWN), "wrap": True},
        ],
        "actions": [{"type": "Action.OpenUrl", "title": ref, "url": link}],
    }
    content = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [content]}


_MAKERS: Final[dict[str, _Make]] = {WebhookForm.JSON: payload, WebhookForm.SLACK: slack, WebhookForm.TEAMS: teams}
