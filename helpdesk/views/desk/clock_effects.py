"""What a change of a ticket's properties would do to its clocks, shown before it is saved."""

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from helpdesk import access
from helpdesk.requests import actor_of
from helpdesk.selectors.clock_effects import changes
from helpdesk.views.desk.properties import PROPERTIES

# The properties that decide on what is promised, as fields of `domain.sla_rules.Asked`.
DECIDING: Final = {"priority": "priority", "queue": "queue_id", "category": "category_id"}


@require_safe
def effects(request: HttpRequest, ref: str, name: str) -> HttpResponse:
    """A piece of the page with the clocks that the chosen value moves; 204 where it moves none, 422 for no value."""
    one, field = PROPERTIES.get(name), DECIDING.get(name)
    if one is None or field is None:
        raise Http404
    ticket = access.get_ticket(actor_of(request), ref, one.right, opens=False)
    form = one.form(ticket, request.GET)
    if not form.is_valid():
        return HttpResponse(status=422)
    option: dict[str, Any] = {field: form.cleaned_data[name] or None}
    found = changes(ticket, timezone.now(), **option)
    return render(request, "desk/parts/effects.html", {"effects": found}) if found else HttpResponse(status=204)
