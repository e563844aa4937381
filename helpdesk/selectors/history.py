"""What happened to a row of the set-up and to what belongs to it, the newest first."""

from collections.abc import Mapping, Sequence
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
from helpdesk.selectors.paging import Latest, latest

PAGE_SIZE: Final = 30
# What belongs to a row and is edited with it.
CHILDREN: Final[Mapping[type[Model], Sequence[type[Model]]]] = {
    Team: (TeamMembership,),
    Organization: (OrganizationMembership, OrganizationDomain),
    Category: (CustomField,),
    Queue: (CustomField,),
}


def history(model: type[Model], pk: int, *, before: int | None = None) -> Latest[AuditEvent]:
    """What is on record about the row of this id and its children, along the record's index."""
    subjects = [Q(subject_type=model._meta.model_name, subject_id=str(pk))]
    for child in CHILDREN.get(model, ()):
        owner = str(model._meta.model_name)
        ids = child._default_manager.filter(**{owner: pk}).order_by("pk").values_list("pk", flat=True)
        if keys := [str(key) for key in ids]:
            subjects.append(Q(subject_type=child._meta.model_name, subject_id__in=keys))
    events = AuditEvent.objects.select_related("actor__merged_into")
    return latest(*(events.filter(subject) for subject in subjects), size=PAGE_SIZE, before=before)
