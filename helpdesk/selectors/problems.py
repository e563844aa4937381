"""Problems as an actor may see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Count, F, FloatField, Func, Q, QuerySet, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import get_language

from helpdesk.actors import Actor
from helpdesk.choices import ProblemState
from helpdesk.domain.lifecycle import SOLVED
from helpdesk.domain.references import PROBLEM, parse_ref
from helpdesk.domain.words import MAX_SUBJECT, clean_line
from helpdesk.models import AuditEvent, Problem, Ticket
from helpdesk.permissions import Right, holds, scope
from helpdesk.selectors.tickets import visible_to as visible_tickets

# As much of what happened as anybody reads.
HISTORY = 50
# As many known issues as anybody reads before asking.
KNOWN = 6
# From how many letters on, and from how much likeness, something typed is about the same as something written.
SHORTEST: Final = 4
ALIKE: Final = 0.35
_LIKE: Final = 3
# What is still looked into, or lived with.
CURRENT = (ProblemState.OPEN, ProblemState.KNOWN)


def visible_to(actor: Actor) -> QuerySet[Problem]:
    """The problems that the actor may see, in no order: all but those private to others, for whoever is in the desk or
    reads its tickets by a token.
    """
    if not holds(actor, Right.ENTER_DESK) and scope(actor, Right.READ_NOTES).is_empty:
        return Problem.objects.none()
    barred = scope(actor, Right.VIEW).barred_ids
    return Problem.objects.exclude(category__in=sorted(barred)) if barred else Problem.objects.all()


def sees(actor: Actor, problem: Problem) -> bool:
    """Whether the problem is among those, for who reads a ticket that is gathered under it."""
    return problem.category_id not in scope(actor, Right.VIEW).barred_ids


def is_private(problem: Problem) -> bool:
    """Whether only some teams may see it: of a private matter the cause is private too."""
    return problem.category is not None and problem.category.restricted_to.exists()


def matching(problems: QuerySet[Problem], text: str) -> QuerySet[Problem]:
    """Those of the problems that `text` names by their reference, or that say it in their titles."""
    words = clean_line(text)[:MAX_SUBJECT]
    if not words:
        return problems
    found = Q(title__icontains=words) | Q(public_title__icontains=words)
    if (number := parse_ref(words, PROBLEM)) is not None:
        found |= Q(number=number)
    return problems.filter(found)


def tickets_of(problem: Problem) -> QuerySet[Ticket]:
    """All tickets of the problem, for counting alone: they may be anybody's."""
    return Ticket.objects.filter(problem=problem)


def visible_tickets_of(actor: Actor, problem: Problem) -> QuerySet[Ticket]:
    """Those of them whose notes the actor reads, as in every list of the desk."""
    return visible_tickets(actor, Right.READ_NOTES).filter(problem=problem)


@dataclass(frozen=True, slots=True)
class Size:
    """How many tickets a problem has, how many of them are not solved, and how many the reader may not see."""

    all: int = 0
    unsolved: int = 0
    hidden: int = 0


def sizes(rows: Iterable[Problem]) -> dict[int, Size]:
    """The sizes of problems by their ids, in one query; tickets nobody shows are counted all the same."""
    grouped = (
        Ticket.objects.filter(problem__in=[row.pk for row in rows])
        .order_by()
        .values("problem")
        .annotate(all=Count("pk"), unsolved=Count("pk", filter=~Q(status__in=sorted(SOLVED))))
    )
    return {row["problem"]: Size(row["all"], row["unsolved"]) for row in grouped}


def size(actor: Actor, problem: Problem) -> Size:
    """The size of one problem for a reader."""
    whole = sizes([problem]).get(problem.pk, Size())
    return Size(whole.all, whole.unsolved, whole.all - visible_tickets_of(actor, problem).count())


def history(problem: Problem) -> list[AuditEvent]:
    """What happened to the problem itself, the newest first."""
    rows = AuditEvent.objects.filter(subject_type="problem", subject_id=str(problem.pk)).select_related("actor")
    return list(rows.order_by("-pk")[:HISTORY])


def _published() -> QuerySet[Problem]:
    """Those of which requesters are told."""
    return Problem.objects.filter(published_at__isnull=False, category__restricted_to__isnull=True)


def known_issues() -> list[Problem]:
    """What requesters are told of, the newest first."""
    return list(_published().order_by("-published_at", "-pk")[:KNOWN])


def known_issues_like(subject: str) -> list[Problem]:
    """Those known issues whose words for requesters say about what somebody types, the nearest first.

    Nothing else of a problem is compared: who guesses at the desk's own words would learn of them by what is found.
    """
    words = clean_line(subject)[:MAX_SUBJECT]
    if len(words) < SHORTEST:
        return []
    told: list[Any] = [F("public_title"), F("public_words")]
    language = get_language()
    told += [
        Coalesce(KeyTextTransform(name, KeyTextTransform(language, "translations")), Value(""))
        for name in ("public_title", "public_words")
        if language
    ]
    near = Greatest(
        *(TrigramWordSimilarity(words, text) for text in told), *(_inside(text, words) for text in told[::2])
    )
    rows = _published().annotate(near=near).filter(near__gte=ALIKE)
    return list(rows.order_by("-near", "-pk")[:_LIKE])


def _inside(title: Any, words: str) -> Func:
    """How much of a title is found in a long sentence."""
    return Func(title, Value(words), function="WORD_SIMILARITY", output_field=FloatField())
