"""What callers send: checked for its form here; what it means is the actions' to judge."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from helpdesk.actions._asking import ByAddress, ById
from helpdesk.actions.partners import MAX_REFERENCE
from helpdesk.actions.sub_tasks import MAX_TITLE
from helpdesk.actions.tickets import QUEUE_IS_THE_DESKS
from helpdesk.actors import Actor
from helpdesk.api.parameters import MAX_ID, Day, Id
from helpdesk.choices import Channel, MoveName, Priority, Relation, ResolutionKind, Visibility
from helpdesk.domain.lifecycle import MOVES
from helpdesk.domain.words import MAX_NAME, MAX_SUBJECT, MAX_TEXT
from helpdesk.errors import Code, DomainError, Text
from helpdesk.models import Organization, Partner, SLAPolicy, Ticket, User
from helpdesk.models.times import MOST_MINUTES
from helpdesk.permissions import Right, holds, may
from helpdesk.selectors import catalogue, partners, people
from helpdesk.selectors.api import is_at_desk
from helpdesk.selectors.clock_effects import policies_in_force

_NOT_YOURS: Final = gettext_lazy("You may not do this with this ticket.")


def _files_for_others(actor: Actor) -> bool:
    return holds(actor, Right.FILE_FOR_OTHERS)


@extend_schema_field(OpenApiTypes.STR)
class ByCode(serializers.Field[Any, Any, Any, Any]):
    """A row of the set-up that is in use, by its code. `barred`: why nobody may name one but whom `unless` tells."""

    def __init__(
        self,
        rows: Callable[[], Iterable[Any]],
        *,
        barred: Text | None = None,
        unless: Callable[[Actor], bool] = is_at_desk,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.rows, self.barred, self.unless = rows, barred, unless

    def to_internal_value(self, data: Any) -> Any:
        if self.barred is not None and not self.unless(self.context["actor"]):
            # Before it is looked up: who may name none learns of no code whether there is such a row.
            raise DomainError(self.barred, Code.FORBIDDEN, field=self.field_name)
        found = next((row for row in self.rows() if row.code == data and row.is_active), None)
        if not isinstance(data, str) or found is None:
            raise serializers.ValidationError(_("There is no “%(value)s”.") % {"value": str(data)[:80]})
        return found


class YesNo(serializers.BooleanField):
    """True or false, and nothing that could be read as one of them."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class RequesterInput(serializers.Serializer[Any]):
    """Who asks: somebody known by their id, or anybody by their address."""

    id = Id(required=False)
    email = serializers.EmailField(required=False, max_length=254)
    name = serializers.CharField(required=False, max_length=MAX_NAME, allow_blank=True)

    def validate(self, attrs: Any) -> Any:
        """The person, or their address."""
        if ("id" in attrs) == ("email" in attrs):
            raise serializers.ValidationError(_("Tell either the id or the e-mail address."))
        if "email" in attrs:
            return ByAddress(attrs["email"], attrs.get("name", ""))
        return ById(attrs["id"])


class Answers(serializers.DictField):
    """Answers to the questions of a topic and a queue, by the codes of these."""

    child = serializers.JSONField(allow_null=True)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().to_internal_value(data)
        for name, value in found.items():
            inner = value if isinstance(value, list) else [value]
            if any(isinstance(one, dict | list | float) for one in inner):
                words = _("An answer is a text, a whole number, yes or no, or a list of texts.")
                raise serializers.ValidationError({name: [words]})
        return found


