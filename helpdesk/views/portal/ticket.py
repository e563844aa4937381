"""A ticket as those read it who asked: where it stands, what was said, and the one thing to do next."""

import functools
from collections.abc import Callable
from functools import partial
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from helpdesk import access
from helpdesk.actions.status import make_move
from helpdesk.actors import Actor
from helpdesk.choices import MoveName
from helpdesk.domain.references import parse_ref
from helpdesk.forms.tickets import LetterForm
from helpdesk.forms.watchers import WatcherForm
from helpdesk.models import Ticket
from helpdesk.permissions import Right
from helpdesk.requests import actor_of
from helpdesk.selectors import tickets
from helpdesk.selectors.moves import possible
from helpdesk.views import drafts, writing
from helpdesk.views.portal.composer import composer_for
from helpdesk.views.portal.reading import conversation_of, writes_here
from helpdesk.views.refusals import attempt, status_of
from helpdesk.views.uploads import Uploads, receive

_NONE: Final = Uploads()
Write = Callable[[Ticket, LetterForm, Uploads, Actor], Ticket]


def posted(view: Callable[[HttpRequest, str], HttpResponse]) -> Callable[[HttpRequest, str], HttpResponse]:
    """Let a form through. Who merely opens its address, as after logging in anew, gets the ticket's page."""

    @functools.wraps(view)
    @require_http_methods(["GET", "HEAD", "POST"])
    def take(request: HttpRequest, ref: str) -> HttpResponse:
        return view(request, ref) if request.method == "POST" else redirect("portal:ticket", ref)

    return take


@require_safe
def show(request: HttpRequest, ref: str) -> HttpResponse:
    """The page of one ticket. The reference of one that was merged leads to where it goes on."""
    ticket = access.open_ticket(actor_of(request), ref)
    if parse_ref(ref) != ticket.number:
        messages.info(request, _("%(old)s goes on here: both are about the same matter.") % {"old": ref.upper()})
        return redirect("portal:ticket", ticket.ref)
    return page(request, ref, ticket=ticket)


@posted
def reply(request: HttpRequest, ref: str) -> HttpResponse:
    """Write to the desk. On a ticket that was closed too long ago this starts another one."""
    return _write(request, ref, Right.REPLY, writing.reply)


@posted
def reject(request: HttpRequest, ref: str) -> HttpResponse:
    """Say that it is still a problem."""
    return _write(request, ref, Right.CONFIRM, partial(writing.move, MoveName.REJECT))


@posted
def reopen(request: HttpRequest, ref: str) -> HttpResponse:
    """Say that it is a problem again."""
    return _write(request, ref, Right.REOPEN, partial(writing.move, MoveName.REOPEN))


@posted
def confirm(request: HttpRequest, ref: str) -> HttpResponse:
    """Say that it is solved."""
    actor = actor_of(request)
    ticket = access.get_ticket(actor, ref, Right.CONFIRM)
    form = LetterForm(request.POST)
    # Nothing has to be written to confirm.
    form.fields["text"].required = False
    done = attempt(form, lambda: _confirm(ticket, form, actor)) if form.is_valid() else None
    if done is None:
        return page(request, ref, form)
    messages.success(request, _("Thank you for telling us. Your ticket is closed."))
    return redirect("portal:ticket", done.ref)


def _write(request: HttpRequest, ref: str, right: Right, write: Write) -> HttpResponse:
    actor = actor_of(request)
    ticket = access.get_ticket(actor, ref, right)
    form = LetterForm(request.POST, request.FILES)
    uploads = receive(request, form, actor)
    written = attempt(form, lambda: write(ticket, form, uploads, actor)) if form.is_valid() else None
    if written is None:
        return page(request, ref, form, uploads)
    drafts.forget(actor, drafts.reply_place(ticket))
    messages.success(request, said(ticket, written))
    return redirect("portal:ticket", written.ref)


def _confirm(ticket: Ticket, form: LetterForm, actor: Actor) -> Ticket:
    return make_move(
        ticket=ticket,
        move=MoveName.CONFIRM,
        by=actor,
        now=timezone.now(),
        submission=form.submission([MoveName.CONFIRM, ticket.ref]),
    )


def said(ticket: Ticket, written: Ticket) -> str:
    """What came of the words; `ticket` is how it stood before them."""
    if written != ticket and written.follows_id != ticket.pk:
        return _("%(old)s goes on in %(new)s: your message stands there.") % {"new": written.ref, "old": ticket.ref}
    if written != ticket:
        return _("Your message started %(new)s, a new ticket that is linked to %(old)s.") % {
            "new": written.ref,
            "old": ticket.ref,
        }
    if ticket.is_solved and not written.is_solved:
        return _("Your message is sent, and the ticket is open again.")
    return _("Your message is sent.")


def page(
    request: HttpRequest,
    ref: str,
    form: LetterForm | None = None,
    uploads: Uploads = _NONE,
    *,
    adding: WatcherForm | None = None,
    ticket: Ticket | None = None,
) -> HttpResponse:
    """The ticket as it is now, whatever the form was filled in on; without a form what was begun to write.

    `adding` is the form for somebody to follow it.
    """
    actor, now = actor_of(request), timezone.now()
    ticket = ticket or access.open_ticket(actor, ref)
    can = possible(actor, ticket, now)
    asked_here = writes_here(actor, ticket)
    composer = composer_for(ticket, can) if asked_here else None
    begun = drafts.begun(actor, drafts.reply_place(ticket)) if composer and form is None else drafts.Begun()
    if form is None:
        form, uploads = LetterForm(), begun.uploads
        begun.fill(form)
    if composer is not None:
        form.fields["text"].label = str(composer.label)
    context = {
        "ticket": ticket,
        **conversation_of(actor, ticket, whole=request.GET.get("all") == "1"),
        "follows": tickets.followed(actor, ticket),
        "follow_ups": tickets.follow_ups(actor, ticket),
        "possible": can,
        "asked_here": asked_here,
        "composer": composer,
        "form": form,
        "uploads": uploads,
        "begun": begun,
        "draft": drafts.reply_place(ticket),
        "adding": adding or WatcherForm(),
    }
    return render(request, "portal/ticket.html", context, status=status_of(adding or form))
