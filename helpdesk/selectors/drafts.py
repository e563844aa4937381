"""What somebody began to write."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from helpdesk.actors import Actor
from helpdesk.models import Draft
from helpdesk.prepared import prepared


def draft_at(actor: Actor, place: str) -> dict[str, Any]:
    """The fields of the form that the actor began there, or none."""
    content: dict[str, Any] | None = (
        Draft.objects.filter(user=actor.person, place=place).values_list("content", flat=True).first()
    )
    return content or {}


def begun_at(actor: Actor, *places: str) -> dict[str, Draft]:
    """The drafts that the actor began at these places, by place, with the time of their last saving."""
    return {draft.place: draft for draft in _drafts(actor.person.pk, list(places))} if places else {}


@prepared
def _drafts(person: int, places: Sequence[str]) -> QuerySet[Draft]:
    return Draft.objects.filter(user=person, place__among=places)
