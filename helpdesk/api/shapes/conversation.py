"""What was said and what happened on a ticket, as other systems see it."""

from typing import Any

from rest_framework import serializers

from helpdesk.api.shapes.base import Shape, moment
from helpdesk.api.shapes.people import PersonRef
from helpdesk.choices import ActorKind, Channel, Purpose, Visibility


class AttachmentShape(Shape):
    """A file on a message."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    size = serializers.IntegerField(source="blob.size", help_text="Bytes.")
    media_type = serializers.CharField(source="blob.media_type", help_text="As its bytes tell it.")
    sha256 = serializers.CharField(source="blob.sha256")
    url = serializers.CharField(help_text="Where its bytes are, with the same token.")

    @staticmethod
    def write_id(row: Any) -> str:
        return str(row.pk)

    @staticmethod
    def write_url(row: Any) -> str:
        return f"/api/v1/attachments/{row.pk}/"


class MessageShape(Shape):
    """A public reply, or a note for the desk alone."""

    id = serializers.IntegerField()
    author = PersonRef(allow_null=True, help_text="Null: the desk itself.")
    visibility = serializers.ChoiceField(choices=Visibility.choices)
    purpose = serializers.ChoiceField(choices=Purpose.choices, help_text="Why it was written, beyond answering.")
    body = serializers.CharField(help_text="Markdown, as it was typed.")
    channel = serializers.ChoiceField(choices=Channel.choices)
    created_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)
    revision = serializers.IntegerField(help_text="Rises with each change of its words.")
    origin = serializers.CharField(allow_null=True, help_text="The ticket on which it was written before a merge.")
    attachments = AttachmentShape(many=True)

    @staticmethod
    def write_origin(row: Any) -> str | None:
        return row.origin_ref or None

    @staticmethod
    def write_attachments(row: Any) -> list[Any]:
        return [AttachmentShape.write(file) for file in row.attachments.all()]


class WhoShape(Shape):
    """Who did something: a person, a guest, or the desk itself."""

    kind = serializers.ChoiceField(choices=ActorKind.choices)
    person = PersonRef(allow_null=True)


class EventShape(Shape):
    """Something that happened to a ticket. Events are only ever added."""

    version = serializers.IntegerField(help_text="The ticket's version that it made.")
    kind = serializers.CharField(help_text="A name in the past tense that never changes.")
    by = WhoShape()
    channel = serializers.ChoiceField(choices=Channel.choices)
    effective_at = serializers.DateTimeField(help_text="When it counts.")
    recorded_at = serializers.DateTimeField(help_text="When it was written down.")
    data = serializers.DictField(  # type: ignore[assignment] # a field of this name
        help_text="Ids, codes and numbers, by the event's kind; null for a ticket that the reader does not see."
    )
    message = serializers.IntegerField(allow_null=True, help_text="The message that it is about.")
    ticket = serializers.CharField(allow_null=True, help_text="The ticket on which it happened before a merge.")

    @staticmethod
    def write_version(row: Any) -> int:
        seq: int = row.event.seq
        return seq

    @staticmethod
    def write_kind(row: Any) -> str:
        return str(row.event.kind)

    @staticmethod
    def write_by(row: Any) -> dict[str, Any]:
        event = row.event
        person = None if event.actor is None else PersonRef.write(event.actor)
        return {"kind": event.actor_kind, "person": person}

    @staticmethod
    def write_channel(row: Any) -> str:
        return str(row.event.channel)

    @staticmethod
    def write_effective_at(row: Any) -> str | None:
        return moment(row.event.effective_at)

    @staticmethod
    def write_recorded_at(row: Any) -> str | None:
        return moment(row.event.recorded_at)

    @staticmethod
    def write_data(row: Any) -> Any:
        return row.told_data

    @staticmethod
    def write_message(row: Any) -> Any:
        return row.message_id

    @staticmethod
    def write_ticket(row: Any) -> str | None:
        return row.origin or None
