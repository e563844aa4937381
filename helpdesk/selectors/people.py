"""People as pages need them."""

from functools import reduce
from operator import or_
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from helpdesk.actors import Actor
from helpdesk.choices import Role
from helpdesk.domain.mail_domains import domain_of, spellings
from helpdesk.models import Organization, OrganizationDomain, OrganizationMembership, TeamMembership, Ticket, User
from helpdesk.prepared import prepared
from helpdesk.selectors.privacy import is_private


def people_here() -> QuerySet[User]:
    """Everybody whose account is open, but for other systems: whom one can name, ask for, or give something to."""
    return User.objects.filter(is_active=True, is_integration=False)


def colleagues() -> QuerySet[User]:
    """Those of them who work for the desk."""
    return people_here().exclude(role__in=(Role.REQUESTER, Role.AUDITOR))


def assignable_to(ticket: Ticket) -> QuerySet[User]:
    """Who may be given the ticket: the active people in the active teams that work it, by name."""
    places = TeamMembership.objects.filter(works_it(ticket), is_active=True, team__is_active=True)
    return colleagues().filter(pk__in=places.values("user")).order_by("name", "pk")


def works_it(ticket: Ticket) -> Q:
    """The places in teams that work the ticket: those of its queue or, where its category is private, of that."""
    return Q(team__private_categories=ticket.category_id) if is_private(ticket) else Q(team__queues=ticket.queue_id)


def with_address(address: str) -> User | None:
    """Who has the address, whatever its case; of an account that was merged, the one that it was merged into."""
    found = User.objects.select_related("merged_into").filter(email__iexact=address).first()
    return found.present if found else None


def known_by(address: str) -> User | None:
    """Who has this address: as the one they sign in with, or as another one that they proved."""
    found = with_address(address)
    if found is None:
        other = EmailAddress.objects.filter(email__iexact=address, verified=True).select_related("user").first()
        found = other.user.present if other else None
    return found


def would_join(domain: str, organization_id: int | None) -> set[int]:
    """Who would belong to the organisation by an address that they confirmed at this domain: their ids.

    Whoever has a place somewhere keeps it, one that was closed stays so, and who works for the desk is no customer.
    """
    ends = reduce(or_, (Q(email__iendswith=f"@{name}") for name in spellings(domain)))
    asking = {"verified": True, "user__role": Role.REQUESTER, "user__is_active": True}
    placed = OrganizationMembership.objects.filter(Q(is_active=True) | Q(organization=organization_id))
    found = EmailAddress.objects.filter(ends, **asking).exclude(user__in=placed.values("user"))
    return {pk for pk, email in found.values_list("user", "email") if domain_of(email) == domain}


def places_of(person: User) -> QuerySet[Organization]:
    """The organisations that somebody belongs to, the one of their tickets first."""
    own = {"memberships__user": person, "memberships__is_active": True}
    return Organization.objects.filter(is_active=True, **own).order_by("memberships__pk")


def first_place_of(person: User) -> Organization | None:
    """The organisation of somebody's tickets."""
    return next(iter(_first_place(person.pk)), None)


@prepared
def _first_place(person: int) -> QuerySet[Organization]:
    own: dict[str, Any] = {"memberships__user": person, "memberships__is_active": True}
    return Organization.objects.filter(is_active=True, **own).order_by("memberships__pk")[:1]


def place_among_managed(actor: Actor, person: User | None, address: str) -> Organization | None:
    """In which of the organisations that they manage somebody files for a person, or for an address of its domains.

    The tickets that it becomes are that organisation's, whatever else the person belongs to.
    """
    managed = sorted(actor.standing.managed_organization_ids)
    if person is not None:
        own = OrganizationMembership.objects.filter(user=person, is_active=True, organization__in=managed)
        place = own.select_related("organization").order_by("organization").first()
        if place is not None and person.is_active and person.role == Role.REQUESTER:
            return place.organization
    domains = OrganizationDomain.objects.filter(is_active=True, organization__in=managed, domain=domain_of(address))
    found = domains.select_related("organization").first() if address else None
    return found.organization if found else None


def logging_in_with(address: str) -> User | None:
    """Who logs in with the address: their own, or another that they proved. Two queries, whatever they find."""
    wanted = address.strip().lower()
    own = (
        User.objects.alias(low=Lower("email"))
        .select_related("merged_into")
        .filter(low=wanted, is_integration=False)
        .first()
    )
    others = EmailAddress.objects.alias(low=Lower("email")).filter(low=wanted, verified=True)
    other = others.select_related("user").first()
    if other is not None and (own is None or own.merged_into_id is not None):
        return other.user  # type: ignore[no-any-return] # allauth ships no types
    return own.present if own else None


def person_of(pk: int) -> User | None:
    """The person of this key."""
    return User.objects.filter(pk=pk).first()
