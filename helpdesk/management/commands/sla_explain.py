"""Say why the clocks of a ticket are due when they are."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.http import Http404
from django.utils import timezone

from helpdesk import access
from helpdesk.actors import SYSTEM
from helpdesk.choices import CycleState, LineKind, Metric
from helpdesk.domain.sla import Line
from helpdesk.models import SLACycle
from helpdesk.selectors.clocks import Explained, explain, of_ticket


class Command(BaseCommand):
    """`sla_explain WD-1` prints each clock with its policy, its lines and what caused them."""

    help = "Say why the clocks of a ticket are due when they are, line by line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("ref", help="The ticket, such as WD-1042.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            ticket = access.get_ticket(SYSTEM, options["ref"], opens=False)
        except Http404 as error:
            raise CommandError(f"There is no ticket {options['ref']}.") from error
        cycles = of_ticket(ticket)
        if not cycles:
            self.stdout.write(f"Nothing is promised on {ticket.ref}.")
        for cycle in cycles:
            self._clock(cycle)

    def _clock(self, cycle: SLACycle) -> None:
        if cycle.target_seconds is None:
            return
        why = explain(cycle, timezone.now())
        zone = ZoneInfo(why.calendar.time_zone)
        head = f"{Metric(cycle.metric).label} {cycle.number}: {CycleState(cycle.state).label}"
        due = _moment(cycle.due_at, zone) if cycle.due_at else "–"
        self.stdout.write(f"{head}, due {due}")
        self.stdout.write(f"  {why.policy} ({why.calendar}), target {cycle.target}; {_because(why)}")
        for turn in why.turns:
            self.stdout.write(f"  {_moment(turn.at, zone)}  {turn.what} ({turn.status.label})")
        for line in why.lines:
            self.stdout.write(f"    {_line(line, why, zone)}")
        self.stdout.write(f"    = {why.used}")


def _because(why: Explained) -> str:
    return "chosen by hand" if why.is_chosen else f"by rule {why.rule}"


def _line(line: Line, why: Explained, zone: ZoneInfo) -> str:
    name = f" ({why.holidays.get(line.holiday, '')})" if line.holiday else ""
    counted = f"  {line.counted}" if line.counted else ""
    return f"{_moment(line.begins, zone)} – {_moment(line.ends, zone)}  {LineKind(line.kind).label}{name}{counted}"


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S %Z}"
