"""The step by which a confirmed address says where somebody belongs."""

from datetime import datetime

from allauth.account.models import EmailAddress

from helpdesk.actions._record import audit
from helpdesk.actors import Actor
from helpdesk.choices import OrganizationRole, Role
from helpdesk.domain.mail_domains import domain_of
from helpdesk.models import OrganizationDomain, OrganizationMembership, User


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
    place = OrganizationMembership.objects.create(
        user=person, organization=found.organization, role=OrganizationRole.MEMBER
    )
    data = {"user_id": person.pk, "role": place.role, "domain_id": found.pk}
    audit("organization_joined", ("organization", found.organization_id), data, by=by, now=now)
    return place
