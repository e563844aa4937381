"""What has to be done for a ticket, step by step."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from helpdesk.actions._base import action
from helpdesk.actions._work import Work, begin
from helpdesk.actions.setup import state_of
from helpdesk.actors import Actor
from helpdesk.domain.event_data import EventData
from helpdesk.domain.relation_events import SubTaskAdded, SubTaskChanged, SubTaskDone, SubTaskDropped, SubTaskReopened
from helpdesk.domain.words import clean_line
from helpdesk.errors import Code, DomainError
from helpdesk.models import SubTask, Ticket, User
from helpdesk.permissions import Right, may
from helpdesk.selectors.sub_tasks import holding

MAX_SUB_TASKS: Final = 50
MAX_TITLE: Final = 200
_FIRST_YEAR: Final = 2000
_LAST_YEAR: Final = 2999
_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """What somebody wants of a sub-task."""

    title: str
    assignee: User | None = None
    due_on: date | None = None
    holds_resolution: bool = False


@action
def add_sub_task(*, ticket: Ticket, plan: Plan, by: Actor, now: datetime) -> SubTask:
    """Put something to do on the ticket. The same again, while it is to be done, is the same one."""
    work = begin(ticket, by=by, now=now, right=Right.WORK)
    title = _title(plan.title)
    work.refuse_solved("title")
    _refuse_plan(work, plan)
    wanted = SubTask.objects.filter(ticket=work.ticket, dropped_at=None)
    if (same := wanted.filter(done_at=None, title=title, assignee=plan.assignee).first()) is not None:
        return same
    if wanted.count() >= MAX_SUB_TASKS:
        raise DomainError(
            _("This ticket has %(limit)d sub-tasks already. Drop one, or link a ticket of its own.")
            % {"limit": MAX_SUB_TASKS},
            Code.WRONG,
            field="title",
        )
    task = SubTask.objects.create(
        ticket=work.ticket,
        title=title,
        assignee=plan.assignee,
        due_on=plan.due_on,
        holds_resolution=plan.holds_resolution,
        created_at=now,
    )
    work.record(SubTaskAdded(task.pk, plan.assignee.pk if plan.assignee else None))
    work.save()
    return task


@action
def change_sub_task(*, task: SubTask, plan: Plan, by: Actor, now: datetime, seen: str | None = None) -> SubTask:
    """Give a sub-task another title, day, weight or assignee.

    `seen` is the state of it from which the plan was made, see `setup.state_of`.
    """
    work, task = _begin(task, by, now)
    if seen is not None and seen != state_of(task):
        raise DomainError(
            _("Somebody changed this while you were looking at it. Open it anew, then change it again."), Code.STALE
        )
    _refuse_plan(work, plan)
    values = {
        "title": _title(plan.title),
        "assignee": plan.assignee,
        "due_on": plan.due_on,
        "holds_resolution": plan.holds_resolution,
    }
    changed = [name for name, value in values.items() if getattr(task, name) != value]
    if not changed:
        return task
    before = task.assignee_id
    for name in changed:
        setattr(task, name, values[name])
    task.save(update_fields=changed)
    work.record(SubTaskChanged(task.pk, before, task.assignee_id))
    work.save()
    return task


@action
def finish_sub_task(*, task: SubTask, by: Actor, now: datetime) -> SubTask:
    """Say that it is done."""
    work, task = _begin(task, by, now)
    if task.dropped_at is not None:
        raise DomainError(_("“%(title)s” was dropped meanwhile.") % {"title": task}, Code.STALE)
    if task.done_at is None:
        task.done_at = now
        _keep(work, task, SubTaskDone(task.pk))
    return task


@action
def drop_sub_task(*, task: SubTask, by: Actor, now: datetime) -> SubTask:
    """Say that it is not wanted any more."""
    work, task = _begin(task, by, now)
    if task.done_at is not None:
        raise DomainError(_("“%(title)s” was done meanwhile.") % {"title": task}, Code.STALE)
    if task.dropped_at is None:
        task.dropped_at = now
        _keep(work, task, SubTaskDropped(task.pk))
    return task


@action
def reopen_sub_task(*, task: SubTask, by: Actor, now: datetime) -> SubTask:
    """Say that it is to be done after all."""
    work, task = _begin(task, by, now)
    if task.is_open:
        return task
    if task.holds_resolution:
        work.refuse_solved("title")
    task.done_at = task.dropped_at = None
    _keep(work, task, SubTaskReopened(task.pk))
    return task


def refuse_unfinished(work: Work) -> None:
    """Refuse to resolve a ticket on which something is to be done first; name it."""
    titles = [task.title for task in holding(work.ticket)[: _NAMED + 1]]
    if not titles:
        return
    words = (
        _("Before this ticket is resolved, %(titles)s and more have to be done. See its sub-tasks.")
        if len(titles) > _NAMED
        else _("Before this ticket is resolved, this has to be done: %(titles)s. See its sub-tasks.")
    )
    raise DomainError(words % {"titles": _listed(titles[:_NAMED])}, Code.ILLEGAL_MOVE)


def _listed(titles: Iterable[str]) -> str:
    return ", ".join(str(_("“%(name)s”")) % {"name": title} for title in titles)


def _begin(task: SubTask, by: Actor, now: datetime) -> tuple[Work, SubTask]:
    """The sub-task as it is now, under its ticket's lock."""
    work = begin(task.ticket, by=by, now=now, right=Right.WORK)
    return work, SubTask.objects.get(pk=task.pk)


def _keep(work: Work, task: SubTask, event: EventData) -> None:
    task.save(update_fields=["done_at", "dropped_at"])
    work.record(event)
    work.save()


def _title(text: str) -> str:
    title = clean_line(text)
    if not title:
        raise DomainError(_("Write what is to be done."), Code.MISSING, field="title")
    if len(title) > MAX_TITLE:
        raise DomainError(
            _("The title has %(count)d characters; there is room for %(limit)d.")
            % {"count": len(title), "limit": MAX_TITLE},
            Code.WRONG,
            field="title",
        )
    return title


def _refuse_plan(work: Work, plan: Plan) -> None:
    if plan.due_on is not None and not _FIRST_YEAR <= plan.due_on.year <= _LAST_YEAR:
        words = _("Choose a year between %(first)d and %(last)d.")
        raise DomainError(words % {"first": _FIRST_YEAR, "last": _LAST_YEAR}, Code.WRONG, field="due_on")
    if plan.assignee is not None and not may(Actor(plan.assignee, work.by.channel), Right.WORK, work.ticket):
        raise DomainError(
            _("%(name)s is in no team of this queue.") % {"name": plan.assignee}, Code.WRONG, field="assignee"
        )
