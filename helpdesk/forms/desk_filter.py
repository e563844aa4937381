"""What the ticket list of the desk can be narrowed to. Several values of one filter mean any of them."""

from collections.abc import Sequence
from copy import copy
from functools import cached_property
from typing import Any, Final

import django_filters
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from helpdesk.actors import Actor
from helpdesk.choices import Channel, Priority, Status
from helpdesk.domain.lifecycle import SOLVED
from helpdesk.domain.references import parse_ref
from helpdesk.forms.answer_filter import NARROWING, asked_ids, filters
from helpdesk.forms.pick import RowsField
from helpdesk.models import CustomField, Ticket
from helpdesk.permissions import Right
from helpdesk.selectors import answers, catalogue, desk, paging
from helpdesk.selectors.narrowing import (
    ALL,
    BREACHED,
    DUE,
    ME,
    MINE,
    NOBODY,
    NOT_SOLVED,
    PAUSED,
    SOON,
    SPANS,
    US,
    VIP,
    Narrowing,
)
from helpdesk.selectors.partners import known_outside_as
from helpdesk.selectors.tickets import sought, visible_to

_UNKNOWN: Final = {
    "invalid_choice": _("“%(value)s” is none of the choices, or not yours to see. Take it away or choose another."),
    "invalid_list": _("Choose from the list."),
}

_Pairs = Sequence[tuple[Any, Any]]


class Choices:
    """What somebody can choose from, each asked for once, and only where a list is narrowed to it or its menu shown."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor

    @cached_property
    def queues(self) -> _Pairs:
        """The queues that the actor sees, their own in one first."""
        own = [(MINE, _("My queues"))] if self.actor.standing.team_queue_ids else []
        return [*own, *((str(queue.pk), queue.name) for queue in desk.seen_queues(self.actor))]

    @cached_property
    def tiers(self) -> _Pairs:
        """All tiers."""
        return [(str(tier.pk), str(tier)) for tier in catalogue.tiers()]

    @cached_property
    def kinds(self) -> _Pairs:
        """All kinds."""
        return [(str(kind.pk), kind.name) for kind in catalogue.kinds()]

    @cached_property
    def fields(self) -> list[CustomField]:
        """The questions by whose answers a list can be narrowed, of the queues that the actor sees."""
        return [field for field in desk.fields_of(self.actor) if field.kind in NARROWING]


def _several(method: str, label: Any, choices: _Pairs = ()) -> Any:
    return django_filters.MultipleChoiceFilter(
        method=method, label=label, choices=choices, error_messages=_UNKNOWN, distinct=False
    )


def _span(method: str, label: Any) -> Any:
    return django_filters.ChoiceFilter(
        method=method,
        label=label,
        choices=[(code, words) for code, (_span, words) in SPANS.items()],
        empty_label=_("Any time"),
        error_messages=_UNKNOWN,
    )


class RowsFilter(django_filters.Filter):  # type: ignore[misc] # django-filter ships no types
    """Any of some rows, which are typed or picked from suggestions."""

    field_class = RowsField


class TicketFilter(Narrowing, django_filters.FilterSet):  # type: ignore[misc] # django-filter ships no types
    """Narrows the tickets that the actor may see. Without a word about the status, to those that are not solved.

    A value that is unknown, or not the actor's to see, is an error with a sentence and shows no ticket at all.
    """

    q = django_filters.CharFilter(
        method="by_words", label=_("Reference, or words of the subject or of answers"), max_length=200
    )
    status = _several("by_status", _("Status"), [(NOT_SOLVED, _("Not solved yet")), *Status.choices, (ALL, _("All"))])
    queue = _several("by_queue", _("Queue"))
    priority = _several("by_column", _("Priority"), Priority.choices)
    tier = _several("by_column", _("Tier"))
    team = RowsFilter(method="by_team", label=_("Team"), source="team")
    assignee = RowsFilter(
        method="by_assignee", label=_("Assignee"), source="assignee", words={ME: _("Me"), NOBODY: _("Nobody")}
    )
    requester = RowsFilter(method="by_requester", label=_("Requester"), source="requester", words={VIP: _("VIP")})
    organization = RowsFilter(method="by_organization", label=_("Organisation"), source="organization")
    tag = RowsFilter(method="by_tag", label=_("Tag"), source="tag")
    partner = RowsFilter(method="by_partner", label=_("Waiting on a partner"), source="partner")
    kind = _several("by_column", _("Kind"))
    channel = _several("by_column", _("Channel"), Channel.choices)
    waiting = _several("by_waiting", _("Waiting"), [(US, _("For our answer"))])
    clock = _several(
        "by_clock",
        _("Clock"),
        [
            (BREACHED, _("Breached")),
            (SOON, _("Due within an hour")),
            (PAUSED, pgettext_lazy("clock", "Paused")),
            (DUE, _("Due some time")),
        ],
    )
    created_within = _span("by_created_within", _("Filed within"))
    older_than = _span("by_older_than", _("Older than"))
    solved_within = _span("by_solved_within", _("Solved within"))

    class Meta:
        model = Ticket
        fields: Sequence[str] = ()

    def __init__(self, data: QueryDict, actor: Actor) -> None:
        self.actor, self.me, self.own_queues = actor, actor.person_id, actor.standing.team_queue_ids
        self.now = timezone.now()
        super().__init__(completed(data), queryset=visible_to(actor, Right.READ_NOTES))
        choices = Choices(actor)
        self.filters["queue"].extra["choices"] = lambda: choices.queues
        self.filters["tier"].extra["choices"] = lambda: choices.tiers
        self.filters["kind"].extra["choices"] = lambda: choices.kinds
        self.choices = choices
        if asked_ids(self.data):
            for name, one in filters(choices.fields, self.data, actor):
                one.parent, one.model = self, Ticket
                self.filters[name] = one

    def get_form_class(self) -> Any:
        """The form's class, which is made for each list anew: it need not copy its fields once more."""
        made = super().get_form_class()
        made.base_fields = _Own(made.base_fields)
        return made

    @property
    def form(self) -> Any:
        """The form, whose fields know who asks."""
        is_made = hasattr(self, "_form")
        form = super().form
        if not is_made:
            for field in form.fields.values():
                if isinstance(field, RowsField):
                    field.ask(self.actor)
        return form

    @property
    def qs(self) -> QuerySet[Ticket]:
        """What fits; nothing where something was asked for that is not there."""
        fitting: QuerySet[Ticket] = super().qs if self.is_valid() else Ticket.objects.none()
        return fitting

    def by_words(self, tickets: QuerySet[Ticket], name: str, value: str) -> QuerySet[Ticket]:
        number = parse_ref(value)
        words = Q(subject__icontains=value.strip())
        if number is not None:
            words |= Q(number=number)
        if answered := answers.answered_with(self.actor, value.strip()):
            words |= Q(pk__among=answered)
        if outside := known_outside_as(value):
            words |= Q(pk__among=outside)
        return sought(tickets, words)


