"""What pages really show to everybody, against the oracle; and every list shows what can be opened."""

import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from helpdesk import keeping
from helpdesk.actions import conversation, fields, files, properties, sub_tasks, times
from helpdesk.actions.sub_tasks import Plan
from helpdesk.choices import Channel
from helpdesk.models import GuestLink, Ticket, User
from helpdesk.permissions import Right
from tests.factories import NOW, CustomFieldFactory, actor
from tests.helpdesk.oracle import Oracle
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)

# What stands on every ticket: marks by what they say, to be looked for on every page.
_MARK = re.compile(r"(SUBJECT|PUBLIC|FILE|TOLD|NOTE|TAG|SHUT|FIELD|TASK)-([a-z]+)")
# What the desk alone reads: notes and their files, tags, answers to internal questions, sub-tasks.
_INSIDE = {"NOTE", "TAG", "SHUT", "FIELD", "TASK"}
# Doubles of these go the same ways in the tests of the table.
WHO = (
    "owner", "watcher", "organization_manager", "agent", "insider", "administrator", "auditor", "oncall_coordinator",
)  # fmt: skip


@pytest.fixture
def marked(settings: Any, tmp_path: Path) -> tuple[World, dict[str, Ticket]]:
    """The world with marks on its tickets, and a ticket that an agent asked for in a queue of others."""
    settings.MEDIA_ROOT = tmp_path
    world = make_world()
    placed = {"here": world.here, "elsewhere": world.elsewhere, "secret": world.secret}
    for name, ticket in placed.items():
        by = actor(world.people["insider" if name == "secret" else "manager"], Channel.DESK)
        Ticket.objects.filter(pk=ticket.pk).update(subject=f"SUBJECT-{name}")
        properties.retag(ticket=ticket, add=[f"TAG-{name}"], by=by, now=LATER)
        told, shut = (files.store(content=BytesIO(b"x"), name=f"{mark}-{name}.txt", by=by) for mark in ("FILE", "SHUT"))
        conversation.reply(ticket=ticket, body=f"PUBLIC-{name}", files=[told], by=by, now=LATER)
        conversation.add_note(ticket=ticket, body=f"NOTE-{name}", files=[shut], by=by, now=LATER)
        sub_tasks.add_sub_task(ticket=ticket, plan=Plan(f"TASK-{name}"), by=by, now=LATER)
        for mark in ("TOLD", "FIELD"):
            code = f"{mark}-{name}".lower()
            asked = CustomFieldFactory.create(
                category=None, queue=ticket.queue, code=code, label="Which one?", is_internal=mark == "FIELD"
            )
            fields.set_answer(ticket=ticket, field=asked, to=f"{mark}-{name}", by=by, now=LATER)
    Ticket.objects.filter(pk=world.elsewhere.pk).update(requester=world.people["agent"])
    return world, {name: Ticket.objects.get(pk=ticket.pk) for name, ticket in placed.items()}


def _pages(placed: dict[str, Ticket]) -> Iterator[tuple[str, str, str]]:
    """Every way to look at tickets: its kind, the ticket that it is about, and its address."""
    for name, ticket in placed.items():
        yield "portal", name, f"/tickets/{ticket.ref}/"
        yield "portal", name, f"/tickets/{ticket.ref}/print/"
        yield "news", name, f"/tickets/{ticket.ref}/news/?after=0"
        yield "desk", name, f"/admin/tickets/{ticket.ref}/"
        yield "desk", name, f"/admin/tickets/{ticket.ref}/peek/"
        yield "desk news", name, f"/admin/tickets/{ticket.ref}/news/?after=0"
    yield "portal list", "", "/tickets/?whose=all"
    yield "portal list", "", "/tickets/found/?whose=all&q=SUBJECT"
    yield "desk list", "", "/admin/tickets/?status=all"
    yield "desk list", "", "/admin/tickets/?status=all&q=SUBJECT&order=urgent"
    yield "desk list", "", "/admin/suggest/ticket/?q=SUBJECT"


def _allowed(oracle: Oracle, person: User, kind: str, about: str, placed: dict[str, Ticket]) -> set[str]:
    """The marks that may stand there, by the oracle."""
    shown = set()
    for name, ticket in placed.items():
        if about not in {"", name}:
            continue
        rights = oracle.rights(person, ticket)
        reads = Right.READ_NOTES in rights
        concerns = oracle.asks(person, ticket) or oracle.watches(person, ticket)
        sees = {
            "portal list": concerns,
            "portal": Right.VIEW in rights,
            "news": Right.VIEW in rights,
        }.get(kind, reads)
        inside = _INSIDE if kind.startswith("desk") else set()
        if sees:
            shown |= {f"{what}-{name}" for what in {"SUBJECT", "PUBLIC", "FILE", "TOLD"} | inside}
    return shown


