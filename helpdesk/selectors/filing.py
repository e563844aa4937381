"""What helps somebody who is about to file a ticket: their own tickets that look the same, and how long we take."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import product
from typing import Final

from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.core.cache import cache
from django.db.models import F, QuerySet
from django.db.models.functions import Greatest

from helpdesk.actors import Actor
from helpdesk.choices import Impact, Metric, Pressure
from helpdesk.domain.answering import usual_wait
from helpdesk.domain.clocks import Promise
from helpdesk.models import Category, Organization, Queue, Ticket, User
from helpdesk.permissions import Right, holds
from helpdesk.selectors import priorities
from helpdesk.selectors.catalogue import default_queue
from helpdesk.selectors.people import place_among_managed, places_of
from helpdesk.selectors.problems import ALIKE, SHORTEST
from helpdesk.selectors.promises import asked_of_new, promise_of, setup_at
from helpdesk.selectors.tickets import counted, unclosed, visible_to

_LOOKED_AT: Final = 100
_SHOWN: Final = 3
_COUNTED: Final = 100
_REMEMBERED: Final = timedelta(minutes=10)


def alike(actor: Actor, subject: str) -> list[Ticket]:
    """The actor's own tickets, not closed yet, whose subject says about the same; the nearest first."""
    words = " ".join(subject.replace("\0", "").split())[:200]
    if len(words) < SHORTEST:
        return []
    mine = unclosed(visible_to(actor).filter(requester=actor.person))
    latest = mine.order_by("-public_at", "-pk").values("pk")[:_LOOKED_AT]
    near = Greatest(
        TrigramSimilarity("subject", words),
        TrigramWordSimilarity(words, "subject"),
    )
    rows = Ticket.objects.filter(pk__in=latest).annotate(near=near).filter(near__gte=ALIKE)
    return list(rows.order_by("-near", "-pk")[:_SHOWN])


@dataclass(frozen=True, slots=True)
class Answer:
    """Within what working time a first answer is promised: the same for all, or from the least to the most."""

    least: timedelta
    most: timedelta
    # Whether all time is working time.
    is_steady: bool


def place_of_new(actor: Actor, whom: User | None, address: str) -> Organization | None:
    """The organisation whose ticket it will be that the actor files for `whom`, for an address, or for themselves."""
    if whom == actor.user or not (whom or address):
        return places_of(actor.person).first()
    if holds(actor, Right.FILE_FOR_OTHERS):
        return places_of(whom).first() if whom else None
    return place_among_managed(actor, whom, address)


def answer_promised(
    category: Category | None, place: Organization | None, now: datetime, *, weighs: bool
) -> Answer | None:
    """What the policy promises that would apply to a ticket of the organisation, filed now; None for no promise.

    Where what is asked decides on the priority (`weighs`) it is promised as much as each of the answers gets.
    """
    queue = category.queue if category else default_queue()
    if queue is None:
        return None
    asked = asked_of_new(now, queue, category, place, queue.default_priority)
    found, setup = list[Promise](), setup_at(now)
    for priority in _reachable(queue) if weighs else [queue.default_priority]:
        terms = setup.terms(replace(asked, priority=priority), Metric.FIRST_RESPONSE)
        promise = promise_of(terms, Metric.FIRST_RESPONSE)
        if promise is None:
            return None
        found.append(promise)
    targets = [promise.target for promise in found]
    return Answer(min(targets), max(targets), is_steady=found[0].working_time.is_always_open)


def _reachable(queue: Queue) -> set[int]:
    """The priorities that impact and urgency can come to."""
    cells, pairs = priorities.matrix(), product(Impact.values, Pressure.values)
    return {cells.get(pair, queue.default_priority) for pair in pairs}


def usual_answer(queue: Queue) -> timedelta | None:
    """Within what time the queue usually gives its first answer, where its latest tickets tell; remembered a while."""
    key = f"usual-answer:{queue.pk}"
    # What cannot be told is remembered too, as no span at all.
    known = cache.get(key)
    if known is None:
        known = usual_wait(list(latest_waits(queue))) or timedelta(0)
        cache.set(key, known, _REMEMBERED.total_seconds())
    return known or None


def latest_waits(queue: Queue) -> QuerySet[Ticket, timedelta]:
    """How long the queue's latest answered tickets waited for their first answer."""
    answered = counted(Ticket.objects.filter(queue=queue, first_answer_at__isnull=False)).order_by("-first_answer_at")
    waits = answered.annotate(wait=F("first_answer_at") - F("created_at"))
    return waits.values_list("wait", flat=True)[:_COUNTED]
