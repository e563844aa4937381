"""Several tickets of the list at once: a page that names what will happen, then one that says what did, row by row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import ChoiceField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from helpdesk import access
from helpdesk.actors import Actor
from helpdesk.domain.references import format_ref, parse_ref
from helpdesk.errors import DomainError
from helpdesk.forms.bulk import BulkForm, Picked
from helpdesk.models import Ticket
from helpdesk.permissions import Right
from helpdesk.requests import actor_of
from helpdesk.selectors import tickets
from helpdesk.selectors.clock_effects import newly_over
from helpdesk.views.desk.bulk_tasks import TASKS, One, Task
from helpdesk.views.desk.clock_effects import DECIDING
from helpdesk.views.desk.frame import page

MOST: Final = 100
# Tickets times choices.
_MOST_COUNTED: Final = 1_500


@dataclass(frozen=True, slots=True)
class Row:
    """What came of one ticket: the ticket as it is now, or why nothing was done."""

    ref: str
    ticket: Ticket | None
    refusal: str = ""


@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Ask what is needed for the chosen task, then do it with each ticket for itself."""
    actor = actor_of(request)
    back = _back(request)
    task = TASKS.get(request.POST.get("do", ""))
    boxes = dict.fromkeys(request.POST.getlist("ticket"))
    picked = {one.number: one for box in boxes if (one := Picked.parse(box)) is not None}
    if task is None or not picked:
        messages.warning(request, _("Tick the tickets first, then choose what to do with them. Nothing was changed."))
        return redirect(back)
    if len(picked) > MOST:
        words = _("These are %(count)d tickets; at most %(limit)d can be changed at once. Nothing was changed.")
        messages.warning(request, words % {"count": len(picked), "limit": MOST})
        return redirect(back)
    is_confirmed = "confirmed" in request.POST
    form = task.form(request.POST if is_confirmed else None, actor=actor)
    if is_confirmed and form.is_valid():
        return _done(request, task, _do(task, form, actor, list(picked.values())), back)
    return _ask(request, task, form, picked, back)


def _ask(request: HttpRequest, task: Task, form: BulkForm, picked: dict[int, Picked], back: str) -> HttpResponse:
    seen = (
        tickets.with_people(tickets.visible_to(actor_of(request), Right.READ_NOTES))
        .filter(number__in=picked)
        .order_by("number")
    )
    title = task.title % {"count": len(picked)}
    rows = list(seen)
    context = {
        "title": title,
        "own_heading": True,
        "crumbs": [{"title": _("Tickets"), "url": back}],
        "here": task.label,
        "task": task,
        "form": form,
        "boxes": [box for box in dict.fromkeys(request.POST.getlist("ticket")) if Picked.parse(box)],
        "tickets": rows,
        "late": _late(task, form, rows),
        "list": request.POST.get("list", ""),
        "from": request.POST.get("from", ""),
        "back": back,
    }
    return page(request, "desk/bulk.html", context, HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK)


def _late(task: Task, form: BulkForm, picked: Sequence[Ticket]) -> list[tuple[object, int]]:
    """Each choice by which promises would be broken at once, and of how many tickets; none where that takes long."""
    field = DECIDING.get(task.name)
    choice = form.fields.get("to")
    if field is None or not isinstance(choice, ChoiceField):
        return []
    offered: Iterable[tuple[Any, object]] = choice.choices  # type: ignore[assignment] # these forms have pairs
    options = {int(str(value)): label for value, label in offered if value}
    if len(options) * len(picked) > _MOST_COUNTED:
        return []
    counted = newly_over(picked, timezone.now(), field, list(options))
    return [(label, count) for label, count in zip(options.values(), counted, strict=True) if count]


def _do(task: Task, form: BulkForm, actor: Actor, picked: list[Picked]) -> list[Row]:
    """Each in a transaction of its own: what one is refused does nothing to the others."""
    return [_one(task, form, actor, one) for one in picked]


def _one(task: Task, form: BulkForm, actor: Actor, picked: Picked) -> Row:
    ref = format_ref(picked.number)
    try:
        ticket = access.get_ticket(actor, ref)
        done = task.act(One(ticket, picked, form, actor, timezone.now()))
    except (DomainError, Http404, PermissionDenied) as refusal:
        return Row(ref, None, str(refusal))
    return Row(ref, done)


def _done(request: HttpRequest, task: Task, rows: list[Row], back: str) -> HttpResponse:
    refused = [row for row in rows if row.ticket is None]
    done = len(rows) - len(refused)
    said = [ngettext("%(count)d ticket is done.", "%(count)d tickets are done.", done) % {"count": done}]
    if refused:
        words = ngettext("%(count)d was left as it is.", "%(count)d were left as they are.", len(refused))
        said.append(words % {"count": len(refused)})
    context = {
        "title": task.title % {"count": len(rows)},
        "own_heading": True,
        "crumbs": [{"title": _("Tickets"), "url": back}],
        "here": _("Result"),
        "said": " ".join(said),
        "refused": refused,
        "done": [row for row in rows if row.ticket is not None],
        "back": back,
    }
    return page(request, "desk/bulk_done.html", context)


def _back(request: HttpRequest) -> str:
    """The list, or the ticket, that the rows were chosen on."""
    if parse_ref(ref := request.POST.get("from", "")) is not None:
        return reverse("admin:ticket", args=[ref])
    query = request.POST.get("list", "")
    return f"{reverse('admin:tickets')}?{query}" if query else reverse("admin:tickets")
