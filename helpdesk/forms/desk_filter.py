"""What the ticket list of the desk can be narrowed to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import django_filters
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from helpdesk.actors import Actor
from helpdesk.choices import Priority, Status
from helpdesk.domain.lifecycle import UNSOLVED
from helpdesk.domain.references import parse_ref
from helpdesk.models import Ticket, Tier
from helpdesk.selectors import desk
from helpdesk.selectors.tickets import visible_to

MINE: Final = "mine"
ME: Final = "me"
NOBODY: Final = "nobody"
NOT_SOLVED: Final = "unsolved"
ALL: Final = "all"
_ANY: Final = _("Any")


_Pairs = Sequence[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Choices:
    """What somebody can choose from: three queries, however many lists they look at."""

    queues: _Pairs
    tiers: _Pairs
    people: _Pairs

    @classmethod
    def of(cls, actor: Actor) -> "Choices":
        """The queues that the actor sees, the tiers, and who works in those queues."""
        own = [(MINE, _("My queues"))] if actor.standing.team_queue_ids else []
        return cls(
            queues=[*own, *((str(queue.pk), queue.name) for queue in desk.queues_of(actor))],
            tiers=[(str(tier.pk), str(tier)) for tier in Tier.objects.all()],
            people=[(ME, _("Me")), (NOBODY, _("Nobody")), *((str(p.pk), str(p)) for p in desk.colleagues(actor))],
        )


class TicketFilter(django_filters.FilterSet):  # type: ignore[misc] # django-filter ships no types
    """Narrows the tickets that the actor may see. Without a word about the status, to those that are not solved."""

    q = django_filters.CharFilter(method="by_words", label=_("Reference or words of the subject"))
    status = django_filters.ChoiceFilter(
        method="by_status",
        label=_("Status"),
        empty_label=None,
        choices=[(NOT_SOLVED, _("Not solved yet")), *Status.choices, (ALL, _("All"))],
    )
    queue = django_filters.ChoiceFilter(method="by_queue", label=_("Queue"), empty_label=_ANY)
    priority = django_filters.ChoiceFilter(label=_("Priority"), empty_label=_ANY, choices=Priority.choices)
    tier = django_filters.ChoiceFilter(field_name="tier", label=_("Tier"), empty_label=_ANY)
    assignee = django_filters.ChoiceFilter(method="by_assignee", label=_("Assignee"), empty_label=_("Anybody"))

    class Meta:
        model = Ticket
        fields = ("q", "status", "queue", "priority", "tier", "assignee")

    def __init__(self, data: QueryDict, actor: Actor, choices: "Choices | None" = None) -> None:
        self.actor = actor
        given = data.copy()
        given["status"] = given.get("status") or NOT_SOLVED
        super().__init__(given, queryset=visible_to(actor))
        choices = choices or Choices.of(actor)
        self.filters["queue"].extra["choices"] = choices.queues
        self.filters["tier"].extra["choices"] = choices.tiers
        self.filters["assignee"].extra["choices"] = choices.people

    def by_words(self, tickets: QuerySet[Ticket], name: str, value: str) -> QuerySet[Ticket]:
        number = parse_ref(value)
        words = Q(subject__icontains=value.strip())
        return tickets.filter(words | Q(number=number) if number is not None else words)

    def by_status(self, tickets: QuerySet[Ticket], name: str, value: str) -> QuerySet[Ticket]:
        if value == ALL:
            return tickets
        return tickets.filter(status__in=sorted(UNSOLVED)) if value == NOT_SOLVED else tickets.filter(status=value)

    def by_queue(self, tickets: QuerySet[Ticket], name: str, value: str) -> QuerySet[Ticket]:
        return tickets.filter(queue__in=sorted(self.actor.standing.team_queue_ids) if value == MINE else [int(value)])

    def by_assignee(self, tickets: QuerySet[Ticket], name: str, value: str) -> QuerySet[Ticket]:
        if value == NOBODY:
            return tickets.filter(assignee__isnull=True)
        return tickets.filter(assignee=self.actor.person.pk if value == ME else int(value))