class _Own(dict[str, Any]):
    """Fields that nobody else has."""

    def __deepcopy__(self, _memo: object) -> dict[str, Any]:
        return dict(self)


class _Kept(dict[str, Any]):
    """Filters that are copied for a list each by itself: django-filter copies all that they hold, again and again."""

    def __deepcopy__(self, _memo: object) -> dict[str, Any]:
        made = {name: copy(one) for name, one in self.items()}
        for one in made.values():
            one.extra = dict(one.extra)
            # What narrows by a method of the list holds on to its filter.
            one.method = one.method
        return made


TicketFilter.base_filters = _Kept(TicketFilter.base_filters)


def completed(data: QueryDict) -> QueryDict:
    """The query with what goes without saying: an order of solved tickets shows solved ones, and so on.

    So the page can say it, and nothing is left out of a list in silence.
    """
    given = data.copy()
    for name in list(given):
        given.setlist(name, [value for value in given.getlist(name) if value])
    order = given.get("order")
    if order == paging.WAITING.name and not given.getlist("waiting"):
        given["waiting"] = US
    if order == paging.DUE.name and not given.getlist("clock"):
        given["clock"] = DUE
    if not given.getlist("status"):
        wants_solved = order == paging.SOLVED.name or given.get("solved_within")
        given.setlist("status", sorted(SOLVED) if wants_solved else [NOT_SOLVED])
    return given
