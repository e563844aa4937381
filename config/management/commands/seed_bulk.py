"""`manage.py seed_bulk`: a desk with years of history, for measurements."""

import time
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config.bulk.fill import fill, vacuum
from config.bulk.teller import span
from config.demo_world import setting
from helpdesk.models import Queue, TeamMembership, Ticket


class Command(BaseCommand):
    help = (
        "Fills the desk with very many tickets and all that belongs to them. Needs `load_presets` before it; a desk in "
        "which nobody works a queue gets the demo's people first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tickets", type=int, required=True, help="How many.")
        parser.add_argument("--seed", type=int, default=1, help="Another number gives other tickets.")
        parser.add_argument(
            "--now",
            type=datetime.fromisoformat,
            help="The moment until which things happened, such as 2026-03-02T09:00Z.",
        )
        parser.add_argument(
            "--add",
            action="store_true",
            help="Add to a desk that has tickets. Takes longer, and nobody else changes a ticket meanwhile.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        count: int = options["tickets"]
        now: datetime = (options["now"] or timezone.now()).astimezone(UTC).replace(microsecond=0)
        if count < 1:
            raise CommandError("Say how many: --tickets 1000.")
        if Ticket.objects.exists() and not options["add"]:
            raise CommandError("This desk has tickets already; --add puts others beside them.")
        if not Queue.objects.exists():
            raise CommandError("This desk has no queues yet; run `manage.py load_presets` first.")
        if not TeamMembership.objects.filter(is_active=True, team__queues__isnull=False).exists():
            if settings.PRODUCTION:
                raise CommandError("Nobody works a queue here, and production takes no people of the demo.")
            setting.build(now - span(count))
        self._fill(count, now, options)

    def _fill(self, count: int, now: datetime, options: dict[str, Any]) -> None:
        began = time.monotonic()

        def tell(done: int) -> None:
            rate = done / (time.monotonic() - began)
            self.stderr.write(f"{done:,} of {count:,} tickets, {rate:,.0f} a second\r", ending="")

        try:
            fill(count, seed=options["seed"], now=now, keep_indexes=options["add"], tell=tell)
        except LookupError as problem:
            raise CommandError(str(problem)) from problem
        vacuum()
        taken = time.monotonic() - began
        self.stderr.write("")
        self.stdout.write(f"Added {count:,} tickets in {taken:.1f} s, {count / taken * 60:,.0f} a minute.")
