"""Answers that are given again to who asks the same again."""

from typing import Any

from django.db.models import F, Func, JSONField, Value
from django.utils.translation import gettext_lazy as _

from helpdesk.actions._base import action
from helpdesk.actions._once import Submission, insert
from helpdesk.actors import Actor
from helpdesk.errors import Code, DomainError
from helpdesk.models import IdempotencyKey


def answer_of(submission: Submission, *, by: Actor) -> dict[str, Any] | None:
    """What was answered to this before; None where nothing was. Raises DomainError for a key of something else."""
    row = IdempotencyKey.objects.filter(user=by.person, key=submission.key).first()
    if row is None:
        return None
    if row.body_hash != submission.body_hash:
        raise DomainError(_("This key was used before, for something else. Take another one."), Code.REPEATED)
    found: dict[str, Any] | None = row.result.get("answer")
    return found


@action
def keep_answer(submission: Submission, answer: dict[str, Any], *, by: Actor) -> None:
    """Keep what was answered. Where somebody kept theirs first, that one stays."""
    if insert(by.person, submission) is None and answer_of(submission, by=by) is not None:
        return
    merged = Func(F("result"), Value({"answer": answer}, JSONField()), template="(%(expressions)s)", arg_joiner=" || ")
    IdempotencyKey.objects.filter(user=by.person, key=submission.key).update(result=merged)
