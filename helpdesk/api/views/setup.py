"""The set-up, to be read: each list is of what the caller's pages offer or show."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from helpdesk.access import require
from helpdesk.actors import Actor
from helpdesk.api.base import Endpoint, answer
from helpdesk.api.lists import paged
from helpdesk.api.parameters import ListParameters
from helpdesk.api.schema import describes
from helpdesk.api.shapes.base import Shape, moment
from helpdesk.api.shapes.people import KnownShape
from helpdesk.api.shapes.relations import PartnerShape
from helpdesk.api.shapes.setup import (
    AnnouncementShape,
    CategoryShape,
    CriterionShape,
    FieldShape,
    MeShape,
    QueueShape,
    TagShape,
    TeamShape,
)
from helpdesk.models import ApiToken, CustomField, Tag, Team
from helpdesk.permissions import Right, holds
from helpdesk.selectors import announcements, api, catalogue, desk, partners, priorities
from helpdesk.selectors.people import places_of


def _is_of_the_desk(actor: Actor) -> bool:
    return holds(actor, Right.ENTER_DESK) or api.is_at_desk(actor)


def _told(actor: Actor, shape: type[Shape], rows: Iterable[Any]) -> list[dict[str, Any]]:
    """The rows as their shape; who is not of the desk is told of no queue."""
    only = None if _is_of_the_desk(actor) else {name for name, _write in shape.parts()} - {"queue"}
    return [shape.write(row, only) for row in rows]


class Me(Endpoint):
    """The caller."""

    @describes("read_me", "people", answers={200: MeShape})
    def get(self, request: Request) -> HttpResponse:
        """Tell who calls, by which token, and what it may be used for."""
        person, token = self.actor.person, request.auth if isinstance(request.auth, ApiToken) else None
        queues = {queue.pk: queue.code for queue in catalogue.queues()}
        limited = None if token is None or not token.queue_ids else [queues[pk] for pk in token.queue_ids]
        return answer(
            {
                **KnownShape.write(person),
                # Who asks who they are is told something, also where only their address is known.
                "name": str(person),
                "language": person.spoken_language,
                "is_integration": person.is_integration,
                "organizations": [organization.pk for organization in places_of(person)],
                "token": None if token is None else token.name,
                "scopes": None if token is None else token.scopes,
                "queues": limited,
                "expires_at": None if token is None else moment(token.expires_at),
            }
        )


class Queues(Endpoint):
    """The queues whose tickets the caller sees."""

    @describes("list_queues", "setup", answers={200: QueueShape(many=True)})
    def get(self, request: Request) -> HttpResponse:
        """List the queues whose tickets the caller sees."""
        return answer([QueueShape.write(row) for row in desk.seen_queues(self.actor)])


class Categories(Endpoint):
    """What a ticket can be about."""

    @describes("list_categories", "setup", answers={200: CategoryShape(many=True)})
    def get(self, request: Request) -> HttpResponse:
        """List the categories under which a ticket can be filed, in their order."""
        return answer(_told(self.actor, CategoryShape, catalogue.topics()))


class Teams(Endpoint):
    """The desk's teams."""

    takes = ListParameters

    @describes("list_teams", "setup", takes=ListParameters, lists=TeamShape)
    def get(self, request: Request) -> HttpResponse:
        """List the teams of the desk."""
        require(self.actor, Right.ENTER_DESK)
        return paged(Team.objects.select_related("tier", "region"), self.asked, TeamShape.write)


class Criteria(Endpoint):
    """What is measured to find a priority."""

    @describes("list_criteria", "setup", answers={200: CriterionShape(many=True)})
    def get(self, request: Request) -> HttpResponse:
        """List what agents measure to find a ticket's priority."""
        require(self.actor, Right.ENTER_DESK)
        return answer([CriterionShape.write(row) for row in priorities.criteria()])


class Tags(Endpoint):
    """The desk's tags."""

    takes = ListParameters

    @describes("list_tags", "setup", takes=ListParameters, lists=TagShape)
    def get(self, request: Request) -> HttpResponse:
        """List the tags of the desk."""
        require(self.actor, Right.ENTER_DESK)
        return paged(Tag.objects.all(), self.asked, TagShape.write)


class Partners(Endpoint):
    """On whom tickets wait."""

    takes = ListParameters

    @describes("list_partners", "setup", takes=ListParameters, lists=PartnerShape)
    def get(self, request: Request) -> HttpResponse:
        """List the partners on whom tickets may wait, for the desk."""
        require(self.actor, Right.ENTER_DESK)
        return paged(partners.in_use(), self.asked, PartnerShape.write)


class Fields(Endpoint):
    """The questions about tickets."""

    @describes("list_fields", "setup", answers={200: FieldShape(many=True)})
    def get(self, request: Request) -> HttpResponse:
        """List the questions about tickets: for the desk those of its queues, for others those of their topics."""
        return answer(_told(self.actor, FieldShape, self._asked_of()))

    def _asked_of(self) -> Sequence[CustomField]:
        if api.is_at_desk(self.actor):
            return [field for field in desk.fields_of(self.actor) if field.is_active]
        topics = {category.pk for category in catalogue.topics()}
        return api.public_fields(topics)


class Announcements(Endpoint):
    """What the desk tells people."""

    @describes("list_announcements", "setup", answers={200: AnnouncementShape(many=True)})
    def get(self, request: Request) -> HttpResponse:
        """List the announcements that are for the caller now."""
        now: Any = timezone.now()
        told = announcements.current(now, self.actor.person)
        if holds(self.actor, Right.ENTER_DESK):
            told = list({row.pk: row for row in (*announcements.for_staff(now), *told)}.values())
        return answer([AnnouncementShape.write(row) for row in told])
