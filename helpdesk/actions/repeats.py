"""Requests that are carried out once, however often they are sent, and answers that are given again."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from helpdesk.actions._base import action, steps
from helpdesk.actions._once import Submission, insert
from helpdesk.actors import Actor
from helpdesk.domain.sealing import CannotOpen, seal, unseal
from helpdesk.errors import Code, DomainError
from helpdesk.models import IdempotencyKey


def answer_of(submission: Submission, *, by: Actor) -> dict[str, Any] | None:
    """What was answered to this before; None where nothing was. Raises DomainError for a key of something else."""
    row = IdempotencyKey.objects.filter(user=by.person, key=submission.key).first()
    return None if row is None else _told(row, submission)


@action
def carry_out_once(
    *, submission: Submission, act: Callable[[], dict[str, Any]], by: Actor, is_secret: bool = False
) -> tuple[dict[str, Any], bool]:
    """Do what `act` does, and keep what it answers, sealed where it `is_secret`, all in one transaction.

    Returns the answer, and whether it was given before. Who sends the same at the same moment waits here until the
    first is done, was refused, or died: a key without its answer is never seen.
    """
    key = insert(by.person, submission)
    if key is None:
        return _told(IdempotencyKey.objects.get(user=by.person, key=submission.key), submission), True
    with steps():
        answer = act()
    key.result = {"answer": _sealed(answer) if is_secret else answer}
    key.save(update_fields=["result"])
    return answer, False


def _told(row: IdempotencyKey, submission: Submission) -> dict[str, Any]:
    if row.body_hash != submission.body_hash:
        raise DomainError(_("This key was used before, for something else. Take another one."), Code.REPEATED)
    answer: dict[str, Any] | None = row.result.get("answer")
    if answer is not None and "sealed" not in answer:
        return answer
    try:
        return _opened(answer or {})
    except CannotOpen as error:
        words = _("This was done before, and what was answered cannot be read any more. Look what came of it.")
        raise DomainError(words, Code.REPEATED) from error


def _sealed(answer: dict[str, Any]) -> dict[str, Any]:
    sealed = seal(answer["body"], settings.ENCRYPTION_KEYS)
    return {name: value for name, value in answer.items() if name != "body"} | {"sealed": sealed}


def _opened(answer: dict[str, Any]) -> dict[str, Any]:
    return answer | {"body": unseal(answer.get("sealed", ""), settings.ENCRYPTION_KEYS)}
