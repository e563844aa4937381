"""Accounts that may be one person's, and those that were made one."""

from datetime import datetime
from typing import Final

from django.db.models import Q

from helpdesk.choices import OrganizationRole, Role
from helpdesk.domain.mail_domains import PUBLIC, domain_of
from helpdesk.models import OrganizationMembership, PersonMerge, User
from helpdesk.models.person_merges import UNDO_WITHIN

_NAMESAKES: Final = 50
MOST: Final = 5


def duplicates_of(person: User) -> list[User]:
    """Who may be the same person: of the same name, in the same organisation or at the same mail domain.

    Two queries along indexes, however many people there are.
    """
    if not person.name or person.role != Role.REQUESTER or person.merged_into_id is not None:
        return []
    namesakes = User.objects.filter(name__iexact=person.name, role=Role.REQUESTER, is_active=True, is_integration=False)
    found = list(namesakes.exclude(pk=person.pk).order_by("pk")[:_NAMESAKES])
    if not found:
        return []
    places: dict[int, set[int]] = {}
    rows = OrganizationMembership.objects.filter(user__in=[person, *found], is_active=True)
    for user, organization in rows.values_list("user", "organization"):
        places.setdefault(user, set()).add(organization)
    here, own = places.get(person.pk, set()), _domain(person)
    alike = [one for one in found if here & places.get(one.pk, set()) or (own and _domain(one) == own)]
    return alike[:MOST]


def _domain(person: User) -> str:
    domain = domain_of(person.email)
    return "" if domain in PUBLIC else domain


def merges_of(person: User, now: datetime) -> list[PersonMerge]:
    """The merges that concern the person and can still be taken back, the newest first."""
    concerned = Q(source=person) | Q(target=person)
    rows = PersonMerge.objects.filter(concerned, undone_at__isnull=True, merged_at__gte=now - UNDO_WITHIN)
    return list(rows.select_related("source", "target").order_by("-pk"))


def merged_into(person: User) -> list[User]:
    """The accounts that were merged into the person's, by name."""
    return list(User.objects.filter(merged_into=person).order_by("name", "pk"))


def managed_by(person: User) -> list[str]:
    """The names of the organisations whose tickets the person sees all."""
    places = OrganizationMembership.objects.filter(user=person, role=OrganizationRole.MANAGER, is_active=True)
    return list(places.order_by("organization__name").values_list("organization__name", flat=True))
