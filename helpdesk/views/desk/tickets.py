"""The ticket list of the desk."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from helpdesk.forms.desk_filter import ALL, TicketFilter
from helpdesk.requests import actor_of
from helpdesk.selectors import desk, paging
from helpdesk.views.desk.frame import page
from helpdesk.views.desk.listing import order_of


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Every ticket that the actor may see, narrowed by the filter, the newest change first."""
    actor = actor_of(request)
    narrowed = TicketFilter(request.GET, actor)
    shown = paging.page(
        desk.rows(actor, narrowed.qs),
        order_of(request.GET),
        before=request.GET.get("before", ""),
        after=request.GET.get("after", ""),
    )
    context = {
        "title": _("Tickets"),
        "form": narrowed.form,
        "page": shown,
        "query": _without_place(request),
        "with_solved": _with_solved(request) if request.GET.get("q") and not shown.tickets else "",
        "is_narrowed": any(value for name, value in request.GET.items() if name not in {"before", "after"}),
    }
    return page(request, "desk/tickets.html", context)


def _without_place(request: HttpRequest) -> str:
    """What the list is narrowed to, for the links to its other pages."""
    query = request.GET.copy()
    for name in ("before", "after"):
        query.pop(name, None)
    return query.urlencode()


def _with_solved(request: HttpRequest) -> str:
    """The same search among all tickets, solved ones too; nothing where it is that already."""
    query = request.GET.copy()
    if query.get("status") == ALL:
        return ""
    query["status"] = ALL
    return query.urlencode()