def test_pages_show_to_everybody_what_the_oracle_allows_and_nothing_else(
    marked: tuple[World, dict[str, Ticket]],
) -> None:
    world, placed = marked
    with keeping.at_rest():
        problems = _wrong(world, placed)
    assert not problems, "\n".join(problems)


def _wrong(world: World, placed: dict[str, Ticket]) -> list[str]:
    """What is shown to somebody and should not be, and what is missing."""
    problems, oracle = [], Oracle()
    for name in WHO:
        client, person = Client(headers={"X-Piece": "1"}), world.people[name]
        client.force_login(person)
        listed = set[str]()
        for kind, about, url in _pages(placed):
            answer = client.get(url)
            shown = {"-".join(mark) for mark in _MARK.findall(answer.content.decode())}
            allowed = _allowed(oracle, person, kind, about, placed)
            # The desk's page leads to the tickets before and after it in its list.
            beside = _allowed(oracle, person, "desk list", "", placed) if kind == "desk" and allowed else set()
            shown -= {mark for mark in beside if mark.startswith("SUBJECT") and mark not in allowed}
            if shown - allowed:
                problems.append(f"{name} reads {sorted(shown - allowed)} at {url}")
            # A page that may be seen shows what it is about; others (news, quick answers) may have nothing to say.
            subject = {mark for mark in allowed if mark.startswith("SUBJECT")}
            if kind in {"portal", "desk", "portal list", "desk list"} and not url.endswith("peek/"):
                problems += [f"{name} misses {sorted(subject - shown)} at {url}"] if subject - shown else []
            # The page of a ticket has all of it, so that what is missing elsewhere is left out and not unknown.
            if kind == "desk" and not url.endswith("peek/") and allowed - shown:
                problems.append(f"{name} misses {sorted(allowed - shown)} at {url}")
            if kind.endswith("list"):
                listed |= {mark.partition("-")[2] for mark in shown if mark.startswith("SUBJECT")}
        opened = {one for one, ticket in placed.items() if Right.VIEW in oracle.rights(person, ticket)}
        if listed != opened:
            problems.append(f"{name} finds {sorted(listed)} and may open {sorted(opened)}")
    return problems


def _portal_of(world: World, name: str) -> list[str]:
    """All that the portal shows of the ticket to one of its readers, but for what is drawn anew each time."""
    ref, client = world.here.ref, Client(headers={"X-Piece": "1"})
    urls = [f"/tickets/{ref}/", f"/tickets/{ref}/print/", f"/tickets/{ref}/news/?after=0", "/tickets/?whose=all", "/"]
    if name == "guest":
        urls = [f"/guests/{GuestLink.objects.get().key}/"]
    else:
        client.force_login(world.people[name])
    answers = [client.get(url) for url in urls]
    assert {answer.status_code for answer in answers} <= {200, 204}
    drawn = r'name="(csrfmiddlewaretoken|key)" value="[^"]*"|data-key="[^"]*"'
    return [re.sub(drawn, "", answer.content.decode()) for answer in answers]


@time_machine.travel(LATER, tick=False)  # Pages say when they were printed, and how long ago something was.
def test_portal_shows_nothing_of_what_the_desk_does_among_itself() -> None:
    world = make_world()
    by, now = actor(world.people["agent"], Channel.DESK), LATER
    here, owner = world.here, world.people["owner"]
    GuestLink.objects.create(ticket=here, user=owner, created_at=now, expires_at=timezone.now() + timedelta(days=1))
    readers = ("owner", "watcher", "organization_manager", "guest")
    conversation.reply(ticket=here, body="We look at it.", by=by, now=now)
    before = {name: _portal_of(world, name) for name in readers}
    conversation.add_note(ticket=here, body="He always forgets.", by=by, now=now)
    properties.retag(ticket=here, add=["forgetful"], by=by, now=now)
    properties.set_priority(ticket=here, to=1, by=by, now=now)
    sub_tasks.add_sub_task(ticket=here, plan=Plan("Look at the cable"), by=by, now=now)
    times.spend_time(ticket=here, minutes=10, what="Read the manual", by=by, now=now)
    assert {name: _portal_of(world, name) for name in readers} == before
