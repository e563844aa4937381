"""A guest's one ticket: what was said, and what they can say to it."""

from functools import partial, wraps
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from helpdesk import access
from helpdesk.access import Guest
from helpdesk.actions.status import make_move
from helpdesk.choices import MoveName
from helpdesk.forms.tickets import LetterForm
from helpdesk.models import Ticket
from helpdesk.permissions import Right
from helpdesk.requests import is_piece
from helpdesk.selectors.moves import possible
from helpdesk.views import writing
from helpdesk.views.portal.composer import composer_for
from helpdesk.views.portal.files import attached, small_of
from helpdesk.views.portal.guests import View, gone, kept_quiet
from helpdesk.views.portal.reading import conversation_of, news_of
from helpdesk.views.portal.ticket import Write, said
from helpdesk.views.refusals import attempt, status_of
from helpdesk.views.uploads import Uploads, receive

_NONE: Final = Uploads()
_WRITES: Final[dict[str, tuple[Right, Write]]] = {
    "reply": (Right.REPLY, writing.reply),
    "reject": (Right.CONFIRM, partial(writing.move, MoveName.REJECT)),
    "reopen": (Right.REOPEN, partial(writing.move, MoveName.REOPEN)),
}


def by_link(view: View) -> View:
    """Let in who comes by a link that leads somewhere; all others are offered a new one."""

    @kept_quiet
    @wraps(view)
    def let_in(request: HttpRequest, key: UUID, **kwargs: Any) -> HttpResponseBase:
        guest = access.get_guest(key, timezone.now(), getattr(request, "request_id", ""))
        if guest is None:
            return gone(request)
        # The reader of this page is the guest, whoever is signed in.
        with timezone.override(guest.link.user.time_zone):
            return view(request, guest, **kwargs)

    return let_in


@by_link
@require_safe
def show(request: HttpRequest, guest: Guest) -> HttpResponse:
    """The page of the ticket."""
    return _page(request, guest)


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, guest: Guest, what: str) -> HttpResponse:
    """Write to the desk, or say whether it is solved. Who merely opens the address gets the ticket's page."""
    if what != "confirm" and what not in _WRITES:
        raise Http404
    if request.method != "POST":
        return _back(guest)
    return _confirm(request, guest) if what == "confirm" else _write(request, guest, *_WRITES[what])


@by_link
@require_safe
def file(request: HttpRequest, guest: Guest, file: UUID) -> HttpResponseBase:
    """A file of the ticket; whoever has the link may load it, and keeps it nowhere else."""
    return attached(request, guest.actor, file)


@by_link
@require_safe
def small(request: HttpRequest, guest: Guest, file: UUID) -> HttpResponseBase:
    """The small picture of a file of the ticket."""
    return small_of(request, guest.actor, file)


@by_link
@require_safe
def news(request: HttpRequest, guest: Guest) -> HttpResponse:
    """What others said since the page was made, for its script."""
    if not is_piece(request):
        return _back(guest)
    return news_of(request, guest.actor, guest.ticket, guest=guest, user=guest.actor.person)


def _write(request: HttpRequest, guest: Guest, right: Right, write: Write) -> HttpResponse:
    ticket = access.get_ticket(guest.actor, guest.ticket.ref, right)
    form = LetterForm(request.POST, request.FILES)
    uploads = receive(request, form, guest.actor)
    written = attempt(form, lambda: write(ticket, form, uploads, guest.actor)) if form.is_valid() else None
    if written is None:
        return _page(request, guest, form, uploads)
    messages.success(request, _said(ticket, written))
    return _back(guest)


def _confirm(request: HttpRequest, guest: Guest) -> HttpResponse:
    ticket = access.get_ticket(guest.actor, guest.ticket.ref, Right.CONFIRM)
    form = LetterForm(request.POST)
    # Nothing has to be written to confirm.
    form.fields["text"].required = False
    move = partial(make_move, ticket=ticket, move=MoveName.CONFIRM, by=guest.actor, now=timezone.now())
    done = None
    if form.is_valid():
        done = attempt(form, lambda: move(submission=form.submission([MoveName.CONFIRM, ticket.ref])))
    if done is None:
        return _page(request, guest, form)
    messages.success(request, _("Thank you for telling us. Your ticket is closed."))
    return _back(guest)


def _said(ticket: Ticket, written: Ticket) -> str:
    if written != ticket:
        return _("Your message started a new ticket, %(ref)s. We mail you the link to it.") % {"ref": written.ref}
    return said(ticket, written)


def _back(guest: Guest) -> HttpResponse:
    return redirect("portal:guest_ticket", guest.link.key)


def _page(request: HttpRequest, guest: Guest, form: LetterForm | None = None, uploads: Uploads = _NONE) -> HttpResponse:
    ticket = access.get_ticket(guest.actor, guest.ticket.ref)
    can = possible(guest.actor, ticket, timezone.now())
    composer = composer_for(ticket, can)
    form = form or LetterForm()
    if composer is not None:
        form.fields["text"].label = str(composer.label)
    context: dict[str, Any] = {
        **conversation_of(guest.actor, ticket, whole=request.GET.get("all") == "1"),
        "ticket": ticket,
        "user": guest.actor.person,
        "guest": guest,
        "possible": can,
        "composer": composer,
        "writes_to": composer and _url(guest, composer.route.partition(":")[2]),
        "confirms_to": _url(guest, "confirm"),
        "form": form,
        "uploads": uploads,
    }
    return render(request, "guest/ticket.html", context, status=status_of(form))


def _url(guest: Guest, what: str) -> str:
    return reverse("portal:guest_act", args=[guest.link.key, what])
