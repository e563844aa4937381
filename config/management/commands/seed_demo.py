"""`manage.py seed_demo`: people and tickets to look at."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from config import demo_data, demo_tickets
from helpdesk.actions import people
from helpdesk.actors import SYSTEM
from helpdesk.choices import OrganizationRole, TeamRole
from helpdesk.models import Organization, Queue, Region, Team, Tier, User


class Command(BaseCommand):
    help = "Fills the desk with people and tickets for a demo. Adds what is missing; needs `load_presets` before it."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        _places()
        persons = {person.name: _person(person, now) for person in demo_data.PEOPLE}
        count = demo_tickets.tell(demo_tickets.STORIES, persons, now)
        self.stdout.write(f"The demo has {len(persons)} people; {count} stories were added.")


def _places() -> None:
    """Organisations and teams; the teams work the queue of the presets."""
    for name in demo_data.ORGANIZATIONS:
        Organization.objects.get_or_create(name=name)
    tiers = {tier.level: tier for tier in Tier.objects.all()}
    queue = Queue.objects.get(is_default=True)
    for name, level in demo_data.TEAMS.items():
        queue.teams.add(Team.objects.get_or_create(name=name, defaults={"tier": tiers[level]})[0])


def _person(person: demo_data.Person, now: datetime) -> User:
    user = User.objects.filter(email__iexact=person.email).first() or people.add_person(
        name=person.name,
        email=person.email,
        role=person.role,
        region=Region.objects.filter(code=person.region).first(),
        language=person.language,
        time_zone=person.time_zone,
        password=demo_data.PASSWORD,
        by=SYSTEM,
        now=now,
    )
    for name in person.teams:
        role = TeamRole.LEAD if name.endswith("*") else TeamRole.MEMBER
        people.join_team(
            user=user,
            team=Team.objects.get(name=name.rstrip("*")),
            role=role,
            by=SYSTEM,
            now=now,
        )
    for name in person.organizations:
        place = OrganizationRole.MANAGER if name.endswith("*") else OrganizationRole.MEMBER
        organization = Organization.objects.get(name=name.rstrip("*"))
        people.join_organization(user=user, organization=organization, role=place, by=SYSTEM, now=now)
    return user
