"""What the portal shows of a ticket beside the page on which one writes: what is new on it, and all of it on paper."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from helpdesk import access
from helpdesk.actors import Actor
from helpdesk.domain.ids import id_in
from helpdesk.models import Ticket
from helpdesk.permissions import Right, may
from helpdesk.requests import actor_of, is_piece
from helpdesk.selectors import answers, conversation, privacy
from helpdesk.selectors.clocks import answers_due
from helpdesk.selectors.watchers import watchers_of

# Of a long conversation the page shows this many of the newest messages, and the rest where somebody asks for it.
_NEWEST: Final = 20


def writes_here(actor: Actor, ticket: Ticket) -> bool:
    """Whether the reader speaks for who asked; who works on the ticket writes in the desk, where all of it is seen."""
    if may(actor, Right.CONFIRM, ticket):
        return True
    return may(actor, Right.REPLY, ticket) and not may(actor, Right.WORK, ticket)


def conversation_of(actor: Actor, ticket: Ticket, *, whole: bool) -> dict[str, Any]:
    """What the ticket's page tells: the words, what was answered at first, and who follows it."""
    letters = conversation.letters(ticket, newest=None if whole else _NEWEST)
    first = letters.first[0].author if letters.first else None
    return {
        "letters": letters,
        "filed_by": first if first != ticket.requester else None,
        "answers": answers.answers_of(ticket),
        "answer_due": answers_due([ticket]).get(ticket.pk),
        "watchers": list(watchers_of(ticket)),
        # Who added somebody by an address learns no name by it; who spoke here is known by theirs.
        "named": conversation.speakers(ticket),
        "may_add": may(actor, Right.ADD_WATCHER, ticket),
        "circle": privacy.circle_of(actor, ticket),
    }


@require_safe
def news(request: HttpRequest, ref: str) -> HttpResponse:
    """What others said since the page was made, for its script; nothing where that is nothing.

    Only public words count: whether somebody wrote a note is not to be felt here.
    """
    actor = actor_of(request)
    ticket = access.open_ticket(actor, ref, opens=False)
    return news_of(request, actor, ticket) if is_piece(request) else redirect("portal:ticket", ref)


def news_of(request: HttpRequest, actor: Actor, ticket: Ticket, **more: Any) -> HttpResponse:
    """The same for whoever reads a ticket that they came to by a gate; `more` is what their page needs beyond it."""
    known = id_in(request.GET.get("after")) or 0
    said = conversation.since(ticket, known, actor.person)
    if not said:
        return HttpResponse(status=204)
    is_same = request.GET.get("status") == ticket.status
    if is_same:
        # Only what is shown was opened, and not each question whether there is any.
        ticket = access.open_ticket(actor, ticket.ref)
    context = {"ticket": ticket, "said": said, "is_same": is_same, **more}
    return render(request, "portal/news.html", context)


@require_safe
def on_paper(request: HttpRequest, ref: str) -> HttpResponse:
    """The whole public conversation, plain, to be printed."""
    actor = actor_of(request)
    ticket = access.open_ticket(actor, ref)
    context = {
        "ticket": ticket,
        "circle": privacy.circle_of(actor, ticket),
        "letters": conversation.letters(ticket, newest=None),
        "answers": answers.answers_of(ticket),
        "printed_at": timezone.now(),
    }
    return render(request, "portal/print.html", context)
