"""The list of the reader's tickets, and the quick answer to somebody who is typing what they look for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from helpdesk.errors import Text
from helpdesk.forms.my_tickets import Narrowing
from helpdesk.requests import actor_of, is_piece
from helpdesk.selectors import my_tickets, paging
from helpdesk.selectors.my_tickets import STATES, Whose

_FOUND: Final = 6


@dataclass(frozen=True, slots=True)
class Way:
    """A link that narrows the list in another way; `is_here` where the list is so already."""

    label: Text
    query: str
    is_here: bool = False
    count: str = ""


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """What the reader asked for, follows, or answers for; the latest news first."""
    actor = actor_of(request)
    choices = my_tickets.choices_of(actor)
    shown = Narrowing.of(request.GET, choices)
    if shown.is_own and not {"before", "after"} & set(request.GET):
        page = my_tickets.own_page(actor, shown.state, shown.order)
    else:
        page = paging.page(
            shown.parts(),
            shown.order,
            before=request.GET.get("before", ""),
            after=request.GET.get("after", ""),
            dress=my_tickets.rows,
        )
    context = {
        "page": page,
        "rows": my_tickets.with_answers(page.tickets),
        "shown": shown,
        "states": _states(shown, my_tickets.waiting_for(actor)),
        "choices": _choices(shown, choices),
        "orders": [
            Way(order.label, shown.but(order=order), order is shown.order) for order in paging.PORTAL_ORDERS.values()
        ],
        "chips": _chips(shown, choices),
    }
    return render(request, "portal/tickets.html", context)


@require_safe
def found(request: HttpRequest) -> HttpResponse:
    """The first few tickets that fit the words, for the field that answers while one types.

    It is a piece of a page: who opens its address gets the list.
    """
    everything = my_tickets.choices_of(actor_of(request))[-1]
    wanted = Narrowing.of(request.GET, [everything])
    if not is_piece(request):
        return redirect(f"{reverse('portal:tickets')}?{wanted.query}")
    page = paging.page(wanted.parts(), paging.NEWS, size=_FOUND, dress=my_tickets.rows) if wanted.q else None
    context = {"page": page, "wanted": wanted}
    return render(request, "portal/found.html", context)


def _states(shown: Narrowing, waiting: int) -> list[Way]:
    """The states as links. Only what waits for the reader is counted, and no further than anybody would."""
    most = my_tickets.MOST_COUNTED
    count = f"{most}+" if waiting > most else str(waiting or "")
    return [
        Way(
            state.label,
            shown.but(state=state),
            state is shown.state,
            count if state.name == my_tickets.WAITING and shown.whose.name == my_tickets.MINE else "",
        )
        for state in STATES.values()
    ]


def _choices(shown: Narrowing, choices: Sequence[Whose]) -> list[Way]:
    """Whose tickets there are to look at, where there is a choice at all."""
    if len(choices) < 2:
        return []
    return [Way(one.label, shown.but(whose=one), one is shown.whose) for one in choices]


def _chips(shown: Narrowing, choices: Sequence[Whose]) -> list[Way]:
    """What is set, each with the address of the list without it."""
    chips = []
    if shown.q:
        chips.append(Way(_("“%(words)s”") % {"words": shown.q}, shown.but(q="")))
    if shown.state.name:
        chips.append(Way(shown.state.label, shown.but(state=STATES[""])))
    if shown.whose.name:
        chips.append(Way(shown.whose.label, shown.but(whose=choices[0])))
    return chips
