"""What changed since the last time: an export that goes on where it was and misses nothing."""

from typing import Any, Final

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers
from rest_framework.request import Request

from helpdesk.actors import Actor
from helpdesk.api.base import Endpoint, answer
from helpdesk.api.parameters import Choice, Patterned
from helpdesk.api.problems import Problem, WrongParameter
from helpdesk.api.schema import describes
from helpdesk.api.shapes.tickets import PublicTicketShape, TicketShape
from helpdesk.api.streams import Csv, Form, NdJson, Part, streamed
from helpdesk.api.telling import TicketForm, tell
from helpdesk.selectors import api
from helpdesk.selectors.transactions import horizon

_BEFORE_ALL: Final = "-1-0"
# Before the marks of who is not at the desk: they stand in another order.
_PUBLIC: Final = "p"
PAGE_SIZE: Final = 100
MAX_SIZE: Final = 500
_FORMS: Final = {"application/json": "json", "application/x-ndjson": "ndjson", "text/csv": "csv"}


class ChangesParameters(TicketForm):
    """From where on, and in which form."""

    changed_after = Patterned(
        f"{_BEFORE_ALL}|{_PUBLIC}?[0-9]{{1,18}}-[0-9]{{1,18}}",
        required=False,
        help_text="`next_changed_after` of the answer before, or `changed_after` of a line; nothing for all.",
    )
    limit = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=MAX_SIZE,
        help_text=f"So many tickets. Without it a page has {PAGE_SIZE}, and lines are for all that there are.",
    )
    format = Choice(
        choices=list(_FORMS.values()),
        required=False,
        help_text="A page (`json`), or lines: `ndjson`, `csv`. Without it `Accept` says so.",
    )


class ChangesPage(serializers.Serializer[Any]):
    """Tickets in the order in which their changes were committed."""

    results = TicketShape(many=True)
    next_changed_after = serializers.CharField(help_text="Ask with it next time, also where nothing was found.")
    has_more = serializers.BooleanField(help_text="Whether there is more at once.")


def _told(words: str) -> OpenApiResponse:
    return OpenApiResponse({"type": "string"}, words)


_ANSWERS: Final = {
    (200, "application/json"): OpenApiResponse(
        ChangesPage, "A page, or lines. The last line says in `end` how it ended."
    ),
    (200, "application/x-ndjson"): _told("A ticket in each line, with `changed_after`."),
    (200, "text/csv"): _told("A ticket in each line, with `changed_after` in its last column."),
}


class Changes(Endpoint):
    """Tickets as they change."""

    takes = ChangesParameters

    @describes("list_changed_tickets", "tickets", takes=ChangesParameters, answers=_ANSWERS)
    def get(self, request: Request) -> HttpResponseBase:
        """List tickets that changed, each as it is now.

        A ticket comes again whenever it changed again; none is ever left out, whoever writes at the same time.
        """
        self.headers["Vary"] = "Accept"
        form = self._form()
        begin = self.asked.get("changed_after", _BEFORE_ALL)
        size = self.asked.get("limit")
        if form is None:
            part = self._part(self.actor, begin, size or PAGE_SIZE)
            rows = [row for _mark, row in part.rows]
            return answer({"results": rows, "next_changed_after": part.mark, "has_more": part.has_more})
        # One pass through what was there when it began: what changes meanwhile is the next one's.
        below = horizon()

        def following(before: Part) -> Part | None:
            if size is not None:
                return None
            try:
                with self.renewed() as actor:
                    return self._part(actor, before.mark, MAX_SIZE, below)
            except Problem:
                # Whoever asks with the last mark hears why.
                return None

        first = self._part(self.actor, begin, size or MAX_SIZE, below)
        return streamed(self.plain, form, first, following, person=self.actor.person_id)

    def _form(self) -> Form | None:
        """The form of lines that is asked for; None for a page."""
        name = self.asked.get("format") or _FORMS.get(str(self.plain.get_preferred_type(list(_FORMS))))
        if name == "ndjson":
            return NdJson()
        if name != "csv":
            return None
        if self.asked.get("expand"):
            words = _("A table has no place for it; ask for another form.")
            raise WrongParameter(("expand", words))
        shape = TicketShape if api.is_at_desk(self.actor) else PublicTicketShape
        return Csv(shape, self.asked.get("fields"))

    def _part(self, actor: Actor, begin: str, size: int, below: int | None = None) -> Part:
        order = "" if api.is_at_desk(actor) else _PUBLIC
        # A mark from before somebody came to the desk, or left it, says nothing in the other order: all comes again.
        place = begin.removeprefix(_PUBLIC) if begin.startswith(_PUBLIC) is bool(order) else _BEFORE_ALL
        xid, _dash, pk = place.rpartition("-")
        found = api.changed_since(actor, int(xid), int(pk), size + 1, below)
        if not found and int(xid) >= horizon():
            # It would find nothing for as long as this database has written less than the one that it is from.
            raise WrongParameter(("changed_after", _("This place is of another database. Ask for everything again.")))
        shown = found[:size]
        marks = [f"{order}{one.xid}-{one.ticket.pk}" for one in shown]
        rows = tell(actor, [one.ticket for one in shown], self.asked)
        return Part(list(zip(marks, rows, strict=True)), marks[-1] if marks else begin, len(found) > size)
