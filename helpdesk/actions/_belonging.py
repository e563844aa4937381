"""The step by which a confirmed address says where somebody belongs."""

from datetime import datetime

from allauth.account.models import EmailAddress

from helpdesk.actions._record import audit
from helpdesk.actors import Actor
from helpdesk.choices import OrganizationRole, Role
from helpdesk.domain.mail_domains import domain_of
from helpdesk.models import OrganizationDomain, OrganizationMembership, User
from helpdesk.selectors import people


def take_in(user: User, address: str, *, by: Actor, now: datetime) -> OrganizationMembership | None:
    """Make the person a member of the organisation whose domain their confirmed address has, if they have no place yet.

    What is not confirmed says nothing: anybody can write any address. A place that was closed stays so, since somebody
    decided it; and who works for the desk is nobody's customer by their address.
    """
    if not EmailAddress.objects.filter(user=user, email__iexact=address, verified=True).exists():
        return None
    # Two addresses that are confirmed at the same moment wait for each other here.
    person = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if person.role != Role.REQUESTER or not person.is_active:
        return None
    known = OrganizationDomain.objects.filter(domain=domain_of(address), is_active=True, organization__is_active=True)
    found = known.select_related("organization").first()
    places = OrganizationMembership.objects.filter(user=person)
    if found is None or places.filter(is_active=True).exists():
        return None
    if places.filter(organization=found.organization).exists():
        return None
    return _join(person.pk, found, by, now)


def take_in_all(domain: OrganizationDomain, *, by: Actor, now: datetime) -> int:
    """Make everybody a member who confirmed an address at this domain before it was the organisation's. Returns how
    many they are.
    """
    if not (domain.is_active and domain.organization.is_active):
        return 0
    waiting = people.would_join(domain.domain, domain.organization_id)
    # Who confirms an address at this moment, or is given a place, is done before, or finds their place here.
    locked = User.objects.select_for_update(no_key=True).filter(pk__in=waiting).order_by("pk")
    ids = {person.pk for person in locked}
    joined = sorted(ids & people.would_join(domain.domain, domain.organization_id))
    for pk in joined:
        _join(pk, domain, by, now)
    return len(joined)


def _join(person_id: int, domain: OrganizationDomain, by: Actor, now: datetime) -> OrganizationMembership:
    place = OrganizationMembership.objects.create(
        user_id=person_id, organization_id=domain.organization_id, role=OrganizationRole.MEMBER
    )
    data = {"user_id": person_id, "role": place.role, "domain_id": domain.pk}
    audit("organization_joined", ("organization", domain.organization_id), data, by=by, now=now)
    return place
