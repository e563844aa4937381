"""Agents answer the questions about a ticket."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from helpdesk.actions import _answers
from helpdesk.actions._base import action
from helpdesk.actions._work import Work, begin
from helpdesk.actors import Actor
from helpdesk.domain.answers import Typed, Value, field_of
from helpdesk.errors import Code, DomainError
from helpdesk.models import CustomField, Ticket
from helpdesk.permissions import Right
from helpdesk.selectors.answers import fields_of, given


def state_of(value: Value | None) -> str:
    """A digest of an answer, by which a form tells what it was filled in on."""
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:16]


@action
def set_answer(
    *, ticket: Ticket, field: CustomField, to: Typed, by: Actor, now: datetime, seen: str | None = None
) -> Ticket:
    """Answer a question that is asked where the ticket is. `seen` is the state of the answer that the page showed."""
    work = begin(ticket, by=by, now=now, right=Right.WORK)
    question, name = fields_of(work.ticket).filter(pk=field.pk).first(), field_of(field.key)
    if question is None:
        raise DomainError(_("“%(name)s” is not asked about this ticket any more.") % {"name": field}, Code.STALE, name)
    if seen is not None and seen != state_of(given(work.ticket, question)):
        raise DomainError(
            _("Meanwhile somebody else answered “%(name)s”. Look at it, then change it.") % {"name": question},
            Code.STALE,
            field=name,
        )
    version = work.ticket.version
    _answers.put(work, question, to)
    return _saved(work, version)


@action
def set_answers(
    *, ticket: Ticket, answers: Mapping[str, Typed], by: Actor, now: datetime, expected_version: int | None = None
) -> Ticket:
    """Answer several questions by their keys, or none where one of the answers is refused."""
    work = begin(ticket, by=by, now=now, right=Right.WORK, expected_version=expected_version)
    version = work.ticket.version
    _answers.take(work, answers)
    return _saved(work, version)


def _saved(work: Work, version: int) -> Ticket:
    """The ticket, written where an answer is another one than before."""
    return work.save() if work.ticket.version != version else work.ticket
