"""The one place where a refusal becomes something that a person reads on a page."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final, TypeVar

from django.forms import BaseForm

from helpdesk.errors import Code, DomainError

T = TypeVar("T")

STATUSES: Final = {
    Code.MISSING: HTTPStatus.UNPROCESSABLE_ENTITY,
    Code.WRONG: HTTPStatus.UNPROCESSABLE_ENTITY,
    Code.FORBIDDEN: HTTPStatus.FORBIDDEN,
    Code.ILLEGAL_MOVE: HTTPStatus.CONFLICT,
    Code.STALE: HTTPStatus.CONFLICT,
    Code.BUSY: HTTPStatus.CONFLICT,
    Code.REPEATED: HTTPStatus.CONFLICT,
    Code.TOO_MANY: HTTPStatus.TOO_MANY_REQUESTS,
}


def attempt(form: BaseForm, act: Callable[[], T]) -> T | None:
    """Run an action; what it refuses stands at its field, or on top, and None is returned. The form keeps its text."""
    try:
        return act()
    except DomainError as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        form.refused = refusal.code  # type: ignore[attr-defined] # the page's status, see `status_of`
        return None


def status_of(form: BaseForm) -> HTTPStatus:
    """The status of a page that shows this form again: what was wrong, or 200 for one that is shown first."""
    if not form.is_bound or not form.errors:
        return HTTPStatus.OK
    return STATUSES[getattr(form, "refused", Code.WRONG)]
