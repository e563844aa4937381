"""Which deliveries may leave."""

from typing import Final

from django.db.models import OuterRef, Q, Subquery

from helpdesk.models import Delivery
from helpdesk.models.deliveries import OPEN

# What has no order leaves whenever it is due.
UNORDERED: Final = Q(ordering_key="")


def head_of_line() -> Subquery:
    """The key of the first open delivery in the line of the outer one: the only one of it that may leave."""
    line = Delivery.objects.filter(OPEN, ordering_key=OuterRef("ordering_key")).order_by("ordering_seq", "pk")
    return Subquery(line.values("pk")[:1])
