"""What served systems said of themselves."""

from django.db.models import QuerySet

from helpdesk.models import Figure


def latest() -> QuerySet[Figure]:
    """The latest figures of each component of each system, along the index of these."""
    rows = Figure.objects.order_by("system", "component", "-measured_at")
    return rows.distinct("system", "component")
