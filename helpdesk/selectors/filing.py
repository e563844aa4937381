"""What helps somebody who is about to file a ticket: their own tickets that look the same, and how long we take."""

from datetime import timedelta
from typing import Final

from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.core.cache import cache
from django.db.models import F, QuerySet
from django.db.models.functions import Greatest

from helpdesk.actors import Actor
from helpdesk.domain.answering import usual_wait
from helpdesk.models import Queue, Ticket
from helpdesk.selectors.problems import ALIKE, SHORTEST
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
