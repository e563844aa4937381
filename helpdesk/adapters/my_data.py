"""All that is kept about one person, as a ZIP for them alone: to read, and for programs.

What others wrote is in it only where it was said to everybody on the person's own tickets, and without who they are.
"""

import json
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import IO, Any, Final

from allauth.account.models import EmailAddress
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk import registry
from helpdesk.actors import Actor
from helpdesk.domain.filenames import safe_name
from helpdesk.models import Export, Message, Ticket, User
from helpdesk.registry import DataPart, ExportMaker
from helpdesk.selectors import my_data
from helpdesk.selectors.answers import asked_about
from helpdesk.selectors.conversation import is_from_desk
from helpdesk.selectors.telling import quiet_hours_of

KIND: Final = "my_data"
_BATCH: Final = 25
_CHUNK: Final = 1 << 20


def write(export: Export, by: Actor, out: IO[bytes], step: Callable[[int], None]) -> int:
    """Write the ZIP. Counts tickets, which are what takes its time."""
    person = by.person
    export.total = my_data.tickets_of(person).count()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        told = [
            {"name": part.name, "title": str(part.title), "rows": list(part.collect(person))}
            for part in registry.data_parts
        ]
        tickets: list[Mapping[str, Any]] = []
        for count, ticket in enumerate(my_data.tickets_of(person).iterator(chunk_size=_BATCH), 1):
            tickets.append(_ticket(archive, ticket, person))
            if count % _BATCH == 0:
                step(count)
        everything = {str(part["name"]): part["rows"] for part in told} | {"tickets": tickets}
        archive.writestr("data.json", json.dumps(everything, ensure_ascii=False, indent=1))
        context = {"person": person, "parts": told, "tickets": tickets, "now": timezone.now()}
        archive.writestr("index.html", render_to_string("data/index.html", context))
    return len(tickets)


def _ticket(archive: zipfile.ZipFile, ticket: Ticket, person: User) -> Mapping[str, Any]:
    """A ticket that the person asked for: their answers, and what was said to everybody on it."""
    return {
        "reference": ticket.ref,
        "subject": ticket.subject,
        "status": str(ticket.get_status_display()),
        "created": _moment(ticket.created_at),
        "answers": [
            {"question": str(asked.field.shown("label")), "answer": asked.shown}
            for asked in asked_about(ticket, with_internal=False)
            if asked.shown and asked.field.kind != "person"
        ],
        "messages": [
            {
                "written": _moment(message.created_at),
                "by": _author(message, ticket, person),
                "text": message.body,
                "files": list(_files(archive, ticket, message)) if _is_by(message, person) else [],
            }
            for message in my_data.public_messages_of(ticket)
        ],
    }


def _moment(moment: Any) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")


def _is_by(message: Message, person: User) -> bool:
    return message.author is not None and message.author.present == person


def _author(message: Message, ticket: Ticket, person: User) -> str:
    if _is_by(message, person):
        return _("you")
    return _("the support") if is_from_desk(message, ticket) else _("somebody else on this ticket")


def _files(archive: zipfile.ZipFile, ticket: Ticket, message: Message) -> Iterator[str]:
    """Put the person's own files of a message into the archive. What the storage lost is left out."""
    for attachment in message.attachments.all():
        name = f"files/{ticket.ref}/{message.pk}-{attachment.position}-{safe_name(attachment.name)}"
        with suppress(FileNotFoundError), default_storage.open(attachment.blob.storage_name) as content:
            _copy(archive, name, content)
            yield name


def _copy(archive: zipfile.ZipFile, name: str, content: Any) -> None:
    with archive.open(name, "w", force_zip64=True) as target:
        while chunk := content.read(_CHUNK):
            target.write(chunk)


def _profile(person: User) -> Sequence[Mapping[str, Any]]:
    return [
        {
            "name": person.own_name,
            "email": person.email,
            "language": person.language,
            "time_zone": person.time_zone,
            "since": _moment(person.created_at),
        }
    ]


def _addresses(person: User) -> Sequence[Mapping[str, Any]]:
    rows = EmailAddress.objects.filter(user=person).order_by("pk")
    return [{"email": row.email, "confirmed": bool(row.verified)} for row in rows]


def _places(person: User) -> Sequence[Mapping[str, Any]]:
    rows = my_data.places_of(person)
    return [{"organisation": str(row.organization), "role": str(row.get_role_display())} for row in rows]


def _said_elsewhere(person: User) -> Sequence[Mapping[str, Any]]:
    """The person's own words on tickets that others asked for."""
    return [
        {"reference": message.ticket.ref, "written": _moment(message.created_at), "text": message.body}
        for message in my_data.said_elsewhere(person)
    ]


def _drafts(person: User) -> Sequence[Mapping[str, Any]]:
    rows = my_data.drafts_of(person)
    return [{"changed": _moment(row.updated_at), "text": json.dumps(row.content, ensure_ascii=False)} for row in rows]


def _choices(person: User) -> Sequence[Mapping[str, Any]]:
    return [
        {
            "occasion": str(row.get_occasion_display()),
            "channel": str(row.get_channel_display()),
            "told": _("yes") if row.on else _("no"),
        }
        for row in my_data.choices_of(person)
    ]


def _quiet_hours(person: User) -> Sequence[Mapping[str, Any]]:
    row = quiet_hours_of(person)
    if row._state.adding:
        return []
    days = {
        name: ", ".join(str(WEEKDAYS[day - 1]) for day in getattr(row, name)) for name in ("weekdays", "whole_days")
    }
    until = _moment(row.muted_until) if row.muted_until else ""
    return [{**days, "from": f"{row.starts:%H:%M}", "to": f"{row.ends:%H:%M}", "quiet_until": until}]


def _inbox(person: User) -> Sequence[Mapping[str, Any]]:
    return [
        {
            "reference": row.ticket.ref,
            "occasion": str(row.get_occasion_display()),
            "told": _moment(row.created_at),
            "read": _moment(row.read_at) if row.read_at else "",
        }
        for row in my_data.inbox_of(person)
    ]


def _logins(person: User) -> Sequence[Mapping[str, Any]]:
    return [{"logged_in": _moment(moment)} for moment in my_data.logins_of(person)]


# What this app keeps about people, beside their tickets.
PARTS: Final = (
    DataPart("profile", gettext_lazy("Profile"), _profile),
    DataPart("addresses", gettext_lazy("E-mail addresses"), _addresses),
    DataPart("organisations", gettext_lazy("Organisations"), _places),
    DataPart("said_elsewhere", gettext_lazy("What you wrote on other people's tickets"), _said_elsewhere),
    DataPart("drafts", gettext_lazy("What you began to write"), _drafts),
    DataPart("notifications", gettext_lazy("What you chose to be told of"), _choices),
    DataPart("quiet_hours", gettext_lazy("Your quiet hours"), _quiet_hours),
    DataPart("inbox", gettext_lazy("What you were told in your inbox"), _inbox),
    DataPart("logins", gettext_lazy("When you logged in"), _logins),
)


def _is_somebody(actor: Actor) -> bool:
    return actor.standing.role is not None


MAKER: Final = ExportMaker(
    KIND,
    lambda _export: "application/zip",
    _is_somebody,
    write,
    lambda _export: {},
    at_once=1,
    a_day=3,
)
