"""What all endpoints share: who calls, how often, in which zone; what is answered, and how it is refused."""

import contextlib
import json
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from http import HTTPStatus
from typing import Any, Final, TypeVar, cast

import structlog
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from helpdesk import keeping
from helpdesk.actors import Actor
from helpdesk.api import limits, problems
from helpdesk.api.authentication import BrowserSession, TokenAuthentication, renewed
from helpdesk.api.compression import compressed
from helpdesk.api.kinds import misfits
from helpdesk.api.parsing import MAX_BODY, JsonBody
from helpdesk.api.problems import Problem, WrongParameter
from helpdesk.choices import Channel
from helpdesk.models import ApiToken, User
from helpdesk.requests import is_measured, length_of
from helpdesk.scopes import TokenScope, rights_of

log = structlog.get_logger(__name__)

S = TypeVar("S", bound="Serializer[Any]")
_JSON: Final = "application/json"
_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Nothing(Serializer[Any]):
    """No parameters at all."""


class Endpoint(APIView):
    """One address. `takes` names the parameters of reading it; whatever else an address asks for is refused.

    Answers are plain JSON, made in the order of the shapes; what is asked for in `Accept` makes no difference.
    """

    authentication_classes = (TokenAuthentication, BrowserSession)
    permission_classes = ()
    parser_classes: tuple[type[BaseParser], ...] = (JsonBody,)
    takes: type[Serializer[Any]] = Nothing
    # The fields of what was sent, once it is read.
    sent: Collection[str] = ()
    # Known once the caller is.
    _by_token: ApiToken | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer in UTC, with the set-up that was in force when the caller was read."""
        # Django's own request, which the parts of Django work with.
        self.plain = request
        with contextlib.ExitStack() as self._around:
            return cast("HttpResponse", super().dispatch(request, *args, **kwargs))

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Who calls, and whether they may now. Content is not negotiated: there is one form of each answer."""
        self._allowance: limits.Allowance | None = None
        if (request.method or "").lower() not in self.http_method_names or not self._handles(request):
            self.http_method_not_allowed(request, *args, **kwargs)
        if request.method not in _READING:
            self._refuse_unmeasured()
            self.refuse_large(request)
        user, token = request.user, request.auth
        if not isinstance(user, User):
            raise Problem(
                HTTPStatus.UNAUTHORIZED,
                "unauthenticated",
                _("Send a token as “Authorization: Bearer …”."),
                headers={"WWW-Authenticate": TokenAuthentication().authenticate_header(request)},
            )
        self._by_token = token if isinstance(token, ApiToken) else None
        self._spoken = self._language(request, user)
        self._around.enter_context(self._in_place(self._by_token or user))
        self._allowance = _spent(user, self._by_token)
        self.actor = _actor(request, user, self._by_token)
        self.asked = self._asked(request)

    @contextlib.contextmanager
    def _in_place(self, caller: User | ApiToken) -> Iterator[None]:
        """While the block runs: the set-up that was read with the caller, UTC, and the caller's language."""
        zone = timezone.override(timezone.get_default_timezone())
        with keeping.under(getattr(caller, "setup_mark", None)), zone, translation.override(self._spoken):
            yield

    @contextlib.contextmanager
    def renewed(self) -> Iterator[Actor]:
        """While the block runs, a later part of a long answer is made: for who calls as they are now, as one more
        request of the minute.

        Raises a problem where they may not call any more, or not now.
        """
        user, token = renewed(self.actor.person, self._by_token, self.plain.session)
        with self._in_place(token or user):
            _spent(user, token)
            yield _actor(self.request, user, token)

    def needs(self, *scopes: TokenScope) -> None:
        """Refuse a token with none of these scopes, where what is asked for is nobody's right, or one of reading."""
        if self._by_token is not None and not set(scopes) & set(self._by_token.scopes):
            raise PermissionDenied(_("This token may not be used for that."))

    def _handles(self, request: Request) -> bool:
        return hasattr(self, (request.method or "").lower())

    def _refuse_unmeasured(self) -> None:
        """Refuse a body of which nothing would be read: something else would be done than was asked."""
        if not is_measured(self.plain):
            words = _("Tell the length of the body in Content-Length; it may not come in pieces (chunked).")
            raise Problem(HTTPStatus.LENGTH_REQUIRED, "length_required", words)

    def refuse_large(self, request: Request) -> None:
        """Refuse a body by what its head says of it. What is longer than that is cut there."""
        if length_of(self.plain) > MAX_BODY:
            words = _("This body is larger than %(limit)d kB, which is the limit.") % {"limit": MAX_BODY >> 10}
            raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", words)

    @staticmethod
    def _language(request: Request, user: User) -> str:
        """What the caller asks for, or else the person's own."""
        return translation.get_language() or "en" if "Accept-Language" in request.headers else user.spoken_language

    def _asked(self, request: Request) -> dict[str, Any]:
        """The parameters of the address, clean. Raises a problem (400) that names what is known."""
        query = request.query_params
        takes = _taker(self.takes if request.method in _READING else Nothing, translation.get_language())
        known = takes.fields
        errors = [(name, _unknown(name, known)) for name in query if name not in known]
        errors += [(name, _("Give this once.")) for name in query if name in known and len(query.getlist(name)) > 1]
        if not errors:
            try:
                return dict(takes.run_validation({name: query.get(name) for name in query}))
            except ValidationError as error:
                problem = problems.problem_of(error)
                errors = list(problem.errors) if problem else []
        raise WrongParameter(*errors)

    def read(self, kind: type[S]) -> S:
        """The body as this kind of input, valid. Raises a problem that names what is wrong where."""
        data = self.request.data
        if not isinstance(data, Mapping):
            raise Problem(HTTPStatus.BAD_REQUEST, "malformed", _("Send a JSON object."))
        given = kind(data=data, context={"actor": self.actor})
        self.sent = given.fields.keys()
        wrong = {name: [_unknown(name, given.fields)] for name in data if name not in given.fields}
        wrong = wrong or {
            path: [words] for name, value in data.items() for path, words in misfits(given.fields[name], value, name)
        }
        if wrong or not given.is_valid():
            raise ValidationError(wrong or given.errors)
        return given

    def handle_exception(self, exc: Exception) -> HttpResponse:  # type: ignore[override] # never the library's own
        """A refusal as its document; what is a bug goes on as one."""
        found = problems.problem_of(exc, self.sent)
        if found is None:
            raise exc
        return problems.answer(found, self.plain)

    def finalize_response(  # type: ignore[override] # as above
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The allowance on each answer; nothing of it in anybody's cache; in fewer bytes for who takes them."""
        if (allowance := getattr(self, "_allowance", None)) is not None:
            for name, value in allowance.headers.items():
                response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        response.headers.setdefault("Vary", "Authorization, Accept-Language, Accept-Encoding, Cookie")
        done = cast("HttpResponse", super().finalize_response(request, response, *args, **kwargs))
        return cast("HttpResponse", compressed(self.plain, done)) if self._by_token else done


def answer(data: Any, status: HTTPStatus = HTTPStatus.OK, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """Data as JSON."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(text, status=status, content_type=_JSON, headers=headers)


@lru_cache(maxsize=256)
def _taker(kind: type[Serializer[Any]], _language: str | None) -> Serializer[Any]:
    """One for all requests in a language, of whose messages some stay as they were first said.

    Parameters are checked by nothing that who asks could change, and a serializer takes longer to be made than to read.
    """
    return kind()


def _spent(user: User, token: ApiToken | None) -> limits.Allowance:
    if token is None:
        return limits.spend(f"user-{user.pk}", limits.PER_SESSION)
    return limits.spend(f"token-{token.pk}", token.per_minute)


def _actor(request: Request, user: User, token: ApiToken | None) -> Actor:
    request_id = getattr(request, "request_id", "")
    if token is None:
        return Actor(user, Channel.API, request_id)
    queues = frozenset(token.queue_ids) or None
    return Actor(user, Channel.API, request_id, scopes=rights_of(token.scopes), queue_ids=queues)


def _unknown(name: str, known: Mapping[str, Any]) -> str:
    if not known:
        return _("“%(name)s” is not known here; there is nothing to choose.") % {"name": name[:80]}
    return _("“%(name)s” is not known here. Known are: %(known)s.") % {"name": name[:80], "known": ", ".join(known)}
