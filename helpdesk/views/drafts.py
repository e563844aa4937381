"""What somebody began to write comes back to its form, in both rooms, with its files as long as they are there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.forms import Form, MultiWidget
from django.http import QueryDict
from django.utils import timezone

from helpdesk.actions.drafts import discard_draft, save_draft
from helpdesk.actors import Actor
from helpdesk.domain.places import Place
from helpdesk.models import Draft, Ticket
from helpdesk.selectors.drafts import begun_at
from helpdesk.views.uploads import Uploads
from helpdesk.waiting_files import unseal

NEW: Final = str(Place("new"))
FILING: Final = str(Place("filing"))
# What a form sends that is no part of what somebody wrote.
_NOT_WRITTEN: Final = frozenset(
    {"csrfmiddlewaretoken", "key", "seen_version", "seen_message", "remove", "kept", "change"}
)


@dataclass(frozen=True, slots=True)
class Begun:
    """A draft as its form shows it. `place` is empty where there is none."""

    place: str = ""
    content: dict[str, Any] | None = None
    saved_at: datetime | None = None
    uploads: Uploads = Uploads()  # noqa: RUF009 - frozen
    files_are_gone: bool = False

    def __bool__(self) -> bool:
        return bool(self.content)

    def fill(self, form: Form) -> None:
        """Let a form that is shown first begin with the draft."""
        for name, field in form.fields.items():
            value = self._value(name, field.widget)
            if value is not None:
                form.initial[name] = value

    def _value(self, name: str, widget: Any) -> Any:
        content = self.content or {}
        if not isinstance(widget, MultiWidget):
            return content.get(name)
        parts = [content.get(name + suffix, "") for suffix in widget.widgets_names]  # type: ignore[attr-defined] # the stubs do not know it
        return parts if any(parts) else None


def reply_place(ticket: Ticket) -> str:
    """Where a draft of words for everybody on the ticket is kept."""
    return str(Place("reply", ticket.number))


def note_place(ticket: Ticket) -> str:
    """Where a draft of an internal note is kept."""
    return str(Place("note", ticket.number))


def begun(actor: Actor, place: str) -> Begun:
    """What the actor began to write there and did not send yet."""
    found = begun_at(actor, place).get(place)
    return Begun() if found is None else as_begun(actor, found)


def as_begun(actor: Actor, found: Draft) -> Begun:
    """A draft with those of its files that are still there."""
    notes = found.content.get("kept", ())
    kept, gone = unseal(notes if isinstance(notes, list) else (), actor)
    return Begun(found.place, found.content, found.updated_at, Uploads(tuple(kept)), gone)


def keep(actor: Actor, place: str, posted: QueryDict, uploads: Uploads) -> bool:
    """Keep what a form sent, to go on with it on another page."""
    content: dict[str, Any] = {
        name: values if len(values) > 1 else values[-1]
        for name, values in posted.lists()
        if name not in _NOT_WRITTEN and values
    }
    content["kept"] = [kept.note for kept in uploads.kept]
    return save_draft(place=place, content=content, by=actor, now=timezone.now())


def forget(actor: Actor, *places: str) -> None:
    """What was begun there has been sent. A saving that comes late is known by its form's key."""
    for place in places:
        discard_draft(place=place, by=actor, now=timezone.now())


def is_content(content: object) -> bool:
    """Whether this is what a script makes of a form: names with a text, or with several."""

    def is_texts(value: object) -> bool:
        return isinstance(value, str) or (isinstance(value, list) and _all_text(value))

    return isinstance(content, dict) and _all_text(content) and all(is_texts(value) for value in content.values())


def _all_text(values: Iterable[object]) -> bool:
    return all(isinstance(value, str) for value in values)
