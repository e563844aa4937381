"""What agents do with a ticket: each an address that takes one form, calls one action and says what was done."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from helpdesk import access
from helpdesk.actions import assignment, conversation, tiers
from helpdesk.actors import Actor
from helpdesk.choices import MoveName, Status
from helpdesk.domain.lifecycle import MOVES, Move
from helpdesk.forms.desk import AssignForm, MoveForm, TierForm, WriteForm
from helpdesk.models import Ticket
from helpdesk.permissions import MOVE_RIGHTS, Right
from helpdesk.requests import actor_of
from helpdesk.selectors.answers import asked_about, unanswered
from helpdesk.selectors.mentions import named
from helpdesk.views import drafts, writing
from helpdesk.views.desk.panels import PLACES, Page, Refused, move_form
from helpdesk.views.desk.tellings import tell, tell_undoable
from helpdesk.views.desk.ticket import back_to, ticket_page
from helpdesk.views.refusals import attempt
from helpdesk.views.uploads import Uploads, receive


@dataclass(frozen=True, slots=True)
class Doing:
    """Something to do with words: its form's name on the page, the right to it, and the action."""

    name: str
    right: Right
    act: Callable[[Ticket, WriteForm, Uploads, Actor], Ticket]


@require_POST
def reply(request: HttpRequest, ref: str) -> HttpResponse:
    """Answer, for everybody on the ticket."""
    return _write(request, ref, WriteForm(request.POST, request.FILES), Doing("reply", Right.REPLY, writing.reply))


@require_POST
def note(request: HttpRequest, ref: str) -> HttpResponse:
    """Write for the desk alone."""
    return _write(request, ref, WriteForm(request.POST, request.FILES), Doing("note", Right.WRITE_NOTES, _note))


@require_POST
def move(request: HttpRequest, ref: str, name: str) -> HttpResponse:
    """Make one of the moves of the lifecycle."""
    chosen = MOVES[MoveName(name)] if name in set(MoveName) else None
    if chosen is None or not chosen.by_button:
        raise Http404
    form = _move_form(request, ref, chosen)
    return _write(request, ref, form, Doing(name, MOVE_RIGHTS[chosen.name], partial(writing.move, chosen.name)))


def _move_form(request: HttpRequest, ref: str, chosen: Move) -> MoveForm:
    """The form as the page showed it: what has to be answered to resolve is a part of it."""
    actor = actor_of(request)
    ticket = access.get_ticket(actor, ref, MOVE_RIGHTS[chosen.name])
    wanted = unanswered(asked_about(ticket, with_internal=True)) if chosen.name is MoveName.RESOLVE else ()
    return move_form(chosen, Page(actor, ticket, questions=wanted), request.POST, request.FILES)


@require_POST
def assign(request: HttpRequest, ref: str) -> HttpResponse:
    """Give the ticket to somebody, or to nobody."""
    actor = actor_of(request)
    ticket = access.get_ticket(actor, ref, Right.ASSIGN)
    form = AssignForm(request.POST, ticket=ticket, actor=actor)
    done = attempt(form, lambda: _assign(ticket, form, actor)) if form.is_valid() else None
    if done is None:
        return ticket_page(request, ref, Refused("take" if "take" in request.POST else "assign", form))
    if done.assignee_id == ticket.assignee_id:
        tell(request, _who_has(done, actor))
    else:
        before, after = (one.assignee_id or "" for one in (ticket, done))
        tell_undoable(request, _who_has(done, actor), done, "assign", to=before, seen_assignee=after)
    return back_to(request, done)


@require_POST
def escalate(request: HttpRequest, ref: str) -> HttpResponse:
    """Hand the ticket to the next tier."""
    return _hand(request, ref, "escalate", tiers.escalate)


@require_POST
def deescalate(request: HttpRequest, ref: str) -> HttpResponse:
    """Hand the ticket back to the tier below."""
    return _hand(request, ref, "deescalate", tiers.deescalate)


