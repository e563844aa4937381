"""A question about a ticket is answered in its place beside it, as an action that can be taken back."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from helpdesk import access
from helpdesk.actions.fields import set_answer, state_of
from helpdesk.actors import Actor
from helpdesk.domain.answers import Value
from helpdesk.forms.desk import AnswerForm
from helpdesk.models import CustomField, Ticket
from helpdesk.permissions import Right
from helpdesk.requests import actor_of
from helpdesk.selectors.answers import fields_of, given, picked
from helpdesk.views.desk.panels import Refused
from helpdesk.views.desk.questions import form_name
from helpdesk.views.desk.tellings import tell_undoable
from helpdesk.views.desk.ticket import back_to, ticket_page
from helpdesk.views.refusals import attempt


@require_POST
def answer(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """Answer one of the questions anew."""
    actor = actor_of(request)
    ticket = access.get_ticket(actor, ref, Right.WORK)
    field = fields_of(ticket).filter(pk=pk).first()
    if field is None:
        raise Http404(_("This is not asked about this ticket any more."))
    form = AnswerForm(request.POST, field=field, actor=actor, ticket=ticket)
    before = given(ticket, field)
    done = attempt(form, lambda: _answer(ticket, form, actor)) if form.is_valid() else None
    if done is None:
        return ticket_page(request, ref, Refused(form_name(field), form))
    after = given(done, field)
    if after != before:
        _tell(request, done, field, before, after)
    return back_to(request, done)


def _answer(ticket: Ticket, form: AnswerForm, actor: Actor) -> Ticket:
    seen = form.cleaned_data["seen"] or None
    return set_answer(ticket=ticket, field=form.field, to=form.typed, seen=seen, by=actor, now=timezone.now())


def _tell(request: HttpRequest, ticket: Ticket, field: CustomField, before: Value | None, after: Value | None) -> None:
    words = _("Answered: %(question)s") if after is not None else _("Answer taken away: %(question)s")
    # In one field, of several answers each on a line.
    back: dict[str, Any] = {"to": "\n".join(picked(before)), "seen": state_of(after)}
    tell_undoable(request, words % {"question": field.shown("label")}, ticket, "field", str(field.pk), **back)
