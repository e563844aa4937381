"""The ticket as other systems see it: all of it for who reads its notes, and what the portal shows for others."""

from typing import Any

from rest_framework import serializers

from helpdesk.api.shapes.base import Shape, moment
from helpdesk.api.shapes.clocks import ClockShape
from helpdesk.api.shapes.people import OrganizationRef, PersonRef
from helpdesk.api.shapes.relations import WaitShape
from helpdesk.choices import Channel, ClockMark, Priority, ResolutionKind, Status
from helpdesk.domain.references import format_ref


class CodeRef(Shape):
    """A row of the set-up, by its code."""

    code = serializers.CharField()
    name = serializers.CharField()

    @staticmethod
    def write_name(row: Any) -> str:
        return str(row)


class TierRef(Shape):
    """A tier of skill, by its level."""

    level = serializers.IntegerField()
    name = serializers.CharField()


class ClockSummary(Shape):
    """How the ticket's clocks stand together."""

    mark = serializers.ChoiceField(choices=ClockMark.choices, allow_blank=True)
    due_at = serializers.DateTimeField(allow_null=True, help_text="When the next one is due.")


class AnswerShape(Shape):
    """What was answered to a question about the ticket."""

    field = serializers.CharField(source="field.key", help_text="Its code, after `queue.` where it is a queue's.")
    label = serializers.CharField()  # type: ignore[assignment] # a field of this name
    value = serializers.JSONField(help_text="A text, a number as text, a day, yes or no, codes, or a person's id.")

    @staticmethod
    def write_label(row: Any) -> str:
        return str(row.field)

    @staticmethod
    def write_value(row: Any) -> Any:
        return row.answer


class TicketShape(Shape):
    """One matter of one requester. Which fields there are depends on who reads it, and on what they ask for."""

    ref = serializers.CharField(help_text="Its name among people, such as `WD-1042`.")
    subject = serializers.CharField(required=False)
    status = serializers.ChoiceField(choices=Status.choices, required=False)
    resolution_kind = serializers.ChoiceField(choices=ResolutionKind.choices, allow_null=True, required=False)
    channel = serializers.ChoiceField(choices=Channel.choices, help_text="How it reached the desk.", required=False)
    category = CodeRef(allow_null=True, required=False)
    requester = PersonRef(required=False)
    organization = OrganizationRef(allow_null=True, required=False)
    created_at = serializers.DateTimeField(required=False)
    updated_at = serializers.DateTimeField(help_text="The last change that the reader sees.", required=False)
    resolved_at = serializers.DateTimeField(allow_null=True, required=False)
    closed_at = serializers.DateTimeField(allow_null=True, required=False)

    version = serializers.IntegerField(required=False, help_text="Rises with each event.")
    priority = serializers.ChoiceField(choices=Priority.choices, required=False, help_text="1 is the highest.")
    queue = CodeRef(required=False)
    tier = TierRef(required=False)
    kind = CodeRef(required=False, allow_null=True)
    assignee = PersonRef(required=False, allow_null=True)
    tags = serializers.ListField(child=serializers.CharField(), required=False)
    sla = ClockSummary(required=False)
    problem = serializers.CharField(required=False, allow_null=True, help_text="The problem's reference.")
    follows = serializers.CharField(required=False, allow_null=True, help_text="The ticket that it goes on from.")
    merged_into = serializers.CharField(required=False, allow_null=True, help_text="Where it goes on.")
    hidden = serializers.ListField(
        child=serializers.ChoiceField(choices=["follows", "merged_into", "problem"]),
        required=False,
        help_text="Which of these lead to something that the reader does not see, and are null for that.",
    )
    status_since = serializers.DateTimeField(required=False)
    first_answer_at = serializers.DateTimeField(required=False, allow_null=True)
    unanswered_since = serializers.DateTimeField(required=False, allow_null=True)
    acknowledged_at = serializers.DateTimeField(required=False, allow_null=True)
    close_due_at = serializers.DateTimeField(required=False, allow_null=True)
    minutes_spent = serializers.IntegerField(required=False)
    clocks = ClockShape(many=True, required=False, help_text="With `expand=clocks`: those that run.")
    answers = AnswerShape(many=True, required=False, help_text="With `expand=answers`.")
    waits = WaitShape(required=False, allow_null=True, help_text="With `expand=waits`: on which partner.")

    # Told by `expand` alone.
    apart = frozenset({"clocks", "answers", "waits"})
    always = frozenset({"ref"})

    @staticmethod
    def write_resolution_kind(row: Any) -> str | None:
        return row.resolution_kind or None

    @staticmethod
    def write_tags(row: Any) -> list[str]:
        return [tag.name for tag in row.tags.all()]

    @staticmethod
    def write_sla(row: Any) -> dict[str, Any]:
        return {"mark": row.sla_mark, "due_at": moment(row.sla_due_at)}

    @staticmethod
    def write_problem(row: Any) -> str | None:
        return None if row.problem_id is None or "problem" in row.hidden_relatives else row.problem.ref

    @staticmethod
    def write_follows(row: Any) -> str | None:
        is_told = row.follows_number is not None and "follows" not in row.hidden_relatives
        return format_ref(row.follows_number) if is_told else None

    @staticmethod
    def write_merged_into(row: Any) -> str | None:
        is_told = row.merged_number is not None and "merged_into" not in row.hidden_relatives
        return format_ref(row.merged_number) if is_told else None

    @staticmethod
    def write_hidden(row: Any) -> list[str]:
        return sorted(row.hidden_relatives)


class PublicTicketShape(Shape):
    """The same for who does not read the ticket's notes."""

    ref = serializers.CharField()
    subject = serializers.CharField()
    status = serializers.CharField()
    resolution_kind = serializers.CharField(allow_null=True)
    channel = serializers.CharField()
    category = CodeRef(allow_null=True)
    requester = PersonRef()
    organization = OrganizationRef(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField(source="public_at")
    resolved_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)

    always = TicketShape.always

    write_resolution_kind = TicketShape.write_resolution_kind
