"""Problems as an actor may see them."""

from django.db.models import Q, QuerySet

from helpdesk.actors import Actor
from helpdesk.choices import ProblemState
from helpdesk.domain.references import PROBLEM, parse_ref
from helpdesk.domain.words import MAX_SUBJECT, clean_line
from helpdesk.models import Problem, Ticket
from helpdesk.permissions import Right, holds
from helpdesk.selectors.tickets import visible_to as visible_tickets

# What is still looked into, or lived with.
CURRENT = (ProblemState.OPEN, ProblemState.KNOWN)


def visible_to(actor: Actor) -> QuerySet[Problem]:
    """The problems that the actor may see, in no order: all of them, for whoever is in the desk."""
    return Problem.objects.all() if holds(actor, Right.ENTER_DESK) else Problem.objects.none()


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
    """Those of them that the actor may see."""
    return visible_tickets(actor).filter(problem=problem)
