"""What the desk's fields suggest while somebody types."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from helpdesk import access
from helpdesk.permissions import Right
from helpdesk.requests import actor_of
from helpdesk.selectors.suggestions import SOURCES


def _private() -> dict[str, str]:
    """The word for what is private, and its sign."""
    return {"private": _("Private"), "lock": f"{static('img/icons.svg')}#lock"}


@require_safe
def suggest(request: HttpRequest, source: str) -> HttpResponse:
    """At most twenty rows that fit `q`, of those that the actor may choose from; for the ticket `ticket`, if told."""
    if source not in SOURCES:
        raise Http404
    actor = actor_of(request)
    ref = request.GET.get("ticket", "")
    ticket = access.get_ticket(actor, ref, Right.READ_NOTES) if ref else None
    rows = SOURCES[source].suggest(actor, request.GET.get("q", ""), ticket)
    private = actor.standing.private_category_ids
    options = [
        {**SOURCES[source].option(row), **(_private() if getattr(row, "category_id", None) in private else {})}
        for row in rows
    ]
    return JsonResponse({"options": options}, headers={"Cache-Control": "no-store"})
