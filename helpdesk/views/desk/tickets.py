"""The ticket list of the desk."""

from functools import partial
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from helpdesk import access
from helpdesk.actors import Actor
from helpdesk.choices import Status
from helpdesk.forms.desk_filter import TicketFilter
from helpdesk.models import Ticket
from helpdesk.permissions import Right, scope
from helpdesk.requests import actor_of, is_piece
from helpdesk.selectors import clocks, conversation, desk, narrowing, paging
from helpdesk.selectors.narrowing import ALL
from helpdesk.views.desk.bulk_tasks import TASKS, Task
from helpdesk.views.desk.chips import chips, menus, questions
from helpdesk.views.desk.frame import page
from helpdesk.views.desk.listing import MENU, named_by, order_of, shelves, without_place

LIST_SIZE: Final = 30
_PEEKED: Final = 3
_DENSITY: Final = "desk_density"
_DENSITIES: Final = ("compact", "roomy")
_A_YEAR: Final = 365 * 24 * 60 * 60


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The tickets that the actor may see, narrowed and ordered as the address says."""
    actor = actor_of(request)
    narrowed = TicketFilter(request.GET, actor)
    order = order_of(request.GET)
    if is_piece(request) and MENU in request.GET:
        return render(request, "desk/parts/filters.html", _menu(request, narrowed, order))
    asked = without_place(request.GET)
    standing = shelves(actor, narrowed.now)
    found = named_by(narrowed.data, actor)
    if found and not {"before", "after"} & set(request.GET):
        shown = narrowing.page(actor, found[1], order, LIST_SIZE, narrowed.now)
    else:
        shown = paging.page(
            narrowed.qs,
            order,
            before=request.GET.get("before", ""),
            after=request.GET.get("after", ""),
            size=LIST_SIZE,
            dress=partial(desk.rows, actor),
        )
    here = next((shelf for shelf in standing if found and shelf.name == found[0]), None)
    context = {
        "title": here.title if here else _("Tickets"),
        "form": narrowed.form,
        "problems": [problem for problems in narrowed.errors.values() for problem in problems],
        "page": shown,
        "clocks": clocks.next_badges(shown.tickets, timezone.now()),
        "order": order,
        "columns": _columns(asked, order),
        "query": asked.urlencode(),
        "shelves": standing,
        "here": here,
        "chips": chips(narrowed),
        "menu_query": f"{asked.urlencode()}&{MENU}=1".lstrip("&"),
        "narrowings": [(name, one) for name, told in _without_words(narrowed.data).lists() for one in told],
        "density": _density(request),
        "bulk_tasks": _tasks(actor, shown.tickets),
        "with_solved": _with_solved(request) if request.GET.get("q") and not shown.tickets else "",
        "is_narrowed": bool(set(asked) - {"order"}),
    }
    if MENU in request.GET or "question" in request.GET:
        context |= {**_menu(request, narrowed, order), "menu_open": True}
    return page(request, "desk/tickets.html", context)


def _menu(request: HttpRequest, narrowed: TicketFilter, order: paging.Order) -> dict[str, Any]:
    """All that a list can be narrowed to, with what is set."""
    asked_by = questions(narrowed, request.GET)
    return {
        "menus": [*asked_by.menus, *menus(narrowed)],
        "questions": asked_by,
        "orders": paging.DESK_ORDERS.values(),
        "order": order,
    }


def _without_words(asked: QueryDict) -> QueryDict:
    """What the field for words does not say."""
    said = without_place(asked)
    said.pop("q", None)
    return said


@require_safe
def peek(request: HttpRequest, ref: str) -> HttpResponse:
    """A part of a page: the last words of one ticket, read beside the list."""
    actor = actor_of(request)
    ticket = access.get_ticket(actor, ref, Right.READ_NOTES)
    newest = conversation.messages(actor, ticket).order_by("-created_at", "-pk")[: _PEEKED + 1]
    said = list(newest)
    context = {
        "ticket": ticket,
        "messages_shown": said[:_PEEKED][::-1],
        "has_more": len(said) > _PEEKED,
        "query": request.GET.get("list", ""),
    }
    return render(request, "desk/parts/peek.html", context)


@require_POST
def density(request: HttpRequest) -> HttpResponse:
    """Keep how dense this person wants lists, in their browser."""
    query = request.POST.get("list", "")
    answer = redirect(f"{reverse('admin:tickets')}?{query}" if query else "admin:tickets")
    chosen = request.POST.get("density", "")
    if chosen in _DENSITIES:
        answer.set_cookie(_DENSITY, chosen, max_age=_A_YEAR, secure=request.is_secure(), httponly=True, samesite="Lax")
    return answer


def _density(request: HttpRequest) -> str:
    chosen = request.COOKIES.get(_DENSITY, "")
    return chosen if chosen in _DENSITIES else _DENSITIES[0]


def _tasks(actor: Actor, shown: list[Ticket]) -> list[Task]:
    """What the actor may do with some of these tickets together; nothing where they may change none at all."""
    if all(scope(actor, right).is_empty for right in (Right.WORK, Right.ASSIGN)):
        return []
    solved = {ticket.is_solved for ticket in shown}
    return [task for task in TASKS.values() if task.for_solved in solved or task.for_solved is None]


def _columns(asked: Any, order: paging.Order) -> dict[str, Any]:
    """The links of the columns that order the list, and which way the list is ordered by each now."""
    made = {}
    for column, ways in {
        "priority": (paging.URGENT,),
        "waiting": (paging.WAITING,),
        "clock": (paging.DUE,),
        "changed": (paging.CHANGED,),
        "age": (paging.OLDEST, paging.NEWEST),
    }.items():
        now = next((way for way in ways if way is order), None)
        then = ways[-1] if now is ways[0] else ways[0]
        query = asked.copy()
        query["order"] = then.name
        sorts = ("descending" if now.descending else "ascending") if now else ""
        made[column] = {"query": query.urlencode(), "sort": sorts, "label": then.label}
    return made


def _with_solved(request: HttpRequest) -> str:
    """The same search among all tickets, solved ones too; nothing where it is that already."""
    query = without_place(request.GET)
    if ALL in query.getlist("status") or Status.CLOSED in query.getlist("status"):
        return ""
    query["status"] = ALL
    return query.urlencode()
