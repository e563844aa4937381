"""How a ticket stands to others and what is to be done for it, as its page shows them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from helpdesk.actions.merging import UNDO_WITHIN
from helpdesk.actors import Actor
from helpdesk.choices import Relation
from helpdesk.models import SubTask, Ticket
from helpdesk.selectors.links import Linked, links_of
from helpdesk.selectors.merging import merges_into
from helpdesk.selectors.sub_tasks import sub_tasks_of
from helpdesk.views.desk.panels import Panel


def relations(request: HttpRequest, actor: Actor, ticket: Ticket, panels: Mapping[str, Panel]) -> dict[str, Any]:
    """For who reads the ticket's notes. Whose sub-task is named (`?task=`) changes it."""
    links, tasks = links_of(actor, ticket), list(sub_tasks_of(ticket))
    return {
        "links": links,
        "merges": merges_into(ticket, timezone.now() - UNDO_WITHIN) if "links" in panels else (),
        "sub_tasks": tasks,
        "is_blocked": not ticket.is_solved and _is_blocked(links),
        "changing": _changed(request, tasks, panels.get("sub_tasks")),
    }


def _is_blocked(links: Sequence[Linked]) -> bool:
    """Whether something that is not solved stands in the way; of what the reader does not see, nothing is told."""
    return any(group.unsolved for group in links if group.relation is Relation.BLOCKED_BY)


def _changed(request: HttpRequest, tasks: Sequence[SubTask], panel: Panel | None) -> bool:
    """Whether the form is about a sub-task that is there already, which it then begins with."""
    if panel is None or panel.is_open:
        return panel is not None and bool(panel.form["task"].value())
    named = request.GET.get("task", "")
    task = next((one for one in tasks if one.done_at is None and str(one.pk) == named), None)
    if task is None:
        return False
    panel.form.initial = {
        "task": task.pk,
        "title": task.title,
        "assignee": task.assignee.name if task.assignee else "",
        "due_on": task.due_on,
        "holds_resolution": task.holds_resolution,
    }
    return True
