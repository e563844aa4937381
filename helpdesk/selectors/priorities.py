"""What priorities follow from."""

from helpdesk.models import Criterion, PriorityCell


def matrix() -> dict[tuple[int, int], int]:
    """The priority of each impact with each urgency, as far as somebody filled the matrix."""
    return {(cell.impact, cell.urgency): cell.priority for cell in PriorityCell.objects.all()}


def criteria() -> list[Criterion]:
    """What agents are asked to measure, in order."""
    return list(Criterion.objects.filter(is_active=True))
