"""What every action is made of: one durable transaction, and a kick of the workers after its commit."""

import contextlib
import functools
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Final, ParamSpec, TypeVar

import structlog
from celery import current_app
from django.db import OperationalError, transaction
from django.utils.translation import gettext_lazy as _

from helpdesk.errors import Code, DomainError

P = ParamSpec("P")
R = TypeVar("R")
log = structlog.get_logger(__name__)

# A lock that did not come in time, and a deadlock that PostgreSQL broke.
_BUSY_STATES: Final = frozenset({"55P03", "40P01"})

CONSUME_TASK: Final = "helpdesk.tasks.consume_events"
SEND_TASK: Final = "helpdesk.tasks.send_deliveries"
THUMBNAIL_TASK: Final = "helpdesk.tasks.make_thumbnails"
EXPORT_TASK: Final = "helpdesk.tasks.make_exports"
TELL_TASK: Final = "helpdesk.tasks.tell_requesters"
RECOUNT_TASK: Final = "helpdesk.tasks.recount_clocks"
PREVIEW_TASK: Final = "helpdesk.tasks.make_previews"
_KICK_QUEUES: Final = {
    CONSUME_TASK: "clock",
    SEND_TASK: "send",
    EXPORT_TASK: "bulk",
    THUMBNAIL_TASK: "bulk",
    TELL_TASK: "bulk",
    RECOUNT_TASK: "bulk",
    PREVIEW_TASK: "bulk",
}
_KICK_EXPIRES: Final = 30
# After a hint that found no broker this process gives none for some seconds, so that people wait for one at most.
_SILENCE: Final = 5.0
_broker_away: Final = {"until": 0.0}
_is_step: Final[ContextVar[bool]] = ContextVar("actions are steps of another one", default=False)


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Run the function as one transaction of its own; waiting in vain for somebody else becomes a refusal."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with transaction.atomic(durable=not _is_step.get()):
                return function(*args, **kwargs)
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", None) in _BUSY_STATES:
                raise DomainError(
                    _("Somebody else is changing this right now. Please try again in a moment."),
                    Code.BUSY,
                ) from error
            raise

    return run


@contextlib.contextmanager
def steps() -> Iterator[None]:
    """While the block runs, in an action, the actions that are called there are steps of its transaction."""
    before = _is_step.set(True)
    try:
        yield
    finally:
        _is_step.reset(before)


def kick(task: str) -> None:
    """After the commit, tell a worker that there is work. Without a broker the next sweep finds it all the same."""
    transaction.on_commit(functools.partial(_publish, task), robust=True)


@contextlib.contextmanager
def without_kicks() -> Iterator[None]:
    """Hint at nothing meanwhile: the sweeps find what thousands of actions leave, without a flood of hints."""
    before = _broker_away["until"]
    _broker_away["until"] = float("inf")
    try:
        yield
    finally:
        _broker_away["until"] = before


def _publish(task: str) -> None:
    if time.monotonic() < _broker_away["until"]:
        return
    try:
        current_app.send_task(task, queue=_KICK_QUEUES[task], retry=False, expires=_KICK_EXPIRES)
    except Exception as error:  # noqa: BLE001 - see below
        # Whatever is wrong with the broker, the rows are committed and the sweep takes them.
        log.warning("kick_failed", task=task, error=str(error))
        _broker_away["until"] = time.monotonic() + _SILENCE
