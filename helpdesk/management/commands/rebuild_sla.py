"""Count every clock anew from its ledger."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from helpdesk.actions.rebuilding import rebuild
from helpdesk.actors import SYSTEM


class Command(BaseCommand):
    """`rebuild_sla` mends what does not follow from the ledgers; with `--check` it only says so, and fails."""

    help = "Count every clock anew from its ledger, and mend what differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="Change nothing; fail where something differs.")

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        for wrong in rebuild(by=SYSTEM, now=timezone.now(), write=not options["check"]):
            count += 1
            self.stdout.write(f"{wrong.ref} {wrong.what} {wrong.column}: {wrong.stored} -> {wrong.right}")
        if count and options["check"]:
            raise CommandError(f"{count} values do not follow from the ledgers.")
        self.stdout.write(f"{count} values were mended.")
