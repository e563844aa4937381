"""What is asked of the desk, by whom."""

import itertools
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.core.handlers.base import BaseHandler
from django.db.models import Count, QuerySet
from django.test import Client, RequestFactory, override_settings
from django.utils import timezone

from helpdesk.actions import conversation, tickets
from helpdesk.actions.tokens import MAX_PER_MINUTE, make_token
from helpdesk.actors import Actor
from helpdesk.choices import Channel, FieldKind, OrganizationRole, Role, Status
from helpdesk.domain.answers import field_of
from helpdesk.domain.lifecycle import UNSOLVED
from helpdesk.models import (
    Category,
    CustomField,
    Organization,
    OrganizationMembership,
    Team,
    TeamMembership,
    Ticket,
    Tier,
    User,
)

# What a list or a ticket may take, and what filing and answering may, in milliseconds.
READING: Final = 30.0
WRITING: Final = 20.0
# An ordinary conversation, and one that nobody reads at one sitting.
_USUAL, _LONG = 5, 36


@dataclass(frozen=True, slots=True)
class Case:
    """Something to be done again and again, and what it may take, where a limit was set."""

    group: str
    name: str
    call: Callable[[], object]
    limit: float | None = None
    reads: bool = True


@dataclass(frozen=True, slots=True)
class Cast:
    """Who asks, and what about: people and tickets like most others, and the extremes."""

    requester: User
    house: Organization
    head_of_house: User
    agent: User
    manager: User
    usual: Ticket
    long: Ticket


def cast() -> Cast:
    """Chosen the same way on a desk of any size."""
    by_house = Ticket.objects.filter(organization__isnull=False).values("organization").annotate(count=Count("pk"))
    house = Organization.objects.get(pk=by_house.order_by("-count", "organization")[0]["organization"])
    heads = OrganizationMembership.objects.filter(organization=house, role=OrganizationRole.MANAGER)
    agents = TeamMembership.objects.filter(user__role=Role.AGENT, team__tier__level=1).select_related("user")
    agent = agents.order_by("pk")[0].user
    theirs = Ticket.objects.filter(queue__teams__memberships__user=agent)
    usual = _with_messages(theirs.filter(status=Status.OPEN, organization__isnull=False), _USUAL)
    return Cast(
        requester=usual.requester,
        house=house,
        head_of_house=heads.select_related("user")[0].user,
        agent=agent,
        manager=User.objects.filter(role=Role.MANAGER).order_by("pk")[0],
        usual=usual,
        long=_with_messages(theirs, _LONG),
    )


def _with_messages(some: QuerySet[Ticket], count: int) -> Ticket:
    return some.annotate(said=Count("messages", distinct=True)).filter(said__gte=count).order_by("said", "-pk")[0]


def cases() -> Iterator[Case]:
    """All of them; what writes comes last."""
    given = cast()
    yield from _floors(given)
    yield from _portal(given)
    yield from _desk(given)
    yield from _api(given)
    yield from _writing(given)


def _client(user: User) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    return client


def _get(client: Client, address: str) -> Callable[[], object]:
    def call() -> object:
        answer = client.get(address)
        if answer.status_code != 200:
            raise AssertionError(f"{address} answers {answer.status_code}.")
        return answer

    return call


def _floors(given: Cast) -> Iterator[Case]:
    with override_settings(MIDDLEWARE=[]):
        handler = BaseHandler()
        handler.load_middleware()
    requests = RequestFactory()
    yield Case("floors", "empty view, no middleware", lambda: handler.get_response(requests.get("/benchmark/empty/")))
    stranger = Client(headers={"host": "localhost"})
    yield Case("floors", "empty view", _get(stranger, "/benchmark/empty/"))
    yield Case("floors", "empty view, signed in", _get(_client(given.requester), "/benchmark/signed-in/"))


def _portal(given: Cast) -> Iterator[Case]:
    person, head = _client(given.requester), _client(given.head_of_house)
    topic = Category.objects.filter(is_active=True).order_by("position")[0]
    for name, client, address in (
        ("home", person, "/"),
        ("list", person, "/tickets/"),
        ("list, words", person, "/tickets/?q=export"),
        ("list of a large organisation", head, f"/tickets/?whose={given.house.pk}"),
        ("list of a large organisation, open", head, f"/tickets/?whose={given.house.pk}&state=open"),
        ("list of a large organisation, words", head, f"/tickets/?whose={given.house.pk}&q=calendar"),
        ("ticket", person, f"/tickets/{given.usual.ref}/"),
        ("ticket, long", _client(given.long.requester), f"/tickets/{given.long.ref}/"),
        ("topics", person, "/tickets/new/"),
        ("form of a new ticket", person, f"/tickets/new/{topic.code}/"),
    ):
        yield Case("portal", name, _get(client, address), READING)


