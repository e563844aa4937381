"""Lists at 200,000 tickets: for each role every one of them goes along an index and reads no more than a few rows.

The rows are made by SQL within the test's transaction, narrow and skewed as a desk of some years has them: nine of ten
closed, some queues and people with most of the work, one ticket in a hundred private, and one matter that two queues
alone know, 6,000 times.
"""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

import pytest
from django.db import connection
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from psycopg.types.numeric import Int8

from helpdesk.actors import Actor
from helpdesk.choices import Channel, OrganizationRole, Role, TeamRole
from helpdesk.forms.desk_filter import TicketFilter
from helpdesk.forms.my_tickets import Narrowing
from helpdesk.models import Organization, Ticket, TicketChange, User, Watcher
from helpdesk.prepared import sql_of
from helpdesk.selectors import api, my_tickets, narrowing, paging, tickets
from helpdesk.selectors.counts import unsolved_groups
from helpdesk.views.desk.listing import named
from tests.factories import (
    CategoryFactory,
    OrganizationFactory,
    OrganizationMembershipFactory,
    QueueFactory,
    RegionFactory,
    TeamFactory,
    TeamMembershipFactory,
    TierFactory,
    UserFactory,
    actor,
)

_SIZE: Final = paging.PAGE_SIZE + 1
MANY: Final = 200_000
PEOPLE: Final = 4_000
# Pages of 8 kB that the first page of a list may read: what it shows, and what lies between that on the way.
MOST_PAGES: Final = 4_000
# What changed of what one person sees is collected, all of it, for each five hundred of a long answer; to go through
# what changed of all tickets takes 800,000.
MOST_COLLECTED: Final = 120_000
# It counts all that is not solved, along an index that has all of it.
_HOME: Final = "desk numbers of the home"

_PEOPLE: Final = """
INSERT INTO helpdesk_user (password, email, name, role, language, time_zone, is_active, created_at)
SELECT '!', 'bulk' || n || '@example.org', 'Person ' || n, 'requester', 'en', 'UTC', true, now()
FROM generate_series(1, %(people)s) AS n
"""
# Powers make the first of a list come often and the last seldom.
_TICKETS: Final = """
INSERT INTO helpdesk_ticket (
    subject, requester_id, organization_id, queue_id, category_id, tier_id, priority, status, assignee_id, channel,
    resolution_kind, version, created_at, updated_at, public_at, first_answer_at, unanswered_since, status_since,
    resolved_at, closed_at
)
SELECT
    CASE WHEN r[3] > 0.97 THEN 'The calendar is late' ELSE 'x' END,
    people[1 + floor(power(r[1], 3) * array_length(people, 1))::int],
    CASE WHEN r[2] < 0.8 THEN organizations[1 + floor(power(r[2] / 0.8, 2) * array_length(organizations, 1))::int] END,
    queues[1 + floor(power(r[3], 2) * array_length(queues, 1))::int],
    CASE WHEN r[4] < 0.01 THEN private_id WHEN r[4] < 0.9 THEN open_id END,
    tier_id, 1 + floor(r[5] * 4)::int,
    CASE WHEN is_closed THEN 'closed' WHEN r[6] < 0.2 THEN 'new' WHEN r[6] < 0.6 THEN 'in_progress' ELSE 'pending' END,
    CASE WHEN r[7] < 0.7 THEN agents[1 + floor(r[7] / 0.7 * array_length(agents, 1))::int] END,
    'portal', CASE WHEN is_closed THEN 'fixed' ELSE '' END, 1,
    filed, changed, changed, changed, CASE WHEN NOT is_closed AND r[6] < 0.3 THEN changed END, changed,
    CASE WHEN is_closed THEN changed END, CASE WHEN is_closed THEN changed END
FROM (
    SELECT
        ARRAY[random(), random(), random(), random(), random(), random(), random()] AS r,
        random() < CASE WHEN n < %(many)s * 0.97 THEN 0.95 ELSE 0.1 END AS is_closed,
        now() - (%(many)s - n) * interval '4 minutes' - interval '2 days' AS filed,
        now() - (%(many)s - n) * interval '4 minutes' - random() * interval '1 day' AS changed
    FROM generate_series(1, %(many)s) AS n
) AS drawn, (
    SELECT
        %(people)s::bigint[] AS people, %(organizations)s::bigint[] AS organizations, %(queues)s::bigint[] AS queues,
        %(agents)s::bigint[] AS agents, %(private)s::bigint AS private_id, %(open)s::bigint AS open_id,
        %(tier)s::bigint AS tier_id
) AS places
"""
# What holds up the writing of so many rows, as the commands that take it away and put it back.
_INDEXES: Final = """
SELECT format('DROP INDEX %%I', indexname), indexdef FROM pg_indexes
WHERE tablename = 'helpdesk_ticket'
AND indexname NOT IN (SELECT conname FROM pg_constraint WHERE conrelid = 'helpdesk_ticket'::regclass)
"""
_REFERENCES: Final = """
SELECT format('ALTER TABLE helpdesk_ticket DROP CONSTRAINT %%I', conname) FROM pg_constraint
WHERE conrelid = 'helpdesk_ticket'::regclass AND contype = 'f'
"""


