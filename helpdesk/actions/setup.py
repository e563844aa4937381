"""Administrators change the set-up: one way to save any of its rows, all of it on record."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from django.db import IntegrityError
from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _

from helpdesk.actions._base import action
from helpdesk.actions._privacy import take_from_outsiders
from helpdesk.actions._record import audit
from helpdesk.actions._saving import Saving
from helpdesk.actions._setup_rules import AFTER, BEFORE, LINKED
from helpdesk.actions.assignment import lock_places, lock_work_of, release
from helpdesk.actors import Actor
from helpdesk.choices import Role
from helpdesk.domain.severity import plain
from helpdesk.errors import Code, DomainError
from helpdesk.models import (
    Announcement,
    Brand,
    Calendar,
    Category,
    Criterion,
    CustomField,
    DeskSettings,
    FirstTierRule,
    Kind,
    Organization,
    OrganizationDomain,
    OrganizationMembership,
    Partner,
    Phase,
    PolicyRule,
    PriorityCell,
    Queue,
    Region,
    ServiceTier,
    SLAPolicy,
    StaffRole,
    Tag,
    Team,
    TeamMembership,
    Tier,
    User,
)
from helpdesk.permissions import Right, holds
from helpdesk.selectors.history import CHILDREN

# Every row that may be edited as set-up, and the right to do so.
RIGHTS: Final[Mapping[type[Model], Right]] = {
    Region: Right.CHANGE_SETUP,
    Organization: Right.CHANGE_SETUP,
    Tier: Right.CHANGE_SETUP,
    Team: Right.CHANGE_SETUP,
    FirstTierRule: Right.CHANGE_SETUP,
    Queue: Right.CHANGE_SETUP,
    Category: Right.CHANGE_SETUP,
    Calendar: Right.CHANGE_SETUP,
    SLAPolicy: Right.CHANGE_SETUP,
    PolicyRule: Right.CHANGE_SETUP,
    Phase: Right.CHANGE_SETUP,
    ServiceTier: Right.CHANGE_SETUP,
    DeskSettings: Right.CHANGE_SETUP,
    Brand: Right.CHANGE_SETUP,
    Kind: Right.CHANGE_SETUP,
    Criterion: Right.CHANGE_SETUP,
    PriorityCell: Right.CHANGE_SETUP,
    Tag: Right.CHANGE_SETUP,
    StaffRole: Right.CHANGE_SETUP,
    Partner: Right.CHANGE_SETUP,
    Announcement: Right.ANNOUNCE,
    User: Right.CHANGE_PEOPLE,
}
# What goes on record by its name alone, since it may say who somebody is, and the record is never erased.
_UNRECORDED: Final = frozenset(
    {
        "name", "email", "description", "handles", "responsibilities", "title", "body", "label", "help_text", "options",
        "translations", "contact_name", "contact_email", "contact_phone",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """A row as somebody wants it, and the names of the columns that they touched.

    `links` are the rows that a many-to-many field shall point to; `children` are rows that belong to this one. `seen`
    is the state of the row that they looked at, see `state_of`.
    """

    row: Model
    fields: Sequence[str]
    links: Mapping[str, Sequence[Model]] = field(default_factory=dict)
    children: Sequence["Change"] = ()
    seen: str | None = None


def state_of(row: Model) -> str:
    """A digest of all that may be edited about a row and what belongs to it: another one, if any of it changed."""
    values = {name: getattr(row, name) for name in _edited(type(row))}
    links = [sorted(getattr(row, link.name).values_list("pk", flat=True)) for link in row._meta.many_to_many]
    state: list[Any] = [values, links]
    owner = str(row._meta.model_name)
    for children in CHILDREN.get(type(row), ()):
        rows = children._default_manager.filter(**{owner: row}).order_by("pk")
        state.append(list(rows.values_list("pk", *_edited(children))))
    return hashlib.sha256(json.dumps(state, sort_keys=True, default=str).encode()).hexdigest()


def _edited(model: type[Model]) -> list[str]:
    """The columns that people edit. Signing in changes an account too, and nobody edits that."""
    columns = [column.attname for column in model._meta.concrete_fields if column.editable]
    return [name for name in columns if name not in {"password", "last_login"}]


@action
def save_setup(*, change: Change, by: Actor, now: datetime) -> None:
    """Save a row of the set-up with all that belongs to it. Only the columns that were touched are written."""
    if not holds(by, RIGHTS[type(change.row)]):
        raise DomainError(_("You may not change this."), Code.FORBIDDEN)
    taking = _whose_work(change)
    if taking is not None:
        lock_places(alone=True)
    leaving = change.row if isinstance(change.row, User) and change.row.pk and not change.row.is_staff else None
    tickets = lock_work_of(leaving, and_watched=_works_here(leaving)) if leaving else []
    if isinstance(change.row, User) and taking is not None and not leaving:
        # Tickets are locked before people, here too.
        lock_work_of(change.row, and_watched=False)
    try:
        _save(change, by, now)
        for child in change.children:
            _save(child, by, now)
    except IntegrityError as error:
        raise DomainError(
            _("Somebody else saved something like this at the same moment. Look at the list, then try again."),
            Code.STALE,
        ) from error
    if leaving:
        release(tickets, leaving, by=by, now=now)
    elif taking is not None:
        take_from_outsiders(taking, by=by, now=now)


def _whose_work(change: Change) -> Q | None:
    """The tickets that somebody may have in hand and, by this change, may not work any more. None where there is none.

    Who leaves a team is known by their place there; a team's region concerns who manages regions.
    """
    row, touched = change.row, {*change.fields, *change.links}
    if row._state.adding:
        return None
    if isinstance(row, Team) and (change.children or touched & {"is_active", "region"}):
        members = TeamMembership.objects.filter(team=row.pk)
        managers = User.objects.filter(role=Role.REGIONAL_MANAGER)
        return Q(assignee__in=members.values("user")) | Q(assignee__in=managers.values("pk"))
    if isinstance(row, User) and touched & {"role", "region", "is_active"}:
        return Q(assignee=row.pk)
    if (isinstance(row, Queue) and "teams" in touched) or (isinstance(row, Category) and "restricted_to" in touched):
        return Q((str(row._meta.model_name), row.pk))
    return None


def _works_here(person: User) -> bool:
    """Whether the person still works for the desk, as the row stands that is about to change."""
    return User.objects.filter(pk=person.pk, is_active=True).exclude(role=Role.REQUESTER).exists()


def _save(change: Change, by: Actor, now: datetime) -> None:
    row, before = change.row, _before(change.row)
    if before is not None and change.seen is not None and change.seen != state_of(before):
        raise DomainError(
            _("Somebody changed this while you were looking at it. Open it anew, then change it again."),
            Code.STALE,
        )
    saving = Saving(row, before, _touched(change, before), by, now)
    if rule := BEFORE.get(type(row)):
        rule(saving)
    if before is None:
        row.save(force_insert=True)
    elif saving.fields:
        row.save(update_fields=saving.fields)
    if rule := AFTER.get(type(row)):
        rule(saving)
    links = _link(change)
    for name in links:
        if rule := LINKED.get((type(row), name)):
            rule(saving)
    if before is None or saving.fields or links:
        _on_record(saving, links)


def _before(row: Model) -> Model | None:
    """The row as it stands in the database, locked; None for a new one."""
    if row._state.adding:
        return None
    if isinstance(row, User):
        # All administrators with it, in one order, so that two of them cannot unseat each other at once.
        list(User.objects.select_for_update().filter(Q(role=Role.ADMINISTRATOR) | Q(pk=row.pk)).order_by("pk"))
    return type(row)._default_manager.select_for_update().get(pk=row.pk)


def _touched(change: Change, before: Model | None) -> list[str]:
    """The columns that the change really changes, as the row stands now."""
    columns = {column.name: column.attname for column in change.row._meta.concrete_fields}
    return [
        name
        for name in change.fields
        if name in columns and (before is None or getattr(before, columns[name]) != getattr(change.row, columns[name]))
    ]


def _link(change: Change) -> dict[str, list[int]]:
    """Point many-to-many fields to their rows. Returns the ids of what each points to, where that changed."""
    linked = {}
    for name, rows in change.links.items():
        manager = getattr(change.row, name)
        ids = sorted(row.pk for row in rows)
        if ids != sorted(manager.values_list("pk", flat=True)):
            manager.set(rows)
            linked[name] = ids
    return linked


def _on_record(saving: Saving, links: Mapping[str, list[int]]) -> None:
    row, before = saving.row, saving.before
    attnames = {column.name: column.attname for column in row._meta.concrete_fields}
    values: dict[str, list[Any]] = {
        name: [_plain(getattr(before, attnames[name], None)), _plain(getattr(row, attnames[name]))]
        for name in saving.fields
        if name not in _UNRECORDED
    }
    data: dict[str, Any] = {"fields": [*saving.fields, *links], "values": values, **links}
    if isinstance(row, TeamMembership):
        data |= {"team_id": row.team_id, "user_id": row.user_id}
    elif isinstance(row, OrganizationMembership):
        data |= {"organization_id": row.organization_id, "user_id": row.user_id}
    elif isinstance(row, OrganizationDomain):
        data |= {"organization_id": row.organization_id}
    elif isinstance(row, CustomField):
        data |= {"category_id": row.category_id, "queue_id": row.queue_id}
    kind = "setup_added" if before is None else "setup_changed"
    audit(kind, (str(row._meta.model_name), row.pk), data, by=saving.by, now=saving.now)


def _plain(value: Any) -> Any:
    """A value as the record keeps it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return plain(value) if isinstance(value, Decimal) else value
