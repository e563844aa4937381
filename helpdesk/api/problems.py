"""Refusals as problem documents (RFC 9457): words for a person, a code for a machine, and which field it is about."""

import json
from collections.abc import Collection, Iterator, Mapping
from http import HTTPStatus
from typing import Any, Final

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from rest_framework import exceptions

from helpdesk.domain import answers, severity
from helpdesk.errors import Code, DomainError
from helpdesk.views.refusals import STATUSES

CONTENT_TYPE: Final = "application/problem+json"
# A name that stays; nobody has to look it up.
_TYPE: Final = "urn:watchdesk:problem:{code}"
_CODES: Final = {"parse_error": "malformed", "not_authenticated": "unauthenticated", "permission_denied": "forbidden"}
# What actions and forms of pages call otherwise than inputs do: the first that the operation takes is meant.
_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "text": ("body", "reason"),
    "files": ("uploads", "file"),
    "assignee": ("take",),
    "other": ("ticket",),
    "partner_reference": ("reference",),
    "email": ("requester.email",),
    "name": ("requester.name",),
    "kinds": ("events",),
    "queue_ids": ("queues",),
    "category_ids": ("categories",),
    "organization_ids": ("organizations",),
}
# Fields that a form has for each row of something, and where inputs have these rows.
_ROWS: Final = {answers.field_of(""): "answers.", severity.field_of(""): "values."}
# As pages answer, but for a key that comes with another body: what drafts of its own header ask for.
_STATUSES: Final = {**STATUSES, Code.REPEATED: HTTPStatus.UNPROCESSABLE_ENTITY}


class Problem(Exception):
    """A refusal of the API itself; `errors` are pairs of a field or parameter and what is wrong with it."""

    def __init__(
        self,
        status: HTTPStatus,
        code: str,
        detail: str,
        errors: tuple[tuple[str, str], ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.errors = status, code, detail, errors
        self.headers = headers or {}


class WrongParameter(Problem):
    """Parameters of an address that cannot be taken, each with what is wrong with it."""

    def __init__(self, *errors: tuple[str, str]) -> None:
        words = errors[0][1] if len(errors) == 1 else _("Some parameters cannot be taken; see which.")
        super().__init__(HTTPStatus.BAD_REQUEST, "wrong_parameter", words, errors)


class PreconditionFailed(Problem):
    """What `If-Match` named is not what is there any more."""

    def __init__(self) -> None:
        words = _("This changed since you read it. Read it again, then decide again.")
        super().__init__(HTTPStatus.PRECONDITION_FAILED, "precondition_failed", words)


def broken_off() -> Problem:
    """The sender fell silent in the middle of the body."""
    return Problem(HTTPStatus.REQUEST_TIMEOUT, "incomplete", _("The body did not come to its end. Send it again."))


def problem_of(error: Exception, taken: Collection[str] = ()) -> Problem | None:
    """What is answered to an error, or None for what is a bug of ours. `taken` are the fields of what was sent: a
    refusal is about one of these, or about none.
    """
    if isinstance(error, Problem):
        return error
    if isinstance(error, DomainError):
        place = place_in(taken, error.field) if error.field else ""
        where = ((place, str(error)),) if place else ()
        headers = {"Retry-After": "1"} if error.code is Code.BUSY else None
        return Problem(_STATUSES[error.code], error.code, str(error), where, headers)
    return _of_library(error) if isinstance(error, exceptions.APIException) else _of_django(error)


def _of_django(error: Exception) -> Problem | None:
    words = str(error)
    if isinstance(error, Http404):
        return Problem(HTTPStatus.NOT_FOUND, "not_found", words or _("There is nothing here."))
    if isinstance(error, PermissionDenied):
        return Problem(HTTPStatus.FORBIDDEN, "forbidden", words or _("You may not do this."))
    if isinstance(error, UnreadablePostError):
        return broken_off()
    if isinstance(error, MultiPartParserError | SuspiciousOperation):
        return Problem(HTTPStatus.BAD_REQUEST, "malformed", _("This is not a form that can be read."))
    return None


def _of_library(error: exceptions.APIException) -> Problem:
    if isinstance(error, exceptions.ValidationError):
        found = tuple(_flat(error.detail))
        words = found[0][1] if len(found) == 1 else _("Some of what you sent cannot be taken; see what is wrong where.")
        return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "wrong", words, found)
    code = _CODES.get(error.default_code, error.default_code)
    return Problem(HTTPStatus(error.status_code), code, force_str(error.detail))


def place_in(taken: Collection[str], name: str) -> str:
    """The path to what an action calls so, in an input of these fields; empty where that has no such thing."""
    for prefix, path in _ROWS.items():
        if name.startswith(prefix):
            name = name.replace(prefix, path, 1)
    return next((one for one in (name, *_NAMES.get(name, ())) if one.partition(".")[0] in taken), "")


def _flat(detail: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Errors of nested fields, each by the path to it: `answers.0.value`."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            own = "" if name == "non_field_errors" else str(name)
            yield from _flat(inner, ".".join(filter(None, (path, own))))
    elif isinstance(detail, list):
        for number, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list)
            yield from _flat(inner, f"{path}.{number}".lstrip(".") if nested else path)
    else:
        yield path, force_str(detail)


def nowhere(request: HttpRequest, path: str = "") -> HttpResponse:
    """What is answered below the API's address where nothing is."""
    words = (
        _("There is nothing here.") if path.endswith("/") else _("There is nothing here. Addresses end with a slash.")
    )
    return answer(Problem(HTTPStatus.NOT_FOUND, "not_found", words), request)


def failed(request: HttpRequest) -> HttpResponse:
    """What is answered where we failed."""
    words = _("Something went wrong on our side. Try again; if it stays, tell us the request's id.")
    return answer(Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "failed", words), request)


def answer(problem: Problem, request: HttpRequest) -> HttpResponse:
    """The problem as its document."""
    status = problem.status
    document: dict[str, Any] = {
        "type": _TYPE.format(code=problem.code),
        "title": status.phrase,
        "status": int(status),
        "code": problem.code,
        "detail": problem.detail,
        "instance": request.path,
        "request_id": getattr(request, "request_id", ""),
    }
    if problem.errors:
        document["errors"] = [{"field": field, "message": message} for field, message in problem.errors]
    text = json.dumps(document, ensure_ascii=False)
    response = HttpResponse(text, status=status, content_type=CONTENT_TYPE)
    for name, value in problem.headers.items():
        response[name] = value
    return response
