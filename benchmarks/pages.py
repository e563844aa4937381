"""How fast the desk's pages are, and what grows with the tickets: `.venv/bin/python -m benchmarks.pages`.

Runs on an embedded PostgreSQL of its own, which it removes at its end: first with few tickets, then with `--rows N`.
Each page is asked for many times. What is printed is the quickest time, which other work on the machine disturbs least,
the median, and the number of queries with few and with many tickets.
"""

import argparse
import statistics
import time
from collections.abc import Iterator
from typing import Any

from benchmarks.flow import desk

FEW = 60
PAGES = {
    "home": "/admin/",
    "list": "/admin/tickets/",
    "list, most urgent": "/admin/tickets/?order=urgent",
    "list, waiting": "/admin/tickets/?order=waiting",
    "list, mine": "/admin/tickets/?assignee=me",
    "list, all": "/admin/tickets/?status=all",
    "list, solved lately": "/admin/tickets/?order=solved",
    "list, words": "/admin/tickets/?q=measured+7&status=all",
    "list, tag and tier": "/admin/tickets/?tag={tag}&tier={tier}",
    "list, team": "/admin/tickets/?team={team}",
    "ticket": "/admin/tickets/{ref}/",
}


def people() -> dict[str, Any]:
    """An agent and a manager, and the team that works every queue."""
    from helpdesk.choices import Role
    from helpdesk.models import Queue, Team, TeamMembership, Tier, User

    team = Team.objects.create(name="Measured", tier=Tier.objects.order_by("level")[0])
    for queue in Queue.objects.all():
        queue.teams.add(team)
    agent = User.objects.create(email="agent@example.org", name="Mara Silva", role=Role.AGENT)
    TeamMembership.objects.create(team=team, user=agent)
    manager = User.objects.create(email="manager@example.org", name="Grace", role=Role.MANAGER)
    User.objects.bulk_create(User(email=f"asks{n}@example.org", name=f"Asks {n}") for n in range(500))
    return {"agent": agent, "manager": manager, "team": team}


def fill(start: int, end: int, standing: dict[str, Any]) -> None:
    """Tickets in bulk: one in five is not solved, half of these wait for an answer, each has two messages."""
    from datetime import timedelta

    from django.db import connection
    from django.utils import timezone

    from helpdesk.choices import Channel, Purpose, Status, Visibility
    from helpdesk.models import Message, Queue, Tag, Ticket, Tier, User

    now = timezone.now()
    queues, tiers = list(Queue.objects.all()), list(Tier.objects.all())
    requesters = list(User.objects.filter(email__startswith="asks"))
    tag, _is_new = Tag.objects.get_or_create(name="measured")
    made = []
    for number in range(start, end):
        at = now - timedelta(minutes=7 * (end - number))
        is_open = number % 5 == 0
        made.append(
            Ticket(
                subject=f"A measured matter {number}",
                requester=requesters[number % len(requesters)],
                queue=queues[number % len(queues)],
                tier=tiers[number % len(tiers)],
                priority=1 + number % 4,
                status=Status.OPEN if is_open else Status.CLOSED,
                assignee=standing["agent"] if number % 15 == 0 else None,
                channel=Channel.PORTAL,
                resolution_kind="" if is_open else "fixed",
                created_at=at,
                updated_at=at,
                public_at=at,
                status_since=at,
                unanswered_since=at if number % 10 == 0 else None,
                resolved_at=None if is_open else at,
                closed_at=None if is_open else at,
            )
        )
    tickets = Ticket.objects.bulk_create(made, batch_size=2000)
    Message.objects.bulk_create(
        (
            Message(
                ticket=ticket,
                author=ticket.requester,
                visibility=Visibility.PUBLIC,
                purpose=purpose,
                body="It smokes since nine. " * 10,
                channel=Channel.PORTAL,
                created_at=ticket.created_at,
            )
            for ticket in tickets
            for purpose in (Purpose.REPORT, Purpose.CONVERSATION)
        ),
        batch_size=2000,
    )
    Ticket.tags.through.objects.bulk_create(
        (Ticket.tags.through(ticket=ticket, tag=tag) for ticket in tickets[::3]), batch_size=5000
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def measure(times: int, standing: dict[str, Any]) -> Iterator[tuple[str, str, float, float, int]]:
    """Role, page, quickest and median time in milliseconds, and number of queries."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from helpdesk.models import Tag, Ticket, Tier

    words = {
        "tag": Tag.objects.get(name="measured").pk,
        "tier": Tier.objects.order_by("level")[0].pk,
        "team": standing["team"].pk,
        # The last that is open: with it the page has the same to show, however many others there are.
        "ref": Ticket.objects.filter(status="open").order_by("-pk")[0].ref,
    }
    for role in ("agent", "manager"):
        client = Client(headers={"host": "localhost"})
        client.force_login(standing[role])
        for name, pattern in PAGES.items():
            address = pattern.format(**words)
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(address)
            count = len(queries)
            assert answer.status_code == 200, address
            spans = []
            for _n in range(times):
                began = time.perf_counter()
                client.get(address)
                spans.append((time.perf_counter() - began) * 1000)
            yield role, name, min(spans), statistics.median(spans), count


def main() -> None:
    """Measure with few tickets, then with many, and say what grew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=25)
    given = parser.parse_args()
    with desk():
        standing = people()
        # Few, but each list has a full page.
        fill(0, FEW * 5, standing)
        few = {(role, name): numbers for role, name, *numbers in measure(given.times, standing)}
        fill(FEW * 5, given.rows, standing)
        print(
            f"{'milliseconds, quickest (median)':<34} {FEW * 5:>6} tickets {given.rows:>10} tickets   grown   queries"
        )
        for role, name, least, median, count in measure(given.times, standing):
            least_before, median_before, queries = few[role, name]
            grown = f"{(least / least_before - 1) * 100:+5.0f} %"
            before, now = f"{least_before:.1f} ({median_before:.1f})", f"{least:.1f} ({median:.1f})"
            print(f"{role + ': ' + name:<32} {before:>17} {now:>17} {grown:>9}   {queries} / {count}", flush=True)


if __name__ == "__main__":
    main()