def _fill(places: dict[str, Any], many: int) -> None:
    """The rows, and their indexes after them. All of it goes with the transaction, and what it took away comes back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute(_PEOPLE, {"people": PEOPLE})
        people = list(User.objects.filter(email__startswith="bulk").order_by("pk").values_list("pk", flat=True))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(_REFERENCES % ())
        for (command,) in cursor.fetchall():
            cursor.execute(command)
        cursor.execute(_INDEXES % ())
        indexes = cursor.fetchall()
        for drop, _make in indexes:
            cursor.execute(drop)
        cursor.execute(_TICKETS, {**places, "people": people, "many": many})
        for _drop, make in indexes:
            cursor.execute(make)
        cursor.execute("ANALYZE helpdesk_ticket")
        cursor.execute("ANALYZE helpdesk_ticketchange")
        cursor.execute("ANALYZE helpdesk_user")


class Desk:
    """Who looks at the lists, and what they look at."""

    def __init__(self, many: int) -> None:
        region = RegionFactory.create()
        tier = TierFactory.create(level=1)
        self.teams = [TeamFactory.create(region=region if n < 5 else None) for n in range(10)]
        self.circle = circle = TeamFactory.create()
        queues = [QueueFactory.create(teams=[team, self.teams[0]]) for team in self.teams for _twice in range(2)]
        organizations = [OrganizationFactory.create() for _n in range(100)]
        private = CategoryFactory.create(queue=queues[0], restricted_to=[circle])
        agents = [UserFactory.create(role=Role.AGENT) for _n in range(40)]
        self.people: dict[str, User] = {
            "agent of large queues": agents[0],
            "agent of small queues": agents[1],
            "agent of all queues": agents[2],
            "team lead": agents[3],
            "insider": agents[4],
            "insider of a queue": agents[5],
            "agent of no team": agents[6],
            **{
                role.value: UserFactory.create(role=role, region=region if role is Role.REGIONAL_MANAGER else None)
                for role in Role
                if role not in {Role.REQUESTER, Role.AGENT}
            },
        }
        self._place(agents)
        places = {
            "organizations": [row.pk for row in organizations],
            "queues": [row.pk for row in queues],
            "agents": [row.pk for row in agents],
            "private": private.pk,
            "open": CategoryFactory.create(queue=queues[0]).pk,
            "tier": tier.pk,
        }
        _fill(places, many)
        self._let_ask(organizations, many)

    def _place(self, agents: Sequence[User]) -> None:
        """Who works where."""
        for who, team, role in (
            (agents[0], self.teams[1], TeamRole.MEMBER),
            (agents[1], self.teams[9], TeamRole.MEMBER),
            (agents[2], self.teams[0], TeamRole.MEMBER),
            (agents[3], self.teams[2], TeamRole.LEAD),
            (agents[4], self.circle, TeamRole.MEMBER),
            (agents[5], self.circle, TeamRole.MEMBER),
            (agents[5], self.teams[3], TeamRole.MEMBER),
        ):
            TeamMembershipFactory.create(user=who, team=team, role=role)

    def _let_ask(self, organizations: Sequence[Organization], many: int) -> None:
        """Who asks, manages and follows."""
        asking = User.objects.filter(email__startswith="bulk").order_by("pk")
        self.people |= {"requester of many": asking[0], "requester of few": asking[PEOPLE - 1], "watcher": asking[1]}
        for name, organization in (("manager of a large one", 0), ("manager of a small one", 99)):
            who = self.people[name] = UserFactory.create()
            place = OrganizationRole.MANAGER
            OrganizationMembershipFactory.create(user=who, organization=organizations[organization], role=place)
        watched = Ticket.objects.order_by("-pk").values_list("pk", flat=True)[: many // 10 : 100]
        for name in ("watcher", "manager of a small one", "agent of large queues"):
            Watcher.objects.bulk_create(Watcher(ticket_id=pk, user=self.people[name]) for pk in watched)


def _portal(who: Actor) -> Iterator[tuple[str, QuerySet[Any]]]:
    """The lists of the portal as it shows them, and what it counts."""
    for whose in my_tickets.choices_of(who):
        for state in my_tickets.STATES.values():
            for order in paging.PORTAL_ORDERS.values() if not state.name else (paging.NEWS,):
                shown = Narrowing("", state, whose, order)
                yield f"portal {whose.label} {state.name} {order.name}", order.keys_of(shown.parts(), _SIZE)
    for state in my_tickets.STATES.values():
        yield f"portal first of own {state.name}", my_tickets.own_keys(who, state, paging.NEWS, _SIZE)
    asked = tickets.requested_by(who).filter(requester=who.person)
    yield "portal waiting", asked.filter(my_tickets.STATES[my_tickets.WAITING].condition)[:100]


_DESK_LISTS: Final = (
    *(f"order={name}" for name in paging.DESK_ORDERS),
    *(f"status=all&order={name}" for name in paging.DESK_ORDERS if name != paging.SOLVED.name),
    "assignee=me",
    "assignee=nobody&order=urgent",
    "waiting=us&order=waiting",
    "status=closed&status=resolved&solved_within=7d&order=solved",
    "q=calendar",
    "q=calendar&status=all&order=urgent",
)


def _desk(who: Actor) -> Iterator[tuple[str, QuerySet[Any]]]:
    """The lists of the desk, the numbers beside them, and what its home counts."""
    for query in _DESK_LISTS:
        asked = QueryDict(query)
        found = TicketFilter(asked, who).qs
        order = paging.DESK_ORDERS.get(asked.get("order", ""), paging.CHANGED)
        # Which tickets a page shows; what they look like is read by their ids then.
        yield f"desk {query}", order.keys_of((found,), _SIZE)
    for order in api.ORDERS.values() if api.is_at_desk(who) else ():
        yield f"api {order.name}", api.keys(who, order, _SIZE, None)
        known = tickets.sought(api.listed(who, by_desk_only=False), Q(subject__icontains="calendar"))
        yield f"api words {order.name}", order.keys_of((known,), _SIZE)
    if api.is_at_desk(who):
        yield "api news", api.keys_in_public(who, _SIZE, None)
        yield "api latest news", api.keys_in_public(who, _SIZE, None, timezone.now())
    yield from _changes(who)
    for name, _title, _hint, wanted, order in named(who):
        yield f"desk first of {name}", narrowing.keys(who, wanted, order, _SIZE, timezone.now())
        yield f"desk number of {name}", narrowing.counted(who, wanted, timezone.now())
    yield _HOME, unsolved_groups(who, ("status", "tier"))


def _changes(who: Actor) -> Iterator[tuple[str, QuerySet[Any]]]:
    """What changed: from the beginning, from the end, and from the middle of what one transaction wrote, as a first
    import does.
    """
    yield "api changes", api.written_after(who, (-1, 0), _SIZE)
    yield "api no changes", api.written_after(who, (10**15, 0), _SIZE)
    yield "api changes from the middle", api.written_after(who, _middle(), _SIZE, 10**15)


def _middle() -> tuple[int, int]:
    """The place in the order of changes that has half of the tickets behind it."""
    return TicketChange.objects.order_by("xid", "ticket").values_list("xid", "ticket")[MANY // 2]


_KINDS: Final = {Int8: "bigint", datetime: "timestamptz"}


def _read(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _read(part)


def _plan(rows: QuerySet[Any]) -> list[dict[str, Any]]:
    """How PostgreSQL finds these rows; what is prepared by a plan that was made for any values."""
    if (told := sql_of(rows)) is None:
        # Nothing can be in it, and the database is not asked.
        return []
    text, values = told
    places = iter(range(1, len(values) + 1))
    text = re.sub("%%|%s", lambda found: "%" if found[0] == "%%" else f"${next(places)}", text)
    kinds = f"({', '.join(_KINDS[type(value)] for value in values)})" if values else ""
    with connection.cursor() as cursor:
        cursor.execute(f"PREPARE listed {kinds} AS {text}")
        given = f"({', '.join(['%s'] * len(values))})" if values else ""
        cursor.execute(f"EXPLAIN (FORMAT JSON, ANALYZE, BUFFERS, TIMING OFF) EXECUTE listed {given}", values or None)
        (plan,) = cursor.fetchone()
        cursor.execute("DEALLOCATE listed")
    return list(plan if isinstance(plan, list) else json.loads(plan))


def _problem(what: str, rows: QuerySet[Any], most: int = MOST_PAGES) -> str:
    """What is wrong with the way in which PostgreSQL finds these rows, or nothing."""
    if not (plan := _plan(rows)):
        return ""
    top = plan[0]["Plan"]
    nodes = list(_read(top))
    if any(node["Node Type"] == "Seq Scan" and node["Relation Name"] == "helpdesk_ticket" for node in nodes):
        return "reads the whole table"
    pages = top["Shared Hit Blocks"] + top["Shared Read Blocks"]
    return f"reads {pages} pages" if pages > most and what != _HOME else ""


@pytest.mark.django_db
def test_every_list_of_every_role_goes_along_an_index() -> None:
    world = Desk(MANY)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
    problems = []
    for name, person in world.people.items():
        who = actor(person, Channel.DESK)
        lists = [*_portal(who), *(_desk(who) if person.is_staff else ())]
        problems += [f"{name}: {what} {found}" for what, rows in lists if (found := _problem(what, rows))]
    # For a place that it knows, PostgreSQL may expect next to nothing behind it.
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = force_custom_plan")
    for name, person in world.people.items():
        for what, rows in _changes(actor(person, Channel.API)):
            if found := _problem(what, rows, MOST_COLLECTED):
                problems.append(f"{name}: {what} {found}")
    assert not problems, "\n".join(problems)
