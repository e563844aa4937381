"""What the reader was told: their inbox, and the bell that counts what is new there."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from helpdesk import access
from helpdesk.actions import inbox as actions
from helpdesk.domain.ids import id_in
from helpdesk.models import InboxEntry
from helpdesk.requests import actor_of, is_piece
from helpdesk.selectors import inbox as entries
from helpdesk.selectors.conversation import told
from helpdesk.selectors.paging import page as page_of
from helpdesk.templatetags.inbox import rendered
from helpdesk.views.desk.frame import page
from helpdesk.views.desk.words import line

_ALL = "all"


@dataclass(frozen=True, slots=True)
class Row:
    """An entry: what happened, in one line, and how the words begin that somebody wrote."""

    entry: InboxEntry
    line: str
    words: str


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """What is unread, the newest first, or all of the last ninety days."""
    actor = actor_of(request)
    shows_all = request.GET.get("show") == _ALL
    shown = page_of(
        entries.entries(actor) if shows_all else entries.unread(actor),
        entries.NEWEST,
        before=request.GET.get("before", ""),
        after=request.GET.get("after", ""),
        dress=entries.dressed,
    )
    words = entries.first_words(shown.rows)
    events = told(actor, [entry.event for entry in shown.rows])
    context = {
        "title": _("Inbox"),
        "shows_all": shows_all,
        "page": shown,
        "rows": [
            Row(entry, line(event), words.get(entry.pk, "")) for entry, event in zip(shown.rows, events, strict=True)
        ],
        "newest": max((entry.pk for entry in shown.rows), default=0),
        "has_unread": any(entry.read_at is None for entry in shown.rows),
        "query": f"show={_ALL}" if shows_all else "",
    }
    return page(request, "desk/inbox.html", context)


@require_safe
def open_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """The words of which an entry tells, on their ticket; with that it is read."""
    actor = actor_of(request)
    entry = entries.entry_of(actor, pk)
    if entry is None:
        raise Http404(_("There is no such entry in your inbox, or its ticket is not yours to see any more."))
    if request.method != "HEAD":
        actions.read_entry(entry=entry, by=actor, now=timezone.now())
    message = entry.event.data.get("message_id")
    return redirect(reverse("admin:ticket", args=[entry.ticket.ref]) + (f"#message-{message}" if message else ""))


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark as read: one entry, all about one ticket, or all up to the newest that the page showed."""
    actor, now = actor_of(request), timezone.now()
    if ref := request.POST.get("ticket"):
        actions.read_ticket(ticket=access.get_ticket(actor, ref, opens=False), by=actor, now=now)
    elif entry := entries.entry_of(actor, id_in(request.POST.get("entry")) or 0):
        actions.read_entry(entry=entry, by=actor, now=now)
    elif up_to := id_in(request.POST.get("up_to")):
        count = actions.read_all(up_to=up_to, by=actor, now=now)
        words = ngettext("%(count)d entry is marked as read.", "%(count)d entries are marked as read.", count)
        messages.success(request, words % {"count": count})
    if is_piece(request):
        return HttpResponse(rendered(request))
    return redirect(reverse("admin:inbox") + (f"?show={_ALL}" if request.POST.get("show") == _ALL else ""))


@require_safe
def bell(request: HttpRequest) -> HttpResponse:
    """The bell as it is now."""
    return HttpResponse(rendered(request))
