"""What the desk's fields suggest while somebody types."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from helpdesk import access
from helpdesk.permissions import Right
from helpdesk.requests import actor_of
from helpdesk.selectors.suggestions import SOURCES


@require_safe
def suggest(request: HttpRequest, source: str) -> HttpResponse:
    """At most twenty rows that fit `q`, of those that the actor may choose from; for the ticket `ticket`, if told."""
    if source not in SOURCES:
        raise Http404
    actor = actor_of(request)
    ref = request.GET.get("ticket", "")
    ticket = access.get_ticket(actor, ref, Right.READ_NOTES) if ref else None
    rows = SOURCES[source].suggest(actor, request.GET.get("q", ""), ticket)
    options = [SOURCES[source].option(row) for row in rows]
    return JsonResponse({"options": options}, headers={"Cache-Control": "no-store"})
