"""What is to be done for a ticket, step by step."""

from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from helpdesk import access
from helpdesk.actions import sub_tasks
from helpdesk.actions.sub_tasks import Plan
from helpdesk.api import repeats
from helpdesk.api.base import Endpoint, answer
from helpdesk.api.inputs import SubTaskChange, SubTaskInput, SubTaskMove, worker_by
from helpdesk.api.preconditions import Read, sub_task_read, tagged, unchanged
from helpdesk.api.schema import describes
from helpdesk.api.shapes.relations import SubTaskShape
from helpdesk.models import SubTask, Ticket
from helpdesk.permissions import Right
from helpdesk.selectors.sub_tasks import sub_tasks_of

_MOVES: Final = {
    "finish": sub_tasks.finish_sub_task,
    "reopen": sub_tasks.reopen_sub_task,
    "drop": sub_tasks.drop_sub_task,
}


class SubTasks(Endpoint):
    """All of a ticket."""

    @describes("list_sub_tasks", "tickets", answers={200: SubTaskShape(many=True)})
    def get(self, request: Request, ref: str) -> HttpResponse:
        """List what was and is to be done for the ticket, but for what was dropped."""
        ticket = access.get_ticket(self.actor, ref, Right.READ_NOTES)
        return answer([SubTaskShape.write(task) for task in sub_tasks_of(ticket)])

    @describes("create_sub_task", "tickets", sends=SubTaskInput, answers={201: SubTaskShape}, repeatable=True)
    def post(self, request: Request, ref: str) -> HttpResponse:
        """Put something to do on the ticket."""
        return repeats.once(request, self.actor, lambda: self._added(ref), still=_still_read(self, ref))

    def _added(self, ref: str) -> HttpResponse:
        ticket = access.get_ticket(self.actor, ref, Right.WORK)
        plan = _planned(Plan(""), self.read(SubTaskInput).validated_data, ticket)
        task = sub_tasks.add_sub_task(ticket=ticket, plan=plan, by=self.actor, now=timezone.now())
        where = {"Location": f"/api/v1/tickets/{ticket.ref}/sub-tasks/{task.pk}/"}
        return _told(self, task, HTTPStatus.CREATED, where)


class OneSubTask(Endpoint):
    """One of them."""

    @describes("read_sub_task", "tickets", answers={200: SubTaskShape}, tagged=True)
    def get(self, request: Request, ref: str, pk: int) -> HttpResponse:
        """Read a sub-task."""
        ticket = access.get_ticket(self.actor, ref, Right.READ_NOTES)
        return _told(self, access.get_sub_task(ticket, pk))

    @describes("change_sub_task", "tickets", sends=SubTaskChange, answers={200: SubTaskShape}, conditional="sub-task")
    def patch(self, request: Request, ref: str, pk: int) -> HttpResponse:
        """Change a sub-task."""

        def find() -> Read[SubTask, str]:
            return sub_task_read(access.get_sub_task(access.get_ticket(self.actor, ref, Right.WORK), pk))

        def change(task: SubTask, seen: str | None) -> SubTask:
            before = Plan(task.title, task.assignee, task.due_on, task.holds_resolution)
            plan = _planned(before, self.read(SubTaskChange).validated_data, task.ticket)
            return sub_tasks.change_sub_task(task=task, plan=plan, by=self.actor, now=timezone.now(), seen=seen)

        return _told(self, unchanged(self.request, find, change, as_read=True))


class SubTaskTransition(Endpoint):
    """What becomes of one."""

    @describes("transition_sub_task", "tickets", sends=SubTaskMove, answers={200: SubTaskShape}, repeatable=True)
    def post(self, request: Request, ref: str, pk: int) -> HttpResponse:
        """Say that a sub-task is done, dropped, or to be done after all. Said twice, it counts once."""
        return repeats.once(request, self.actor, lambda: self._moved(ref, pk), still=_still_read(self, ref))

    def _moved(self, ref: str, pk: int) -> HttpResponse:
        task = access.get_sub_task(access.get_ticket(self.actor, ref, Right.WORK), pk)
        act = _MOVES[self.read(SubTaskMove).validated_data["move"]]
        return _told(self, act(task=task, by=self.actor, now=timezone.now()))


def _told(endpoint: Endpoint, task: SubTask, status: HTTPStatus = HTTPStatus.OK, headers: Any = None) -> HttpResponse:
    return tagged(answer(SubTaskShape.write(task), status, headers), endpoint.plain, sub_task_read(task).mark)


def _still_read(endpoint: Endpoint, ref: str) -> Callable[[Any], object]:
    return lambda _document: access.get_ticket(endpoint.actor, ref, Right.READ_NOTES)


def _planned(plan: Plan, given: dict[str, Any], ticket: Ticket) -> Plan:
    """The plan with what the caller gave in its place."""
    if "assignee" in given:
        given = {**given, "assignee": worker_by(given["assignee"], ticket)}
    return replace(plan, **given)