def _desk(given: Cast) -> Iterator[Case]:
    tagged = Ticket.tags.through.objects.values("tag").annotate(count=Count("pk")).order_by("-count", "tag")
    tag = tagged[len(tagged) // 4]["tag"]
    tier, team = Tier.objects.order_by("level")[0], Team.objects.order_by("pk")[0]
    pages = {
        "home": "",
        "list": "tickets/",
        "list, most urgent": "tickets/?order=urgent",
        "list, waiting": "tickets/?order=waiting",
        "list, oldest": "tickets/?order=oldest",
        "list, newest of all": "tickets/?order=newest&status=all",
        "list, solved lately": "tickets/?order=solved",
        "list, all": "tickets/?status=all",
        "list, mine": "tickets/?assignee=me",
        "list, nobody's": "tickets/?assignee=nobody&order=urgent",
        "list, words": "tickets/?q=calendar&status=all",
        "list, rare words": "tickets/?q=A-13901&status=all",
        "list, tag and tier": f"tickets/?tag={tag}&tier={tier.pk}",
        "list, team": f"tickets/?team={team.pk}",
        "list, large organisation": f"tickets/?organization={given.house.pk}&status=all",
        "ticket": f"tickets/{given.usual.ref}/",
        "ticket, from a list": f"tickets/{given.usual.ref}/?list=order%3Durgent",
        "ticket, long": f"tickets/{given.long.ref}/",
        "suggestions of an organisation": "suggest/organization/?q=ma",
    }
    for who, user in (("agent", given.agent), ("manager", given.manager)):
        client = _client(user)
        for name, address in pages.items():
            yield Case(f"desk, {who}", name, _get(client, f"/admin/{address}"), READING)


def api_token(given: Cast) -> str:
    """A token of the agent, which may call as often as it can."""
    _row, token = make_token(
        user=given.agent,
        name="Benchmark",
        scopes=["tickets:write"],
        per_minute=MAX_PER_MINUTE,
        by=Actor(given.agent, Channel.PORTAL),
        now=timezone.now(),
    )
    return str(token)


def api_addresses(given: Cast) -> dict[str, str]:
    """What programs read."""
    return {
        "who calls": "/api/v1/me/",
        "list of 25": "/api/v1/tickets/",
        "list, unsolved, most urgent": "/api/v1/tickets/?status=new,open,in_progress&ordering=priority",
        "search": "/api/v1/tickets/?q=calendar",
        "read": f"/api/v1/tickets/{given.usual.ref}/",
        "messages": f"/api/v1/tickets/{given.usual.ref}/messages/",
        "changes": "/api/v1/tickets/changes/?limit=100",
    }


def api_ticket(given: Cast) -> dict[str, str]:
    """What they file."""
    return {"subject": "A measured one", "body": "Words.", "queue": given.usual.queue.code}


def _api(given: Cast) -> Iterator[Case]:
    client = Client(headers={"host": "localhost", "authorization": f"Bearer {api_token(given)}"})
    for name, address in api_addresses(given).items():
        yield Case("api", name, _get(client, address))

    def create() -> object:
        answer = client.post("/api/v1/tickets/", api_ticket(given), content_type="application/json")
        if answer.status_code != 201:
            raise AssertionError(answer.content)
        return answer

    yield Case("api", "create", create, reads=False)


def _writing(given: Cast) -> Iterator[Case]:
    person, desk = _client(given.requester), _client(given.agent)
    theirs = Actor(given.requester, Channel.PORTAL)

    def file() -> object:
        return tickets.create_ticket(subject="A measured one", body="Words.", by=theirs, now=timezone.now())

    def say() -> object:
        return conversation.reply(ticket=given.usual, body="Words.", by=theirs, now=timezone.now())

    yield Case("writing", "file, the action alone", file, reads=False)
    yield Case("writing", "reply, the action alone", say, reads=False)
    yield Case("writing", "file in the portal", _posting(person, *_filing()), WRITING, reads=False)
    reply = f"/tickets/{given.usual.ref}/reply/"
    yield Case("writing", "reply in the portal", _posting(person, reply, {"text": "Words."}), WRITING, reads=False)
    work = Ticket.objects.filter(status__in=sorted(UNSOLVED), queue__teams__memberships__user=given.agent)
    at_desk = f"/admin/tickets/{work.order_by('-pk')[0].ref}/"
    for name in ("reply", "note"):
        post = _posting(desk, f"{at_desk}{name}/", {"text": "Words."})
        yield Case("writing", f"{name} in the desk", post, WRITING, reads=False)
    priorities = itertools.cycle((2, 3))
    change = _posting(desk, f"{at_desk}set/priority/", lambda: {"priority": next(priorities)})
    yield Case("writing", "change a priority in the desk", change, WRITING, reads=False)


def _filing() -> tuple[str, dict[str, Any]]:
    """The address of a topic's form, and what is answered to its questions."""
    topic = Category.objects.filter(is_active=True, code="broken").get()
    answers = {}
    for question in CustomField.objects.filter(category=topic, is_active=True, is_required=True):
        answer = question.options[0] if question.kind == FieldKind.CHOICE else "The calendar, week view"
        answers[field_of(question.code)] = answer
    return f"/tickets/new/{topic.code}/", {"subject": "A measured one", "text": "Words.", **answers}


def _posting(client: Client, address: str, said: dict[str, Any] | Callable[[], dict[str, Any]]) -> Callable[[], object]:
    def call() -> object:
        fields = said() if callable(said) else said
        answer = client.post(address, {**fields, "key": str(uuid.uuid4())})
        if answer.status_code != 302:
            raise AssertionError(f"{address} answers {answer.status_code}.")
        return answer

    return call
