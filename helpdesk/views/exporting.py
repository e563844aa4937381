"""Files that the desk makes for the reader: handed out at once where they are small, listed while they are made."""

from collections.abc import Callable
from tempfile import TemporaryFile
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from helpdesk.actions import exports
from helpdesk.actors import Actor
from helpdesk.adapters.sheets import CSV, TYPES
from helpdesk.adapters.ticket_exports import DESK_TICKETS, LISTS, MY_TICKETS, file_name, write_tickets
from helpdesk.errors import DomainError
from helpdesk.models import Export
from helpdesk.requests import actor_of
from helpdesk.selectors.exports import export_of, latest_exports
from helpdesk.serving import serve
from helpdesk.views.desk.frame import page

# So many rows take less time than a page of them.
AT_ONCE: Final = 500
_LONGEST: Final = 2_000


def _start(request: HttpRequest, kind: str, listing: str, where: str) -> HttpResponseBase:
    actor = actor_of(request)
    form = request.POST.get("format", CSV)
    asked = request.POST.get("list", "")
    query = {"format": form if form in TYPES else CSV, "list": asked if len(asked) <= _LONGEST else ""}
    back = redirect(f"{_address(listing)}?{query['list']}" if query["list"] else listing)
    count = LISTS[kind](query, actor).tickets.order_by()[: AT_ONCE + 1].count()
    if not count:
        messages.error(request, _("There are no tickets in this list to export."))
        return back
    try:
        if count <= AT_ONCE:
            return _at_once(kind, query, actor)
        name = file_name(query["format"])
        exports.request_export(kind=kind, name=name, query=query, by=actor, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return back
    messages.success(request, _("Your file is being made. You get a mail when it is ready."))
    return redirect(where)


def _address(name: str) -> str:
    return str(redirect(name)["Location"])


def _at_once(kind: str, query: dict[str, str], actor: Actor) -> FileResponse:
    export = Export(kind=kind, query=query, owner=actor.person, channel=actor.channel)
    out = TemporaryFile()  # noqa: SIM115 - the response closes it when it is sent
    rows = write_tickets(export, actor, out, lambda _rows: None)
    exports.record_given(kind=kind, query=query, rows=rows, by=actor, now=timezone.now())
    out.seek(0)
    form = query["format"]
    response = FileResponse(out, as_attachment=True, filename=file_name(form), content_type=TYPES[form])
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def my_tickets(request: HttpRequest) -> HttpResponseBase:
    """The portal's list as a file."""
    return _start(request, MY_TICKETS, "portal:tickets", "portal:exports")


@require_POST
def desk_tickets(request: HttpRequest) -> HttpResponseBase:
    """The desk's list as a file."""
    return _start(request, DESK_TICKETS, "admin:tickets", "admin:exports")


def _context(request: HttpRequest) -> dict[str, Any]:
    rows = latest_exports(actor_of(request))
    return {"title": _("Your files"), "exports": rows, "is_busy": any(row.is_open for row in rows)}


@require_safe
def portal_exports(request: HttpRequest) -> HttpResponse:
    """What was made for the reader, and what is on its way, in the portal."""
    return render(request, "portal/exports.html", _context(request))


@require_safe
def desk_exports(request: HttpRequest) -> HttpResponse:
    """The same in the desk."""
    return page(request, "desk/exports.html", _context(request))


def _own(request: HttpRequest, key: UUID) -> Export:
    export = export_of(actor_of(request), key)
    if export is None:
        raise Http404(_("There is no such file, or it is not yours to see."))
    return export


def _cancel(request: HttpRequest, key: UUID, where: str) -> HttpResponse:
    export = _own(request, key)
    if exports.cancel_export(export=export, by=actor_of(request), now=timezone.now()):
        said = _("The file is gone.") if export.is_ready else _("The file is not made any more.")
        messages.success(request, said)
    return redirect(where)


def _canceller(where: str) -> Callable[[HttpRequest, UUID], HttpResponse]:
    @require_POST
    def cancel(request: HttpRequest, key: UUID) -> HttpResponse:
        return _cancel(request, key, where)

    return cancel


portal_cancel: Final = _canceller("portal:exports")
desk_cancel: Final = _canceller("admin:exports")


@require_safe
def download(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The file, for its owner alone, who still may have such a thing."""
    export = _own(request, key)
    if not export.is_ready or export.blob is None:
        raise Http404(_("This file is gone. Ask for it again."))
    try:
        exports.record_loaded(export=export, by=actor_of(request), now=timezone.now())
        return serve(request, export.blob, keep="private, no-store", as_attachment=True, filename=export.name)
    except DomainError as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except FileNotFoundError as error:
        raise Http404(_("This file is lost on our side. Please ask for it again.")) from error
