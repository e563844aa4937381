"""`manage.py seal_anew`: after a new encryption key was put in front, before the old one is taken away."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from helpdesk.actions.letters import seal_waiting_anew
from helpdesk.actions.second_step import seal_all_anew
from helpdesk.actions.webhooks import seal_secrets_anew
from helpdesk.domain.sealing import CannotOpen


class Command(BaseCommand):
    help = "Seals every secret in the database under the first of the ENCRYPTION_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = seal_all_anew() + seal_secrets_anew() + seal_waiting_anew()
        except CannotOpen as error:
            raise CommandError("A secret was sealed with a key that is not among the ENCRYPTION_KEYS.") from error
        self.stdout.write(f"{count} secrets are sealed under the first key.")
