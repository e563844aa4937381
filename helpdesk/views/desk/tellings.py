"""What a ticket's page says was done, and the way back from it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse

from helpdesk.models import Ticket


@dataclass(frozen=True, slots=True)
class Telling:
    """What was done, in words. Where it can be undone, `url` takes the form with `fields` that puts it back."""

    words: str
    url: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


def tell(request: HttpRequest, words: str) -> None:
    """Say it on the next page."""
    messages.success(request, words)


def tell_undoable(request: HttpRequest, words: str, ticket: Ticket, *route: str, **fields: object) -> None:
    """Say it on the next page, with a button that sends these fields to a route of this ticket."""
    name, *args = route
    tell_undoable_at(request, words, reverse(f"admin:ticket_{name}", args=[ticket.ref, *args]), **fields)


def tell_undoable_at(request: HttpRequest, words: str, url: str, **fields: object) -> None:
    """The same with a button that sends the fields to any address."""
    back = {"url": url, "fields": {name: str(value) for name, value in fields.items()}}
    messages.success(request, words, extra_tags=json.dumps(back))


def tellings(request: HttpRequest, suffix: str = "") -> list[Telling]:
    """What there is to say on this page; it is said once."""
    return [_read(str(message.message), message.extra_tags or "", suffix) for message in messages.get_messages(request)]


def _read(words: str, tags: str, suffix: str) -> Telling:
    # Other pages leave words here too, and know nothing of undoing.
    if not tags.startswith("{"):
        return Telling(words)
    back = json.loads(tags)
    return Telling(words, back["url"] + suffix, back["fields"])
