"""What changed since the last time: an export that goes on where it was and misses nothing."""

from typing import Any, Final

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from helpdesk.api.base import Endpoint, answer
from helpdesk.api.parameters import Patterned
from helpdesk.api.schema import describes
from helpdesk.api.shapes.tickets import TicketShape
from helpdesk.api.telling import TicketForm, tell
from helpdesk.selectors import api

_BEFORE_ALL: Final = -1
MAX_SIZE: Final = 500


class ChangesParameters(TicketForm):
    """From where on."""

    changed_after = Patterned(
        "-1-0|[0-9]{1,18}-[0-9]{1,18}",
        required=False,
        help_text="`next_changed_after` of the answer before; nothing for all.",
    )
    limit = serializers.IntegerField(required=False, default=100, min_value=1, max_value=MAX_SIZE)


class ChangesPage(serializers.Serializer[Any]):
    """Tickets in the order in which their changes were committed."""

    results = TicketShape(many=True)
    next_changed_after = serializers.CharField(help_text="Ask with it next time, also where nothing was found.")
    has_more = serializers.BooleanField(help_text="Whether there is more at once.")


class Changes(Endpoint):
    """Tickets as they change."""

    takes = ChangesParameters

    @describes("list_changed_tickets", "tickets", takes=ChangesParameters, answers={200: ChangesPage})
    def get(self, request: Request) -> HttpResponse:
        """List tickets that changed, each as it is now.

        A ticket comes again whenever it changed again; none is ever left out, whoever writes at the same time.
        """
        xid, pk = _place(self.asked.get("changed_after", ""))
        size = self.asked["limit"]
        rows = api.changed_since(self.actor, xid, pk, size + 1)
        shown = rows[:size]
        mark = f"{shown[-1].changed_xid}-{shown[-1].pk}" if shown else f"{xid}-{pk}"
        results = tell(self.actor, shown, self.asked)
        return answer({"results": results, "next_changed_after": mark, "has_more": len(rows) > size})


def _place(text: str) -> tuple[int, int]:
    xid, _dash, pk = text.rpartition("-")
    return int(xid or _BEFORE_ALL), int(pk or 0)
