"""What happened to a row of the set-up and to what belongs to it, the newest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Model, Q

from helpdesk.models import (
    AuditEvent,
    Category,
    CustomField,
    Organization,
    OrganizationDomain,
    OrganizationMembership,
    Queue,
    Team,
    TeamMembership,
)

PAGE_SIZE: Final = 30
# What belongs to a row and is edited with it.
CHILDREN: Final[Mapping[type[Model], Sequence[type[Model]]]] = {
    Team: (TeamMembership,),
    Organization: (OrganizationMembership, OrganizationDomain),
    Category: (CustomField,),
    Queue: (CustomField,),
}


@dataclass(frozen=True, slots=True)
class Page:
    """Some of what happened, and the id below which the older rest begins."""

    events: list[AuditEvent]
    older: int | None


def history(model: type[Model], pk: int, *, before: int | None = None) -> Page:
    """What is on record about the row of this id and its children: of each kind so many, along the record's index."""
    subjects = [Q(subject_type=model._meta.model_name, subject_id=str(pk))]
    for child in CHILDREN.get(model, ()):
        owner = str(model._meta.model_name)
        ids = child._default_manager.filter(**{owner: pk}).order_by("pk").values_list("pk", flat=True)
        if keys := [str(key) for key in ids]:
            subjects.append(Q(subject_type=child._meta.model_name, subject_id__in=keys))
    found: list[AuditEvent] = []
    for subject in subjects:
        rows = AuditEvent.objects.filter(subject).select_related("actor__merged_into").order_by("-pk")
        found += (rows if before is None else rows.filter(pk__lt=before))[: PAGE_SIZE + 1]
    found.sort(key=lambda event: -event.pk)
    shown = found[:PAGE_SIZE]
    return Page(shown, older=shown[-1].pk if len(found) > PAGE_SIZE else None)
