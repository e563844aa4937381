"""Make a token on the server itself."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from helpdesk.actions.tokens import make_token
from helpdesk.actors import SYSTEM
from helpdesk.errors import DomainError
from helpdesk.models import User
from helpdesk.scopes import TokenScope
from helpdesk.selectors import catalogue
from helpdesk.selectors.people import known_by
from helpdesk.selectors.tokens import integrations_named


class Command(BaseCommand):
    """`create_token agent@example.org --name Monitoring --scope tickets:write` prints the token, this once."""

    help = "Make a token for somebody or for an integration, and print it. It is shown this once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        whose = parser.add_mutually_exclusive_group(required=True)
        whose.add_argument("email", nargs="?", help="Whose token it is: what they may do, it may do.")
        whose.add_argument("--integration", metavar="NAME", help="The integration of this name, instead of a person.")
        parser.add_argument("--name", required=True, help="A name by which it is known.")
        parser.add_argument(
            "--scope", action="append", required=True, choices=TokenScope.values, help="What it may be used for."
        )
        parser.add_argument("--queue", action="append", default=[], help="The code of a queue that it is limited to.")
        parser.add_argument("--days", type=int, help="It ends after so many days; otherwise when it is revoked.")

    def handle(self, *args: Any, **options: Any) -> None:
        person, now = _whose(options["email"], options["integration"]), timezone.now()
        queues = {queue.code: queue for queue in catalogue.queues()}
        if unknown := [code for code in options["queue"] if code not in queues]:
            raise CommandError(f"There is no queue {unknown[0]}. There are: {', '.join(queues)}.")
        days = options["days"]
        try:
            _row, token = make_token(
                user=person,
                name=options["name"],
                scopes=options["scope"],
                queues=[queues[code] for code in options["queue"]],
                expires_at=None if days is None else now + timedelta(days=days),
                by=SYSTEM,
                now=now,
            )
        except (DomainError, OverflowError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(str(token))


def _whose(address: str | None, name: str | None) -> User:
    """The person or the integration. Raises CommandError where there is none, or more than one of the name."""
    if name is None:
        person = known_by(address or "")
        if person is None:
            raise CommandError(f"Nobody has the address {address}.")
        return person
    found = integrations_named(name)
    if not found:
        raise CommandError(f"There is no integration called {name}. An administrator adds it in the desk.")
    if len(found) > 1:
        raise CommandError(f"{len(found)} integrations are called {name}. Give one of them another name.")
    return found[0].user
