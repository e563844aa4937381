"""Tickets by the references that partners have for them."""

from collections.abc import Iterable
from typing import Final

from django.db.models import QuerySet
from django.db.models.functions import Upper

from helpdesk.domain.words import clean_line
from helpdesk.models import Partner, PartnerWait, Ticket

_SHORTEST: Final = 3
_MOST: Final = 50


def known_outside_as(text: str) -> list[int]:
    """The ids of tickets that wait or waited under a reference that begins so; whether one may see them is not said."""
    reference = clean_line(text).upper()
    if len(reference) < _SHORTEST:
        return []
    rows = PartnerWait.objects.alias(written=Upper("reference")).exclude(reference="")
    return list(rows.filter(written__startswith=reference).order_by("-pk").values_list("ticket", flat=True)[:_MOST])


def in_use() -> QuerySet[Partner]:
    """The partners on whom tickets may wait."""
    return Partner.objects.filter(is_active=True)


def waits_of(tickets: Iterable[Ticket]) -> dict[int, PartnerWait]:
    """On whom tickets wait, by their ids: one query, none where none waits."""
    waiting = {ticket.waits_id: ticket.pk for ticket in tickets if ticket.waits_id is not None}
    rows = PartnerWait.objects.filter(pk__in=waiting).select_related("partner") if waiting else ()
    return {waiting[row.pk]: row for row in rows}
