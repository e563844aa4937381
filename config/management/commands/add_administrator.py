"""`manage.py add_administrator NAME ADDRESS`: the first person of a new desk."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.urls import reverse
from django.utils import timezone

from helpdesk.actions import people
from helpdesk.actors import SYSTEM
from helpdesk.choices import Role
from helpdesk.errors import DomainError


class Command(BaseCommand):
    help = "Adds an administrator, who then chooses a password by a mailed link."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")
        parser.add_argument("address")

    def handle(self, *args: Any, **options: Any) -> None:
        name, address = options["name"], options["address"]
        try:
            validate_email(address)
            people.add_person(name=name, email=address, role=Role.ADMINISTRATOR, by=SYSTEM, now=timezone.now())
        except ValidationError as error:
            raise CommandError(f"“{address}” is not an e-mail address.") from error
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        url = f"{settings.BASE_URL}{reverse('account_reset_password')}"
        self.stdout.write(f"{name} is an administrator now and chooses a password at {url}")