class Uploads(serializers.ListField):
    """Files that were sent before, by the names that they got then."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(child=serializers.CharField(max_length=400), required=False, max_length=50, **kwargs)


class TicketInput(serializers.Serializer[Any]):
    """A new ticket."""

    subject = serializers.CharField(max_length=MAX_SUBJECT)
    body = serializers.CharField(max_length=MAX_TEXT, help_text="Markdown.")
    category = ByCode(catalogue.topics, required=False, allow_null=True, help_text="Its code.")
    queue = ByCode(
        catalogue.queues, barred=QUEUE_IS_THE_DESKS, unless=_files_for_others, required=False, allow_null=True,
        help_text="Its code; the category's otherwise. For the desk alone.",
    )  # fmt: skip
    priority = serializers.ChoiceField(
        choices=Priority.choices, required=False, allow_null=True, help_text="For the desk alone."
    )
    requester = RequesterInput(required=False, allow_null=True, help_text="Yourself otherwise.")
    organization = Id(required=False, allow_null=True, help_text="One of the requester's.")
    answers = Answers(required=False)
    impact = serializers.IntegerField(
        required=False, min_value=1, max_value=9, help_text="With `urgency`, where the queue weighs both and asks you."
    )
    urgency = serializers.IntegerField(required=False, min_value=1, max_value=9)
    uploads = Uploads()
    follow = YesNo(required=False, default=False, help_text="Watch it yourself.")
    take = YesNo(required=False, default=False, help_text="Assign it to yourself.")


class TicketChange(serializers.Serializer[Any]):
    """What is to change about a ticket; what is not named stays."""

    priority = serializers.ChoiceField(choices=Priority.choices, required=False)
    queue = ByCode(catalogue.queues, barred=_NOT_YOURS, required=False)
    category = ByCode(catalogue.categories, barred=_NOT_YOURS, required=False, allow_null=True)
    kind = ByCode(catalogue.kinds, barred=_NOT_YOURS, required=False, allow_null=True)
    organization = Id(required=False, allow_null=True)
    tags = serializers.ListField(
        child=serializers.CharField(max_length=80), required=False, max_length=20, help_text="All that it has then."
    )


class TransitionInput(serializers.Serializer[Any]):
    """A move through a ticket's life."""

    move = serializers.ChoiceField(choices=[name.value for name in MoveName if MOVES[name].by_button])
    text = serializers.CharField(required=False, max_length=MAX_TEXT, allow_blank=True)
    resolution_kind = serializers.ChoiceField(choices=ResolutionKind.offered(), required=False, allow_blank=True)
    answers = Answers(required=False)
    minutes = serializers.IntegerField(required=False, min_value=1, max_value=24 * 60)
    partner = Id(required=False, allow_null=True, help_text="Of `hold`: the partner on whom it waits.")
    partner_reference = serializers.CharField(required=False, max_length=MAX_REFERENCE, allow_blank=True)
    uploads = Uploads()

    def validate(self, attrs: Any) -> Any:
        """Only a hold waits on somebody."""
        if attrs.get("partner") is not None and attrs["move"] != MoveName.HOLD:
            raise serializers.ValidationError({"partner": [_("Only a ticket that is put on hold waits on a partner.")]})
        return attrs


class AssignInput(serializers.Serializer[Any]):
    """Who is to have the ticket; null for nobody."""

    assignee = Id(allow_null=True)


class ReasonInput(serializers.Serializer[Any]):
    """Why."""

    reason = serializers.CharField(max_length=MAX_TEXT)


class MergeInput(serializers.Serializer[Any]):
    """The ticket in which this one goes on."""

    into = serializers.CharField(max_length=24)
    knowing = YesNo(required=False, default=False, help_text="Also where people will read it who could not before.")


class LinkInput(serializers.Serializer[Any]):
    """How the ticket stands to another one."""

    relation = serializers.ChoiceField(choices=Relation.choices)
    ticket = serializers.CharField(max_length=24)


class WatcherInput(serializers.Serializer[Any]):
    """Who is to follow the ticket; yourself without an address."""

    email = serializers.EmailField(required=False, max_length=254)
    name = serializers.CharField(required=False, max_length=MAX_NAME, allow_blank=True)


class MessageInput(serializers.Serializer[Any]):
    """Words on a ticket: a public reply, or a note for the desk alone."""

    body = serializers.CharField(max_length=MAX_TEXT, help_text="Markdown.")
    visibility = serializers.ChoiceField(choices=Visibility.choices, default=Visibility.PUBLIC)
    minutes = serializers.IntegerField(required=False, min_value=1, max_value=24 * 60)
    cc = serializers.ListField(child=serializers.EmailField(max_length=254), required=False, max_length=10)
    uploads = Uploads()


class MessageChange(serializers.Serializer[Any]):
    """Other words for what one wrote."""

    body = serializers.CharField(max_length=MAX_TEXT, help_text="Markdown.")
    revision = serializers.IntegerField(required=False, min_value=0, max_value=MAX_ID, help_text="The one you read.")
    mail_again = YesNo(required=False, default=False, help_text="Mail it again to who got the old words.")


