"""Tickets by the references that partners have for them."""

from typing import Final

from django.db.models.functions import Upper

from helpdesk.domain.words import clean_line
from helpdesk.models import PartnerWait

_SHORTEST: Final = 3
_MOST: Final = 50


def known_outside_as(text: str) -> list[int]:
    """The ids of tickets that wait or waited under a reference that begins so; whether one may see them is not said."""
    reference = clean_line(text).upper()
    if len(reference) < _SHORTEST:
        return []
    rows = PartnerWait.objects.alias(written=Upper("reference")).exclude(reference="")
    return list(rows.filter(written__startswith=reference).order_by("-pk").values_list("ticket", flat=True)[:_MOST])
