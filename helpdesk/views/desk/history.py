"""The history of a row of the set-up, in words: who changed what, from what to what."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import BooleanField, DateTimeField, ForeignKey, ManyToManyField, Model
from django.utils.translation import gettext as _

from helpdesk.domain.ids import id_in
from helpdesk.models import AuditEvent, User
from helpdesk.templatetags.desk import exactly
from helpdesk.views.desk.audit_words import audit_words

Rows = Mapping[type[Model], Mapping[Any, Model]]
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened: what, to which part of the row, and the changes in words."""

    event: AuditEvent
    what: str
    about: str
    changes: list[str]


def entries(events: Iterable[AuditEvent]) -> list[Entry]:
    """The events in words. One query for each kind of row that they name, however many they are."""
    events = list(events)
    rows = _rows(events)
    return [_entry(event, rows) for event in events]


def _entry(event: AuditEvent, rows: Rows) -> Entry:
    model = _model(event)
    about = ""
    if user := rows.get(User, {}).get(event.data.get("user_id")):
        about = str(user)
    elif model is not None and event.subject_type in {"customfield", "organizationdomain"}:
        about = str(rows.get(model, {}).get(_key(event.subject_id)) or "")
    changes = list(_changes(event, model, rows)) if model is not None else []
    return Entry(event, audit_words(event.kind), about, changes)


def _model(event: AuditEvent) -> type[Model] | None:
    """What kind of row the event's columns are of."""
    try:
        return apps.get_model("helpdesk", event.subject_type)
    except LookupError:
        return None


def _key(text: str) -> int | str:
    return text if (pk := id_in(text)) is None else pk


def _field(model: type[Model], name: str) -> Any:
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _pairs(event: AuditEvent) -> Iterator[tuple[str, Any, Any]]:
    """The columns whose values are on record: before and after. A profile's hold what is after alone."""
    for name, value in event.data.get("values", {}).items():
        before, after = value if isinstance(value, list) and len(value) == 2 else (None, value)
        yield name, before, after


def _rows(events: list[AuditEvent]) -> Rows:
    """Every row that the events name, by its model and id."""
    wanted: defaultdict[type[Model], set[Any]] = defaultdict(set)
    for event in events:
        model = _model(event)
        wanted[User] |= {event.data[name] for name in ("user_id", "from_id", "into_id") if event.data.get(name)}
        if model is None:
            continue
        if event.subject_type in {"customfield", "organizationdomain"}:
            wanted[model].add(_key(event.subject_id))
        for name, *values in _pairs(event):
            if isinstance(field := _field(model, name), ForeignKey):
                wanted[_to(field)] |= {value for value in values if value is not None}
        for name in event.data.get("fields", ()):
            if isinstance(field := _field(model, name), ManyToManyField):
                wanted[_to(field)] |= set(event.data.get(name, ()))
    return {model: model._default_manager.in_bulk(ids) for model, ids in wanted.items() if ids}


def _to(field: Any) -> type[Model]:
    found: type[Model] = field.related_model
    return found


def _changes(event: AuditEvent, model: type[Model], rows: Rows) -> Iterator[str]:
    is_new = event.kind == "setup_added"
    known = {name: (before, after) for name, before, after in _pairs(event)}
    # Whose a child is, and who it is about, is said before its changes.
    said = {name for name in ("user", "organization", "team", "category", "queue") if f"{name}_id" in event.data}
    for name in event.data.get("fields", known):
        if name in said:
            continue
        field = _field(model, name)
        label = _label(field, name)
        if isinstance(field, ManyToManyField):
            named = ", ".join(str(rows[_to(field)][pk]) for pk in event.data.get(name, ()) if pk in rows[_to(field)])
            yield _("%(label)s: “%(after)s”") % {"label": label, "after": named or "–"}
        elif name in known:
            before, after = (_value(field, value, rows) for value in known[name])
            if is_new or event.kind == "profile_changed":
                if after != "–":
                    yield _("%(label)s: “%(after)s”") % {"label": label, "after": after}
            else:
                values = {"label": label, "before": before, "after": after}
                yield _("%(label)s: from “%(before)s” to “%(after)s”") % values
        elif not is_new:
            # The words themselves may say who somebody is, and are on no record.
            yield _("%(label)s: written anew") % {"label": label}
    if "role" in event.data and "role" not in known and (field := _field(_owner(event, model), "role")):
        yield _("%(label)s: “%(after)s”") % {
            "label": _label(field, "role"),
            "after": _value(field, event.data["role"], rows),
        }


def _owner(event: AuditEvent, model: type[Model]) -> type[Model]:
    """Whose role is meant: a person's own, or that of their place in a team or an organisation."""
    return model if event.subject_type == "user" else apps.get_model("helpdesk", f"{event.subject_type}membership")


def _label(field: Any, name: str) -> str:
    label = str(getattr(field, "verbose_name", "") or name)
    return label[:1].upper() + label[1:]


def _value(field: Any, value: Any, rows: Rows) -> str:
    """A value as people read it."""
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(field, ForeignKey):
        return str(rows.get(_to(field), {}).get(value) or value)
    if isinstance(field, BooleanField):
        return _("Yes") if value else _("No")
    if isinstance(field, DateTimeField):
        return exactly(datetime.fromisoformat(value))
    choices = dict(getattr(field, "flatchoices", ()) or ())
    return str(choices.get(value, value))[:_LONGEST]
