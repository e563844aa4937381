"""What all who asked about a problem were told, or would be."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, QuerySet
from django.db.models.functions import Now

from helpdesk.actors import Actor
from helpdesk.choices import NoticeState
from helpdesk.domain.lifecycle import SOLVED
from helpdesk.models import NoticeRow, Problem, ProblemNotice, Ticket
from helpdesk.permissions import Right
from helpdesk.selectors.problems import tickets_of
from helpdesk.selectors.tickets import visible_to

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a notice would reach: the tickets; what is left out, because it is solved or not the writer's to work."""

    tickets: QuerySet[Ticket]
    solved: int
    barred: int

    @property
    def count(self) -> int:
        """How many tickets."""
        return self.tickets.count()

    @property
    def people(self) -> int:
        """How many people asked in them."""
        return self.tickets.order_by().values("requester").distinct().count()


def audience(actor: Actor, problem: Problem, *, with_solved: bool) -> Audience:
    """Whom the actor's words on this problem would reach now."""
    everything = tickets_of(problem)
    mine = visible_to(actor, Right.WORK).filter(problem=problem)
    solved = mine.filter(status__in=sorted(SOLVED))
    reached = mine if with_solved else mine.exclude(status__in=sorted(SOLVED))
    return Audience(reached, 0 if with_solved else solved.count(), everything.count() - mine.count())


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a notice is."""

    waiting: int = 0
    done: int = 0
    refused: int = 0
    failed: int = 0

    @property
    def all(self) -> int:
        """Every ticket of it."""
        return self.waiting + self.ended

    @property
    def ended(self) -> int:
        """Those of which it is known what came of them."""
        return self.done + self.refused + self.failed

    @property
    def left_out(self) -> int:
        """Those that were not written to."""
        return self.refused + self.failed


def progress(notices: Iterable[ProblemNotice]) -> dict[int, Progress]:
    """How far each of them is, in one query."""
    rows = NoticeRow.objects.filter(notice__in=[notice.pk for notice in notices]).order_by()
    found: dict[int, dict[str, int]] = {}
    for row in rows.values("notice", "state").annotate(count=Count("pk")):
        found.setdefault(row["notice"], {})[NoticeState(row["state"]).value] = row["count"]
    return {pk: Progress(**counts) for pk, counts in found.items()}


def latest(problem: Problem) -> list[tuple[ProblemNotice, Progress]]:
    """The newest notices of the problem, and how far each is."""
    rows = list(ProblemNotice.objects.filter(problem=problem).select_related("author").order_by("-pk")[:_SHOWN])
    far = progress(rows) if rows else {}
    return [(row, far.get(row.pk, Progress())) for row in rows]


def notice_of(problem: Problem, pk: int) -> ProblemNotice | None:
    """One notice of the problem."""
    return ProblemNotice.objects.filter(problem=problem, pk=pk).select_related("author").first()


def visible_rows(actor: Actor, notice: ProblemNotice) -> QuerySet[NoticeRow]:
    """What came of each ticket whose notes the actor reads; of the others only the numbers are told."""
    rows = NoticeRow.objects.filter(notice=notice, ticket__in=visible_to(actor, Right.READ_NOTES))
    return rows.select_related("ticket", "ticket__requester")


def oldest_due() -> datetime | None:
    """When the row came due that waits longest to be written."""
    due = NoticeRow.objects.filter(state=NoticeState.WAITING, not_before__lte=Now())
    oldest: datetime | None = due.aggregate(oldest=Min("not_before"))["oldest"]
    return oldest