def _write(request: HttpRequest, ref: str, form: WriteForm, doing: Doing) -> HttpResponse:
    actor = actor_of(request)
    ticket = access.get_ticket(actor, ref, doing.right)
    # A move can be asked for with the words of a reply or a note.
    beside = request.POST.get("beside", "") if request.POST.get("beside") in PLACES else ""
    uploads = receive(request, form, actor)
    written = attempt(form, lambda: doing.act(ticket, form, uploads, actor)) if form.is_valid() else None
    if written is None:
        # A move that was asked for beside the reply comes back there, with its words.
        name = beside or doing.name
        return ticket_page(request, ref, Refused(name, form, uploads))
    place = PLACES.get(beside or doing.name)
    if place is not None:
        drafts.forget(actor, place(ticket))
    tell(request, _said(doing.name, ticket, written, form.cleaned_data["text"]))
    return back_to(request, written, "#newest")


def _note(ticket: Ticket, form: WriteForm, uploads: Uploads, actor: Actor) -> Ticket:
    return conversation.add_note(
        ticket=ticket,
        body=form.cleaned_data["text"],
        files=uploads.files,
        by=actor,
        now=timezone.now(),
        minutes=form.cleaned_data.get("minutes"),
        submission=form.submission(
            ["note", ticket.ref, form.cleaned_data["text"], uploads.digests, *writing.minutes(form)]
        ),
    )


def _assign(ticket: Ticket, form: AssignForm, actor: Actor) -> Ticket:
    return assignment.assign(
        ticket=ticket,
        to=form.cleaned_data["to"],
        seen_assignee_id=form.cleaned_data["seen_assignee"],
        by=actor,
        now=timezone.now(),
    )


def _hand(request: HttpRequest, ref: str, name: str, act: Callable[..., Ticket]) -> HttpResponse:
    actor = actor_of(request)
    ticket = access.get_ticket(actor, ref, Right.ESCALATE)
    form = TierForm(request.POST)
    done = attempt(form, lambda: _step(act, ticket, form, actor)) if form.is_valid() else None
    if done is None:
        return ticket_page(request, ref, Refused(name, form))
    words = _("%(ref)s is at %(tier)s now.")
    tell(request, words % {"ref": done.ref, "tier": done.tier})
    return back_to(request, done)


def _step(act: Callable[..., Ticket], ticket: Ticket, form: TierForm, actor: Actor) -> Ticket:
    return act(
        ticket=ticket,
        reason=form.cleaned_data["text"],
        by=actor,
        now=timezone.now(),
        expected_version=form.cleaned_data["seen_version"],
        submission=form.submission([act.__name__, ticket.ref, form.cleaned_data["text"]]),
    )


def _who_has(ticket: Ticket, actor: Actor) -> str:
    if ticket.assignee is None:
        return _("Nobody has %(ref)s now.") % {"ref": ticket.ref}
    if ticket.assignee == actor.user:
        return _("You have %(ref)s now.") % {"ref": ticket.ref}
    return _("%(name)s has %(ref)s now.") % {"name": ticket.assignee, "ref": ticket.ref}


def _unreached(ticket: Ticket, text: str) -> str:
    """Who was mentioned in vain."""
    others = named(text, ticket).others
    words = _("%(names)s may not read notes on this ticket, and is not told.")
    return words % {"names": ", ".join(map(str, others))} if others else ""


def _said(name: str, ticket: Ticket, written: Ticket, text: str) -> str:
    """What came of it; `ticket` is how it stood before."""
    if written != ticket and written.follows_id != ticket.pk:
        words = _("%(old)s was merged into %(new)s: your words stand there.")
        return words % {"new": written.ref, "old": ticket.ref}
    if written != ticket:
        words = _("Your reply started %(new)s, a new ticket that follows %(old)s.")
        return words % {"new": written.ref, "old": ticket.ref}
    if name == "note":
        return " ".join(filter(None, (_("Your note is added. Only the desk reads it."), _unreached(written, text))))
    if name == "reply":
        return _("Your reply is sent.")
    return _("%(ref)s is “%(status)s” now.") % {"ref": written.ref, "status": Status(written.status).label}
