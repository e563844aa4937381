"""What a ticket's page asks for while somebody reads or writes there: what is new, and how a text will look."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from helpdesk import access
from helpdesk.actors import Actor
from helpdesk.domain import events
from helpdesk.domain.words import check_length, clean_text
from helpdesk.errors import DomainError
from helpdesk.models import Ticket
from helpdesk.permissions import Right, may
from helpdesk.requests import actor_of
from helpdesk.selectors import conversation
from helpdesk.selectors.conversation import Entry
from helpdesk.views.desk.words import line
from helpdesk.views.refusals import STATUSES

_NAMED: Final = 3
_DIGITS: Final = 9
_WORDS_OF_THEIR_OWN: Final = (events.ReplyAdded, events.NoteAdded)


@dataclass(frozen=True, slots=True)
class News:
    """One thing that happened since the page was made. Words of somebody weigh more than a change."""

    words: str
    moment: datetime
    is_said: bool = False
    is_note: bool = False


@require_safe
def news(request: HttpRequest, ref: str) -> HttpResponse:
    """What others did since the version `after` that the page shows; 204 and one query where that is nothing.

    `known` is the version up to which the page was told already.
    """
    actor = actor_of(request)
    ticket = access.get_ticket(actor, ref, Right.READ_NOTES, opens=False)
    after, known = (_number(request.GET.get(name, "")) for name in ("after", "known"))
    if ticket.version <= max(after, known):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    found = _since(actor, ticket, after)
    if not found:
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"X-Ticket-Version": str(ticket.version)})
    # What somebody said comes before what changed, the newest first.
    found.sort(key=lambda one: (one.is_said, one.moment), reverse=True)
    rest = len(found) - _NAMED
    context = {
        "news": found[:_NAMED],
        "more": ngettext("and %(count)d more change", "and %(count)d more changes", rest) % {"count": rest}
        if rest > 0
        else "",
    }
    response = render(request, "desk/parts/news.html", context)
    response["X-Ticket-Version"] = str(ticket.version)
    return response


@require_POST
def preview(request: HttpRequest, ref: str) -> HttpResponse:
    """The text as its readers will see it."""
    actor = actor_of(request)
    ticket = access.get_ticket(actor, ref)
    if not (may(actor, Right.REPLY, ticket) or may(actor, Right.WRITE_NOTES, ticket)):
        raise PermissionDenied(_("You may see this ticket, but not do this with it."))
    return preview_of(request)


def preview_of(request: HttpRequest) -> HttpResponse:
    """The part of a page that shows how the text that was sent will look."""
    text = clean_text(request.POST.get("text", ""))
    try:
        check_length(text)
    except DomainError as refusal:
        return render(request, "desk/parts/preview.html", {"problem": str(refusal)}, status=STATUSES[refusal.code])
    return render(request, "desk/parts/preview.html", {"text": text})


def _since(actor: Actor, ticket: Ticket, version: int) -> list[News]:
    """What happened: of the others' doing or, where there is none, that the reader did something elsewhere."""
    entries = conversation.timeline(actor, ticket, after=version)
    others = [entry for entry in entries if entry.event.actor_id != actor.person.pk]
    return [_told(entry) for entry in others] or _own(entries)


def _told(entry: Entry) -> News:
    is_note = isinstance(entry.data, events.NoteAdded)
    is_said = isinstance(entry.data, _WORDS_OF_THEIR_OWN) or "message_id" in entry.event.data
    return News(line(entry), entry.event.effective_at, is_said=is_said, is_note=is_note)


def _own(entries: Sequence[Entry]) -> list[News]:
    """One line where only the reader did something, in another window."""
    if not entries:
        return []
    return [News(_("You changed this ticket in another window"), entries[-1].event.effective_at)]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else 0
