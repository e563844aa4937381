"""Pages of lists: a cursor says where the next one begins, and nothing is counted."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from helpdesk.api.base import answer
from helpdesk.api.problems import WrongParameter
from helpdesk.domain.keyset import Place
from helpdesk.selectors import paging

M = TypeVar("M", bound=Model)


def place_of(asked: Mapping[str, Any], order: paging.Order) -> Place | None:
    """Where the page begins. Raises a problem (400) for a cursor of another order, or of none."""
    text = asked.get("cursor")
    if not text:
        return None
    place = order.decode(text)
    if place is None:
        words = _("This cursor is not one of this list. Begin again without one.")
        raise WrongParameter(("cursor", words))
    return place


def document(rows: Sequence[Any], following: str | None) -> dict[str, Any]:
    """A page as JSON."""
    return {"results": list(rows), "next_cursor": following}


def paged(
    rows: QuerySet[M], asked: Mapping[str, Any], write: Callable[[M], Any], order: paging.Order = paging.ROWS
) -> HttpResponse:
    """A page of any rows, in the order of their ids unless another one is told."""
    place_of(asked, order)
    page = paging.page(rows, order, before=asked.get("cursor", ""), size=asked["limit"])
    return answer(document([write(row) for row in page.rows], page.older))
