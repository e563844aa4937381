"""The contract: what each endpoint tells of itself, for people and for generators of clients."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

from helpdesk.api.parameters import described
from helpdesk.api.problems import CONTENT_TYPE
from helpdesk.api.shapes.base import ProblemShape

H = TypeVar("H", bound=Callable[..., Any])
_PROBLEMS: Final[Mapping[int, str]] = {
    400: "A parameter or the form of the body is wrong.",
    401: "No token, or one that is not valid.",
    403: "You may see it, but not do this.",
    404: "It is not there, or not yours to see.",
    408: "The body did not come to its end.",
    409: "It is not possible as things are now; `busy`: somebody else is at it, try again after `Retry-After` seconds.",
    411: "The body came in pieces, without its length.",
    412: "It changed since you read it.",
    413: "The body is too large.",
    415: "The body is of another type.",
    422: "Something in the body cannot be taken; `errors` says what.",
    429: "Too many requests in this minute.",
}
_KEY: Final = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    OpenApiParameter.HEADER,
    description="A name of your own for this request: sent again with it, it is done once and answered the same.",
)


def _if_match(of: str) -> OpenApiParameter:
    words = f"The `ETag` of the {of} as you read it; 412 where it changed since then. `*` demands nothing."
    return OpenApiParameter("If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description=words)


def page_of(shape: type[serializers.Serializer[Any]]) -> type[serializers.Serializer[Any]]:
    """A page of such rows."""
    name = f"{shape.__name__.removesuffix('Shape')}Page"
    fields: dict[str, Any] = {
        "results": shape(many=True),
        "next_cursor": serializers.CharField(allow_null=True, help_text="Where the next page begins; null at the end."),
        "__doc__": "A page.",
    }
    return _pages.setdefault(name, type(name, (serializers.Serializer,), fields))


_pages: Final[dict[str, type[serializers.Serializer[Any]]]] = {}


def describes(
    name: str,
    tag: str,
    *,
    takes: type[serializers.Serializer[Any]] | None = None,
    sends: Any = None,
    answers: Mapping[Any, Any] | None = None,
    lists: type[serializers.Serializer[Any]] | None = None,
    repeatable: bool = False,
    conditional: str = "",
    tagged: bool = False,
) -> Callable[[H], H]:
    """Tell the schema of an endpoint's method. Its first line of words is the summary.

    `conditional` names what its `If-Match` takes the tag of.
    """
    parameters = [*described(takes)] if takes else []
    parameters += [_KEY] if repeatable else []
    parameters += [_if_match(conditional)] if conditional else []
    told: dict[Any, Any] = {200: page_of(lists)} if lists else {**(answers or {})}
    if tagged:
        told[304] = OpenApiResponse(description="You have it already.")
    refused = {(status, CONTENT_TYPE): OpenApiResponse(ProblemShape, words) for status, words in _PROBLEMS.items()}

    def tell(method: H) -> H:
        summary = (method.__doc__ or "").partition("\n")[0]
        described_as = extend_schema(
            operation_id=name,
            summary=summary,
            tags=[tag],
            parameters=parameters,
            request=sends,
            responses={**told, **refused},
        )
        return described_as(method)

    return tell