class AnswersInput(serializers.Serializer[Any]):
    """What the questions about a ticket are answered with; null takes an answer away."""

    answers = Answers(help_text="By the `key` of each question.")


class JudgementInput(serializers.Serializer[Any]):
    """How much a ticket presses, in the way of its queue: weighed, or measured."""

    impact = serializers.IntegerField(required=False, min_value=1, max_value=9)
    urgency = serializers.IntegerField(required=False, min_value=1, max_value=9)
    values = serializers.DictField(
        child=serializers.CharField(max_length=40), required=False, help_text="What was measured, by codes of criteria."
    )

    def validate(self, attrs: Any) -> Any:
        """One way of the two, and all of it."""
        if set(attrs) not in ({"impact", "urgency"}, {"values"}):
            raise serializers.ValidationError(_("Tell impact and urgency, or what was measured."))
        return attrs


class WaitInput(serializers.Serializer[Any]):
    """On which partner a ticket waits that is on hold."""

    partner = Id()
    reference = serializers.CharField(
        required=False, default="", max_length=MAX_REFERENCE, allow_blank=True,
        help_text="The number that the matter has there.",
    )  # fmt: skip


class PolicyChoiceInput(serializers.Serializer[Any]):
    """What the ticket is promised: by the rules, or by hand, as a policy says, or nothing at all."""

    by = serializers.ChoiceField(choices=["rules", "hand"])
    policy = serializers.CharField(
        required=False,
        allow_null=True,
        default=None,
        max_length=80,
        help_text="By hand: the code of a policy in force; null promises nothing.",
    )

    def validate(self, attrs: Any) -> Any:
        """The rules name the policy themselves."""
        if attrs["by"] == "rules" and attrs["policy"] is not None:
            raise serializers.ValidationError({"policy": [_("Name a policy only where you choose by hand.")]})
        return attrs


class GatheringInput(serializers.Serializer[Any]):
    """The problem under which a ticket is gathered; null for none."""

    problem = serializers.CharField(max_length=24, allow_null=True, help_text="Its reference, such as PRB-12.")


class SubTaskChange(serializers.Serializer[Any]):
    """What is to change about a sub-task; what is not named stays."""

    title = serializers.CharField(max_length=MAX_TITLE, required=False)
    assignee = Id(required=False, allow_null=True)
    due_on = Day(required=False, allow_null=True)
    holds_resolution = YesNo(required=False, help_text="Whether the ticket is not resolved before it is done.")


class SubTaskInput(SubTaskChange):
    """Something to do for a ticket."""

    title = serializers.CharField(max_length=MAX_TITLE)


class SubTaskMove(serializers.Serializer[Any]):
    """What becomes of a sub-task."""

    move = serializers.ChoiceField(choices=["finish", "reopen", "drop"])


class TimeInput(serializers.Serializer[Any]):
    """Minutes of one's own, with a word on what they were for."""

    minutes = serializers.IntegerField(min_value=1, max_value=MOST_MINUTES)
    what = serializers.CharField(required=False, default="", max_length=200, allow_blank=True)


def organization_of(pk: int | None) -> Organization | None:
    """The organisation of this id, not read: the action looks among those of the requester."""
    return None if pk is None else Organization(pk=pk)


def worker_by(pk: int | None, ticket: Ticket) -> User | None:
    """The person of this id, who works this ticket. Who may give it to somebody hears nothing of others: the refusal
    is the same where there is no such person.
    """
    if pk is None:
        return None
    found = people.person_of(pk)
    if found is None or not may(Actor(found, Channel.API), Right.WORK, ticket):
        raise serializers.ValidationError({"assignee": [_("Nobody of this id works on this ticket.")]})
    return found


def partner_by(pk: int) -> Partner:
    """The partner of this id, on whom tickets may wait."""
    found = partners.in_use().filter(pk=pk).first()
    if found is None:
        raise serializers.ValidationError({"partner": [_("There is no such partner.")]})
    return found


def policy_by(code: str | None) -> SLAPolicy | None:
    """The policy of this code, where it is in force."""
    if code is None:
        return None
    found = next((row for row in policies_in_force(timezone.now()) if row.code == code), None)
    if found is None:
        raise serializers.ValidationError({"policy": [_("There is no “%(value)s”.") % {"value": code}]})
    return found
