"""`manage.py seed_demo`: people and tickets to look at."""

import gc
from datetime import datetime, timedelta
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.utils import timezone

from config.demo_world import causes, guests, hours, plan, relations, script, setting, systems
from config.demo_world.people import PEOPLE
from config.demo_world.stage import Stage
from helpdesk import keeping
from helpdesk.actions.housekeeping import without_kicks
from helpdesk.models import Ticket


class Command(BaseCommand):
    help = (
        "Fills the desk with people and the tickets of the last 90 days for a demo. Adds what is missing, the presets "
        "among it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--share", type=float, default=1.0, help="Tell only so much of the stories, such as 0.1; for tests."
        )
        parser.add_argument(
            "--now",
            type=datetime.fromisoformat,
            help="The moment until which things happened, such as 2026-03-02T09:00Z.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now: datetime = options["now"] or timezone.now()
        call_command("load_presets", verbosity=0)
        gc.freeze()  # What is loaded by now stays; looking it through again and again takes a tenth of the time.
        with without_kicks(), connection.cursor() as cursor:
            # Some thousand commits need not each wait for the disk: filling that was cut short begins anew.
            cursor.execute("SET synchronous_commit = off")
            users = setting.build(now - timedelta(days=plan.DAYS + 30))
            hours.close_on_holidays(now - timedelta(days=plan.DAYS + 30))
            hours.plan_longer_hours(now - timedelta(hours=2))
            hours.plan_quicker_answers(now - timedelta(days=1))
            setting.leave_in_peace(users, now - timedelta(days=plan.DAYS))
            setting.announce(now)
            setting.invite(now)
            told = set(Ticket.objects.values_list("requester__email", "subject"))
            tales = plan.tales(script.stories(), now, options["share"])
            with keeping.at_rest():
                count = Stage(users, now).play(tale for tale in tales if (tale.who.email, tale.subject) not in told)
            relations.relate(users, now)
            guests.write(now)
            causes.gather(users, now)
            systems.connect(users, now)
            cursor.execute("RESET synchronous_commit")
        self.stdout.write(f"The demo has {len(PEOPLE)} people; {count} stories were added.")
