"""What a body may be: one JSON object in UTF-8, of a bounded size."""

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import IO, Any, Final

from django.http import UnreadablePostError
from django.utils.translation import gettext as _
from rest_framework.parsers import BaseParser

from helpdesk.api import problems
from helpdesk.api.problems import Problem

MAX_BODY: Final = 1 << 20
# Lists and objects in each other: a few times as many as any input has, and far from where Python gives up.
MAX_DEPTH: Final = 32


class JsonBody(BaseParser):
    """One JSON document. Numbers that JSON does not know, and names that come twice, are refused."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Its content. Raises a problem for what is no JSON."""
        try:
            sent = stream.read()
        except UnreadablePostError as error:
            # Django's protection of sessions takes this one for a form without its field, and goes on.
            raise problems.broken_off() from error
        try:
            raw = sent.decode("utf-8")
            found = json.loads(raw, parse_constant=_refuse, object_pairs_hook=_object)
            if "\\u" in raw:
                # Halves of characters, which nothing can store or show.
                json.dumps(found, ensure_ascii=False).encode("utf-8")
        except (ValueError, RecursionError) as error:
            words = _("This is no JSON: %(why)s") % {"why": error}
            raise Problem(HTTPStatus.BAD_REQUEST, "malformed", words) from error
        if _is_deep(found):
            words = _("Lists and objects stand in each other more than %(limit)d deep here.") % {"limit": MAX_DEPTH}
            raise Problem(HTTPStatus.BAD_REQUEST, "malformed", words)
        return found


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name comes twice in one object")
    return found


def _is_deep(found: Any) -> bool:
    """Whether more lists and objects stand in each other than any input needs; without asking Python to go as deep."""
    level = [found]
    for _depth in range(MAX_DEPTH):
        level = [inner for one in level for inner in _inside(one)]
    return any(isinstance(one, dict | list) for one in level)


def _inside(one: Any) -> Iterable[Any]:
    return one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
