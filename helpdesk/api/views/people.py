"""People and organisations, for who looks after them."""

from http import HTTPStatus
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request

from helpdesk.access import get_person, require
from helpdesk.actions.people import add_person
from helpdesk.api import parameters, repeats
from helpdesk.api.base import Endpoint, answer
from helpdesk.api.lists import paged
from helpdesk.api.parameters import ListParameters
from helpdesk.api.schema import describes
from helpdesk.api.shapes.people import OrganizationShape, PersonShape
from helpdesk.choices import Role
from helpdesk.domain.words import MAX_NAME
from helpdesk.models import User
from helpdesk.permissions import Right
from helpdesk.scopes import TokenScope
from helpdesk.selectors import api

# One's own organisations are nobody's right; a ticket is told, and filed, with one.
_OF_ORGANIZATIONS: Final = (
    TokenScope.PEOPLE_READ,
    TokenScope.PEOPLE_WRITE,
    TokenScope.TICKETS_READ,
    TokenScope.TICKETS_WRITE,
)


class PeopleParameters(ListParameters):
    """Which people."""

    email = serializers.EmailField(required=False, max_length=254, help_text="Who has this address.")
    role = parameters.choice(Role.choices)


class PersonInput(serializers.Serializer[Any]):
    """A new person, who claims the account by a mailed link."""

    name = serializers.CharField(max_length=MAX_NAME)
    email = serializers.EmailField(max_length=254)


class People(Endpoint):
    """Everybody whom the desk knows."""

    takes = PeopleParameters

    @describes("list_people", "people", takes=PeopleParameters, lists=PersonShape)
    def get(self, request: Request) -> HttpResponse:
        """List people."""
        require(self.actor, Right.SEE_PEOPLE)
        rows = User.objects.filter(is_integration=False)
        if "email" in self.asked:
            rows = rows.filter(email__iexact=self.asked["email"])
        if "role" in self.asked:
            rows = rows.filter(role__in=self.asked["role"])
        return paged(rows, self.asked, PersonShape.write)

    @describes("create_person", "people", sends=PersonInput, answers={201: PersonShape}, repeatable=True)
    def post(self, request: Request) -> HttpResponse:
        """Add a requester. Who works at the desk is invited there."""
        require(self.actor, Right.CHANGE_PEOPLE)
        return repeats.once(request, self.actor, self._added)

    def _added(self) -> HttpResponse:
        given = self.read(PersonInput).validated_data
        person = add_person(name=given["name"], email=given["email"], by=self.actor, now=timezone.now())
        where = {"Location": f"/api/v1/people/{person.pk}/"}
        return answer(PersonShape.write(person), HTTPStatus.CREATED, where)


class OnePerson(Endpoint):
    """Somebody."""

    @describes("read_person", "people", answers={200: PersonShape})
    def get(self, request: Request, pk: int) -> HttpResponse:
        """Read a person."""
        return answer(PersonShape.write(get_person(self.actor, pk)))


class Organizations(Endpoint):
    """The customers."""

    takes = ListParameters

    @describes("list_organizations", "people", takes=ListParameters, lists=OrganizationShape)
    def get(self, request: Request) -> HttpResponse:
        """List organisations: all for who looks after people, and otherwise those that the caller belongs to."""
        self.needs(*_OF_ORGANIZATIONS)
        return paged(api.organizations_seen(self.actor), self.asked, OrganizationShape.write)


class OneOrganization(Endpoint):
    """A customer."""

    @describes("read_organization", "people", answers={200: OrganizationShape})
    def get(self, request: Request, pk: int) -> HttpResponse:
        """Read an organisation."""
        self.needs(*_OF_ORGANIZATIONS)
        found = api.organizations_seen(self.actor).filter(pk=pk).first()
        if found is None:
            raise Http404(_("There is no such organisation, or it is not yours to see."))
        return answer(OrganizationShape.write(found))
