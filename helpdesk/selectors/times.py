"""Minutes spent, for those who read a ticket's notes alone."""

from helpdesk.models import Ticket, TimeEntry


def entries_of(ticket: Ticket) -> list[TimeEntry]:
    """Every entry on the ticket, the newest first; `correction` is the one that takes it back."""
    rows = TimeEntry.objects.filter(ticket=ticket).select_related("person", "correction", "corrects")
    return list(rows.order_by("-pk"))


def entry_of(ticket: Ticket, pk: int) -> TimeEntry | None:
    """One entry of the ticket."""
    return TimeEntry.objects.filter(ticket=ticket, pk=pk).first()
