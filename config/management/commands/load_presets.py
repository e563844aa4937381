"""`manage.py load_presets`: give the desk what it starts with."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from helpdesk import presets
from helpdesk.actors import SYSTEM


class Command(BaseCommand):
    help = "Adds what a desk starts with, from tiers to categories with their questions. Changes nothing that is there."

    def handle(self, *args: Any, **options: Any) -> None:
        added = presets.load(by=SYSTEM, now=timezone.now())
        told = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in added.items() if count)
        self.stdout.write(f"Added {told}." if told else "Everything was there already.")
