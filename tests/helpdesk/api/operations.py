"""Every operation of the API that is not of one ticket, and whom it lets in, in plain words.

Nothing here asks `permissions`: who holds what is told by the names of the world's people, and of a file by the oracle.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from helpdesk.actions import conversation, files, webhooks
from helpdesk.actions.webhooks import Wanted
from helpdesk.choices import Audience, Channel
from helpdesk.models import Attachment, CalendarVersion, Criterion, OrganizationMembership, PolicyVersion, User
from helpdesk.permissions import Right
from tests.factories import (
    NOW,
    AnnouncementFactory,
    CategoryFactory,
    CustomFieldFactory,
    PartnerFactory,
    TagFactory,
    actor,
)
from tests.helpdesk.api.caller import Caller, filled
from tests.helpdesk.oracle import Oracle
from tests.promises import OFFICE, make_calendar, make_policy, plain_rules, promise_all
from tests.world import PEOPLE, World, make_world

Names = frozenset[str]
Whom = Names | Callable[[World, Oracle, User], bool]

EVERYBODY: Final = frozenset(PEOPLE) - {"deactivated_administrator"}
LEADERS: Final = frozenset({"manager", "head_of_support", "administrator"})
AGENTS: Final = frozenset({"agent", "other_agent", "idle_agent", "former_agent", "team_lead", "insider"})
REGIONAL: Final = frozenset({"regional_manager", "other_regional_manager"})
OPERATING: Final = frozenset({"oncall_coordinator", "quality_lead", "training_specialist", "process_lead"})
WORKING: Final = AGENTS | REGIONAL | LEADERS
DESK: Final = WORKING | OPERATING | {"auditor"}
# Whoever checks the desk writes nothing in it.
FILING: Final = EVERYBODY - {"auditor"}
LOOKING_AFTER_PEOPLE: Final = LEADERS | {"auditor"}
KNOWING_THE_SET_UP: Final = LEADERS | REGIONAL | OPERATING | {"auditor"}
CHANGING_THE_SET_UP: Final = frozenset({"administrator", "head_of_support"})
PUSHING: Final = WORKING | {"oncall_coordinator"}
OF_THE_ORGANIZATION: Final = frozenset({"owner", "organization_member", "organization_manager"})
UPLOAD: Final = "uploads/"


@dataclass(frozen=True, slots=True)
class Row:
    """One operation with what it takes to be carried out, whom it lets in, and how it refuses all others."""

    method: str
    path: str
    whom: Whom
    body: Any = None
    refused: frozenset[int] = frozenset({403})

    def lets_in(self, world: World, oracle: Oracle, name: str) -> bool:
        """Whether this person of the world is let in."""
        if isinstance(self.whom, frozenset):
            return name in self.whom
        return self.whom(world, oracle, world.people[name])

    def sent(self, caller: Caller, places: dict[str, Any]) -> HttpResponse:
        """What is answered to the caller."""
        if self.path == UPLOAD:
            return caller.client.post("/api/v1/uploads/", {"file": SimpleUploadedFile("log.txt", b"x")})
        answer = caller.send(self.method, filled(self.path, places), filled(self.body, places))
        if answer.streaming:
            # To its end, at which a file is closed.
            list(answer.streaming_content)
        return answer


def _holds(right: Right, which: str) -> Whom:
    def held(world: World, oracle: Oracle, person: User) -> bool:
        return right in oracle.rights(person, getattr(world, which))

    return held


def _get(path: str, whom: Whom, *refused: int) -> Row:
    return Row("GET", path, whom, refused=frozenset(refused or {403}))


def _post(path: str, whom: Whom, body: Any = None, *refused: int) -> Row:
    return Row("POST", path, whom, {} if body is None else body, frozenset(refused or {403}))


_FILED: Final = {"subject": "Printer", "body": "It smokes.", "category": "{category}"}
_HOOK: Final = "webhooks/{hook}/"
ROWS: Final[dict[str, Row]] = {
    "me": _get("me/", EVERYBODY),
    "tickets": _get("tickets/", EVERYBODY),
    "changes": _get("tickets/changes/", EVERYBODY),
    "file": _post("tickets/", FILING, _FILED),
    "file in a queue": _post("tickets/", WORKING, {**_FILED, "category": None, "queue": "{queue}"}),
    "file with a priority": _post("tickets/", WORKING, {**_FILED, "priority": 2}),
    # The colleague themselves files it too. Who manages another organisation is told whom they may file for.
    "file for a colleague": _post(
        "tickets/",
        WORKING | {"organization_manager", "organization_member"},
        {**_FILED, "requester": {"id": "{colleague}"}},
        403,
        422,
    ),
    "file for anybody": _post("tickets/", WORKING, {**_FILED, "requester": {"email": "new@example.org"}}, 403, 422),
    "file of an organisation": _post(
        "tickets/", WORKING, {**_FILED, "requester": {"id": "{colleague}"}, "organization": "{own}"}
    ),
    "upload": _post(UPLOAD, FILING),
    **{
        f"{kind} {which}": _get(f"attachments/{{{kind} {which}}}/", _holds(right, which), 404)
        for which in ("here", "elsewhere", "secret")
        for kind, right in (("public", Right.VIEW), ("internal", Right.READ_NOTES))
    },
    "people": _get("people/", LOOKING_AFTER_PEOPLE),
    "person": _get("people/{colleague}/", LOOKING_AFTER_PEOPLE, 404),
    "add person": _post("people/", frozenset({"administrator"}), {"name": "New", "email": "new@example.org"}),
    "organizations": _get("organizations/", EVERYBODY),
    "own organization": _get("organizations/{own}/", LOOKING_AFTER_PEOPLE | OF_THE_ORGANIZATION, 404),
    "other organization": _get("organizations/{other}/", LOOKING_AFTER_PEOPLE | {"other_organization_manager"}, 404),
    **{name: _get(f"{name}/", EVERYBODY) for name in ("queues", "categories", "fields", "announcements")},
    **{name: _get(f"{name}/", DESK) for name in ("teams", "partners", "criteria", "tags")},
    "figures": _get("figures/", PUSHING),
    "push": _post("figures/", PUSHING, {"system": "shop", "components": [{"component": "web", "health": "up"}]}),
    **{
        f"{what}{more}": _get(f"sla/{kind}/{where}", KNOWING_THE_SET_UP)
        for what, kind in (("policies", "policies"), ("calendars", "calendars"))
        for more, where in (("", ""), (" one", f"{{{kind}}}/"), (" preview", f"{{{kind}}}/preview/"))
    },
    "webhooks": _get("webhooks/", CHANGING_THE_SET_UP),
    "add webhook": _post("webhooks/", CHANGING_THE_SET_UP, {"name": "New", "url": "{url}"}),
    "webhook": _get(_HOOK, CHANGING_THE_SET_UP),
    "change webhook": Row("PATCH", _HOOK, CHANGING_THE_SET_UP, {"name": "Other"}),
    "try webhook": _post(f"{_HOOK}test/", CHANGING_THE_SET_UP),
    "rotate webhook": _post(f"{_HOOK}rotate/", CHANGING_THE_SET_UP),
    "replay webhook": _post(f"{_HOOK}replay/", CHANGING_THE_SET_UP, {"since": "2026-01-01T00:00:00Z"}),
    "deliveries": _get(f"{_HOOK}deliveries/", CHANGING_THE_SET_UP),
    "replay delivery": _post(f"{_HOOK}deliveries/{{delivery}}/replay/", CHANGING_THE_SET_UP),
}


def make_places(url: str) -> tuple[World, dict[str, Any]]:
    """A world in which there is one of each that is read or written, and what stands in the places of addresses."""
    policy = make_policy()
    promise_all(policy)
    calendar = make_calendar()
    world = make_world()
    category = CategoryFactory.create(queue=world.queue)
    CustomFieldFactory.create(category=category, code="shown")
    CustomFieldFactory.create(category=category, code="inside", is_internal=True)
    for audience in Audience:
        where = world.organization if audience is Audience.ORGANIZATION else None
        AnnouncementFactory.create(title=audience.value, audience=audience, organization=where)
    TagFactory.create()
    PartnerFactory.create()
    Criterion.objects.create(code="sessions", name="Sessions", critical_above=100)
    _draft(policy, calendar)
    administrator = actor(world.people["administrator"], Channel.DESK)
    hooks = [webhooks.add_webhook(wanted=Wanted(name, url), by=administrator, now=NOW)[0] for name in ("A", "B")]
    places = {
        "{category}": category.code,
        "{queue}": world.queue.code,
        "{colleague}": world.people["organization_member"].pk,
        "{own}": world.organization.pk,
        "{other}": OrganizationMembership.objects.get(user=world.people["other_organization_manager"]).organization_id,
        "{policies}": policy.code,
        "{calendars}": calendar.code,
        "{url}": url,
        "{hook}": hooks[0].pk,
        "{other hook}": hooks[1].pk,
        "{delivery}": webhooks.send_test(webhook=hooks[0], by=administrator, now=NOW).pk,
    }
    for name, which in (("agent", "here"), ("other_agent", "elsewhere"), ("insider", "secret")):
        _say(actor(world.people[name], Channel.DESK), getattr(world, which))
        for file in Attachment.objects.filter(message__ticket=getattr(world, which)).select_related("message"):
            places[f"{{{file.message.visibility} {which}}}"] = file.pk
    return world, places


def _draft(policy: Any, calendar: Any, at: datetime = NOW) -> None:
    PolicyVersion.objects.create(policy=policy, number=2, made_at=at, calendar=calendar, rules=plain_rules().as_json())
    CalendarVersion.objects.create(calendar=calendar, number=2, made_at=at, week=OFFICE, time_zone="UTC")


def _say(by: Any, ticket: Any) -> None:
    """A reply and a note, each with a file."""
    for say in (conversation.reply, conversation.add_note):
        file = files.store(content=BytesIO(b"what it says"), name="log.txt", by=by)
        say(ticket=ticket, body="See the file.", by=by, now=NOW, files=[file])
