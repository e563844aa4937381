"""Answers that are given again to who asks the same again."""

from typing import Any

from django.conf import settings
from django.db.models import F, Func, JSONField, Value
from django.utils.translation import gettext_lazy as _

from helpdesk.actions._base import action
from helpdesk.actions._once import Submission, insert
from helpdesk.actors import Actor
from helpdesk.domain.sealing import CannotOpen, seal, unseal
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
    return found if found is None or "sealed" not in found else _opened(found)


@action
def keep_answer(
    submission: Submission, answer: dict[str, Any], *, by: Actor, is_secret: bool = False
) -> dict[str, Any] | None:
    """Keep what was answered, sealed where it `is_secret`. Returns what somebody kept first: that one stays."""
    if is_secret:
        sealed = seal(answer["body"], settings.ENCRYPTION_KEYS)
        answer = {name: value for name, value in answer.items() if name != "body"} | {"sealed": sealed}
    insert(by.person, submission)
    merged = Func(F("result"), Value({"answer": answer}, JSONField()), template="(%(expressions)s)", arg_joiner=" || ")
    unanswered = IdempotencyKey.objects.filter(user=by.person, key=submission.key).exclude(result__has_key="answer")
    return None if unanswered.update(result=merged) else answer_of(submission, by=by)


def _opened(answer: dict[str, Any]) -> dict[str, Any] | None:
    """What was sealed; None where its key is gone, so that the action says what it made."""
    try:
        return answer | {"body": unseal(answer["sealed"], settings.ENCRYPTION_KEYS)}
    except CannotOpen:
        return None
