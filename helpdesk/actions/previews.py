"""What a draft would do to more clocks than somebody waits for: a worker counts them, ticket by ticket."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from helpdesk.actions._base import PREVIEW_TASK, action, kick
from helpdesk.actions.versions import hold
from helpdesk.actors import Actor
from helpdesk.models import CalendarVersion, PolicyVersion
from helpdesk.models.calendars import DRAFT
from helpdesk.selectors import calendars, policies
from helpdesk.selectors.previews import Trial, begun, gone_on

Draft = CalendarVersion | PolicyVersion
_TRIALS: Final[tuple[tuple[Any, Callable[[Any, datetime], Trial]], ...]] = (
    (PolicyVersion, policies.trial),
    (CalendarVersion, calendars.trial),
)


def ask_for(draft: Draft, now: datetime) -> None:
    """The step that lets a worker count, where there is much to count; the caller saves the draft (`preview`)."""
    if isinstance(draft, PolicyVersion):
        concerned = policies.concerned_by(draft.policy_id)
    else:
        concerned = calendars.concerned_by(draft.calendar_id)
    draft.preview = begun(concerned, now)
    if draft.preview:
        kick(PREVIEW_TASK)


@action
def ask_again(*, draft: Draft, by: Actor, now: datetime) -> None:
    """Count anew what a draft would do, as it stands now; nothing where it is no draft any more."""
    hold(draft.policy if isinstance(draft, PolicyVersion) else draft.calendar, by)
    held = type(draft).objects.filter(DRAFT, pk=draft.pk).first()
    if held is not None:
        ask_for(held, now)
        held.save(update_fields=["preview"])


@action
def count_due(*, now: datetime) -> int:
    """Look at some more tickets of a draft that waits for it. Returns how many drafts did."""
    for model, trial in _TRIALS:
        waiting = model.objects.filter(DRAFT, preview__done_at=None, preview__has_key="done_at")
        draft = waiting.select_for_update(skip_locked=True).order_by("made_at").first()
        if draft is not None:
            draft.preview = gone_on(draft.preview, trial(draft, now), now)
            draft.save(update_fields=["preview"])
            return 1
    return 0
