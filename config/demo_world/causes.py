"""One cause behind several tickets: the problem that gathers them, what is known of it, and what all were told."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from helpdesk.actions import consumers, notices, problems
from helpdesk.actors import Actor
from helpdesk.choices import Channel, ProblemState
from helpdesk.domain.lifecycle import SOLVED
from helpdesk.models import Problem, Ticket, User

TITLE: Final = "One large report slows down everybody on its shard"
_MOST: Final = 6
_BEGAN: Final = timedelta(minutes=50)
_CAUSE: Final = (
    "A report over many years takes all workers of a shard. Seen with reports above ten years, run every few minutes."
)
_WORKAROUND: Final = "Stop the report on the page *Reports → Running*, then ask for **two years** at most."
_PUBLIC: Final = (
    "Pages can be slow while large reports run",
    (
        "Choose **two years at most** in reports until this is mended. Pages that stay slow get quick again by "
        "themselves within ten minutes."
    ),
)
_GERMAN: Final = {
    "public_title": "Seiten können langsam sein, während große Berichte laufen",
    "public_words": "Wählen Sie in Berichten **höchstens zwei Jahre**, bis das behoben ist. Langsame Seiten werden "
    "binnen zehn Minuten von selbst wieder schnell.",
}
_TOLD: Final = (
    "Hello, we have found why pages were slow for you: very large reports took the place of everybody else. They are "
    "limited to ten minutes now, and from 9.5 on they run apart. Please tell us if it happens to you again."
)


def gather(users: Mapping[str, User], now: datetime) -> None:
    """Open the problem once, with the latest tickets that it caused."""
    if Problem.objects.filter(title=TITLE).exists():
        return
    at = now - _BEGAN
    lea, grace = (Actor(users[f"{name}@example.org"], Channel.DESK) for name in ("lea", "grace"))
    tickets = _tickets()
    problem = problems.open_problem(title=TITLE, cause=_CAUSE, workaround=_WORKAROUND, by=lea, now=at)
    for ticket in tickets:
        problems.set_problem(ticket=ticket, to=problem, by=grace, now=at)
    changes = {"state": ProblemState.KNOWN}
    problem = problems.change_problem(problem=problem, changes=changes, by=lea, now=at)
    title, words = _PUBLIC
    problems.publish(problem=problem, title=title, words=words, translations={"de": _GERMAN}, by=grace, now=at)
    if any(ticket.status not in SOLVED for ticket in tickets):
        notices.tell_all(problem=problem, body=_TOLD, by=grace, now=at)
        notices.tell_due(now=at, limit=_MOST)
    consumers.consume_due(now=now, limit=100)


def _tickets() -> list[Ticket]:
    """Those that say so, else what came to the same people."""
    platform = Ticket.objects.filter(queue__code="platform", problem=None, category__restricted_to__isnull=True)
    newest = platform.order_by("-created_at", "-pk")
    return list(newest.filter(subject__icontains="slow")[:_MOST]) or list(newest[:2])
