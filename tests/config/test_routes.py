"""Every route × every standing: who gets in, who is refused, and no route that this table does not know."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Final

import pytest
from django.apps import apps
from django.contrib import admin
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from helpdesk.actions import accounts, conversation, exports, files, notices, person_merging, problems, thumbnails
from helpdesk.actions.consumers import consume_due
from helpdesk.actors import Actor
from helpdesk.choices import Channel
from helpdesk.models import (
    Brand,
    Criterion,
    PriorityCell,
)
from helpdesk.permissions import Right
from tests.config.addresses import arguments
from tests.config.doors import DOOR_KEYS, DOORS
from tests.config.guests import let_guests_in, renew_links
from tests.config.integrations import INTEGRATION_RULES
from tests.config.promises import PROMISE_RULES
from tests.config.rules import (
    DESK,
    SET_UP,
    Rule,
    active,
    anybody,
    both,
    in_desk,
    nobody,
    on_ticket,
    owner,
)
from tests.config.webhooks import WEBHOOK_RULES
from tests.factories import (
    NOW,
    PNG,
    AnnouncementFactory,
    CategoryFactory,
    CustomFieldFactory,
    KindFactory,
    PartnerFactory,
    StaffRoleFactory,
    TagFactory,
    UserFactory,
    actor,
    make_ticket,
)
from tests.promises import make_rows_of_promises
from tests.world import PEOPLE, World, make_world

pytestmark = pytest.mark.django_db

STRANGER: Final = "nobody"
RULES: Final[dict[str, Rule]] = {
    "portal:home": Rule(anybody),
    "portal:tickets": Rule(active),
    "portal:found": Rule(active),
    "portal:new_ticket": Rule(in_desk(Right.FILE_TICKET)),
    "portal:new_about": Rule(in_desk(Right.FILE_TICKET)),
    "portal:alike": Rule(in_desk(Right.FILE_TICKET)),
    "portal:draft": Rule(active, posts=True),
    "portal:received": Rule(on_ticket(Right.VIEW)),
    "portal:ticket": Rule(on_ticket(Right.VIEW)),
    "portal:reply": Rule(on_ticket(Right.REPLY), posts=True),
    "portal:confirm": Rule(on_ticket(Right.CONFIRM), posts=True),
    "portal:reject": Rule(on_ticket(Right.CONFIRM), posts=True),
    "portal:reopen": Rule(on_ticket(Right.REOPEN), posts=True),
    "portal:add_watcher": Rule(on_ticket(Right.ADD_WATCHER), posts=True),
    "portal:remove_watcher": Rule(on_ticket(Right.VIEW), posts=True),
    "portal:news": Rule(on_ticket(Right.VIEW)),
    "portal:print": Rule(on_ticket(Right.VIEW)),
    "portal:guest_about": Rule(anybody),
    "portal:guest_sent": Rule(anybody),
    "portal:guest_confirm": Rule(anybody),
    "portal:guest_ticket": Rule(anybody),
    "portal:guest_act": Rule(anybody, posts=True),
    "portal:guest_renew": Rule(anybody, posts=True),
    "portal:guest_file": Rule(nobody),
    "portal:guest_thumbnail": Rule(nobody),
    "portal:guest_news": Rule(anybody),
    "portal:profile": Rule(active),
    "portal:my_data": Rule(active, posts=True),
    "portal:notifications": Rule(active),
    "portal:quiet_hours": Rule(active, posts=True),
    "portal:mute": Rule(active, posts=True),
    "portal:sessions": Rule(active),
    "portal:api_tokens": Rule(active),
    "portal:token_rotate": Rule(active, posts=True),
    # Of the world nobody has one; its own tests know whose it is.
    "portal:token_revoke": Rule(nobody, posts=True),
    "portal:end_session": Rule(active, posts=True),
    "portal:tickets_export": Rule(active, posts=True),
    "portal:exports": Rule(active),
    "portal:export_file": Rule(owner),
    # The world's export is the owner's, who looks at it by a rule of its own, before somebody takes it away.
    "portal:export_cancel": Rule(nobody, posts=True),
    "admin:tickets_export": Rule(DESK, posts=True),
    "admin:exports": Rule(DESK),
    "admin:export_cancel": Rule(nobody, posts=True),
    "portal:upload": Rule(in_desk(Right.FILE_TICKET), posts=True),
    "portal:file": Rule(on_ticket(Right.READ_NOTES)),
    "portal:thumbnail": Rule(on_ticket(Right.READ_NOTES)),
    "portal:brand_stylesheet": Rule(anybody),
    "portal:brand_logo": Rule(anybody),
    "admin:index": Rule(DESK),
    "admin:inbox": Rule(DESK),
    "admin:inbox_read": Rule(DESK, posts=True),
    "admin:inbox_bell": Rule(DESK),
    # Whose it is, its own tests know.
    "admin:inbox_entry": Rule(nobody),
    "admin:tickets": Rule(DESK),
    "admin:ticket_new": Rule(in_desk(Right.ENTER_DESK, Right.FILE_FOR_OTHERS)),
    "admin:ticket_new_preview": Rule(in_desk(Right.ENTER_DESK, Right.FILE_FOR_OTHERS), posts=True),
    "admin:tickets_bulk": Rule(DESK, posts=True),
    "admin:tickets_density": Rule(DESK, posts=True),
    "admin:ticket_peek": Rule(both(DESK, on_ticket(Right.VIEW))),
    # There in the demo only, whose tests open it.
    "admin:mailbox": Rule(nobody),
    "admin:invitations": Rule(both(DESK, in_desk(Right.CHANGE_PEOPLE))),
    "admin:invitation_again": Rule(both(DESK, in_desk(Right.CHANGE_PEOPLE)), posts=True),
    "admin:invitation_withdraw": Rule(both(DESK, in_desk(Right.CHANGE_PEOPLE)), posts=True),
    "admin:person_access": Rule(both(DESK, in_desk(Right.SEE_PEOPLE))),
    "admin:person_reset": Rule(both(DESK, in_desk(Right.CHANGE_PEOPLE)), posts=True),
    "admin:person_log_out": Rule(both(DESK, in_desk(Right.CHANGE_PEOPLE)), posts=True),
    "admin:suggest": Rule(DESK),
    "admin:ticket": Rule(both(DESK, on_ticket(Right.VIEW))),
    "admin:ticket_news": Rule(both(DESK, on_ticket(Right.VIEW))),
    "admin:ticket_preview": Rule(both(DESK, on_ticket(Right.REPLY, Right.WRITE_NOTES)), posts=True),
    "admin:ticket_reply": Rule(both(DESK, on_ticket(Right.REPLY)), posts=True),
    "admin:ticket_note": Rule(both(DESK, on_ticket(Right.WRITE_NOTES)), posts=True),
    "admin:ticket_assign": Rule(both(DESK, on_ticket(Right.ASSIGN)), posts=True),
    "admin:ticket_set": Rule(both(DESK, on_ticket(Right.WORK)), posts=True),
    "admin:ticket_field": Rule(both(DESK, on_ticket(Right.WORK)), posts=True),
    "admin:ticket_guest_link": Rule(both(DESK, on_ticket(Right.WORK)), posts=True),
    "admin:ticket_tags": Rule(both(DESK, on_ticket(Right.WORK)), posts=True),
    "admin:ticket_watchers": Rule(both(DESK, on_ticket(Right.REPLY)), posts=True),
    "admin:see_mention": Rule(DESK, posts=True),
    "admin:ticket_merge": Rule(both(DESK, on_ticket(Right.WORK))),
    # Without a merge that is named there is nothing to undo.
    "admin:ticket_unmerge": Rule(nobody, posts=True),
    "admin:ticket_links": Rule(both(DESK, on_ticket(Right.WORK)), posts=True),
    "admin:ticket_partner": Rule(both(DESK, on_ticket(Right.WORK)), posts=True),
    "admin:ticket_sub_tasks": Rule(both(DESK, on_ticket(Right.WORK)), posts=True),
    "admin:ticket_move": Rule(both(DESK, on_ticket(Right.WORK)), posts=True),
    "admin:ticket_escalate": Rule(both(DESK, on_ticket(Right.ESCALATE)), posts=True),
    "admin:ticket_deescalate": Rule(both(DESK, on_ticket(Right.ESCALATE)), posts=True),
    "admin:person_merge": Rule(both(DESK, in_desk(Right.CHANGE_PEOPLE))),
    "admin:undo_merge": Rule(both(DESK, in_desk(Right.CHANGE_PEOPLE)), posts=True),
    "admin:ticket_time": Rule(both(DESK, on_ticket(Right.READ_NOTES))),
    # Their own message, each.
    "portal:message_edit": Rule(lambda _world, name: name == "owner"),
    "admin:ticket_message_edit": Rule(both(on_ticket(Right.VIEW), lambda _world, name: name == "agent")),
    "admin:ticket_message_earlier": Rule(both(DESK, on_ticket(Right.READ_NOTES))),
    "admin:ticket_judge": Rule(both(DESK, on_ticket(Right.WORK)), posts=True),
    "admin:ticket_problem": Rule(both(DESK, on_ticket(Right.WORK)), posts=True),
    "admin:problems": Rule(DESK),
    "admin:problem_new": Rule(in_desk(Right.ENTER_DESK, Right.WORK_PROBLEMS)),
    "admin:problem": Rule(DESK),
    "admin:problem_edit": Rule(in_desk(Right.ENTER_DESK, Right.WORK_PROBLEMS)),
    "admin:problem_gather": Rule(in_desk(Right.ENTER_DESK, Right.WORK_PROBLEMS), posts=True),
    "admin:problem_tell": Rule(in_desk(Right.ENTER_DESK, Right.WORK_PROBLEMS)),
    "admin:problem_told": Rule(DESK),
    "admin:problem_publish": Rule(in_desk(Right.ENTER_DESK, Right.PUBLISH_PROBLEMS)),
    "admin:jsi18n": Rule(DESK),
    "admin:app_list": Rule(DESK),
    # Found by its own parameters, which the tests of the set-up pages walk through.
    "admin:autocomplete": Rule(nobody),
    "admin:search": Rule(nobody),
    "admin:view_on_site": Rule(nobody),
}


def set_up_rules() -> Iterator[tuple[str, Rule]]:
    """The rules of the pages that the admin site makes for each of its models."""
    see_and_change = dict.fromkeys(SET_UP, (Right.SEE_SETUP, Right.CHANGE_SETUP))
    see_and_change["user"] = (Right.SEE_PEOPLE, Right.CHANGE_PEOPLE)
    see_and_change["announcement"] = (Right.SEE_SETUP, Right.ANNOUNCE)
    for name, (see, change) in see_and_change.items():
        single = name in {"desksettings", "brand"}
        # There is one row of settings: its list only leads there.
        yield f"admin:helpdesk_{name}_changelist", Rule(DESK if single else both(DESK, in_desk(see)))
        yield f"admin:helpdesk_{name}_change", Rule(both(DESK, in_desk(see)))
        yield f"admin:helpdesk_{name}_add", Rule(nobody if single else both(DESK, in_desk(change)))
    for name, see in (
        ("auditevent", Right.SEE_RECORD),
        ("delivery", Right.SEE_OPERATION),
        ("pendingevent", Right.SEE_OPERATION),
    ):
        yield f"admin:helpdesk_{name}_changelist", Rule(both(DESK, in_desk(see)))
        yield f"admin:helpdesk_{name}_change", Rule(both(DESK, in_desk(see)))
        yield f"admin:helpdesk_{name}_add", Rule(nobody)
    for name in (*see_and_change, "auditevent", "delivery", "pendingevent"):
        yield f"admin:helpdesk_{name}_delete", Rule(nobody)
        # Leads to the record of the row.
        yield f"admin:helpdesk_{name}_history", Rule(both(DESK, in_desk(Right.SEE_RECORD)))


ALL_RULES: Final = {**RULES, **PROMISE_RULES, **WEBHOOK_RULES, **INTEGRATION_RULES, **dict(set_up_rules())}


def routes() -> set[str]:
    """The names of all routes; those that have none only lead to one that has. The API's have tests of their own."""

    def walk(patterns: list[URLPattern | URLResolver], space: str) -> Iterator[str]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, pattern.namespace or space)
            elif pattern.name:
                yield f"{space}:{pattern.name}" if space else pattern.name

    return {name for name in walk(get_resolver().url_patterns, "") if not name.startswith("api:")}


def test_every_route_has_its_rule() -> None:
    assert routes() == set(ALL_RULES) | DOORS


def test_only_the_desks_own_rows_are_set_up_in_the_admin_site() -> None:
    assert {model._meta.app_label for model in admin.site._registry} == {"helpdesk"}


@pytest.fixture
def world() -> World:
    """The desk, with a file on an internal note and a row of everything that has a page."""
    world = make_world()
    CategoryFactory.create(queue=world.queue)
    CustomFieldFactory.create(category=None, queue=world.queue)
    agent = actor(world.people["agent"], Channel.DESK)
    accounts.record_login(by=agent, now=NOW)
    consume_due(now=NOW, limit=1)
    let_guests_in(world)
    make_ticket(world.people["owner"], world.queue)
    KindFactory.create()
    Criterion.objects.create(code="errors", name="Error rate")
    PriorityCell.objects.create(impact=1, urgency=1, priority=1)
    TagFactory.create()
    StaffRoleFactory.create()
    PartnerFactory.create()
    AnnouncementFactory.create()
    make_rows_of_promises()
    picture = files.store_logo(content=BytesIO(PNG), by=actor(world.people["administrator"]))
    Brand.objects.create(logo=picture)
    one, other = UserFactory.create(), UserFactory.create()
    person_merging.merge(source=one, target=other, by=actor(world.people["administrator"]), now=timezone.now())
    mine = actor(world.people["owner"])
    exports.request_export(kind="my_tickets", name="t.csv", query={"format": "csv"}, by=mine, now=NOW)
    exports.make_due(now=NOW, limit=1)
    problem = problems.open_problem(title="Exports stop", by=agent, now=NOW, ticket=world.here)
    notices.tell_all(problem=problem, body="Mended.", by=agent, now=NOW)
    conversation.add_note(ticket=world.here, body="A note.", by=agent, now=NOW, files=[_a_file(agent)])
    # The database's clock may be a moment ahead of ours.
    thumbnails.make_due(now=timezone.now() + timedelta(minutes=1), limit=1)
    return world


def _a_file(by: Actor) -> files.NewFile:
    return files.store(content=BytesIO(PNG), name="secret.png", by=by)


def address(world: World, route: str) -> str:
    """Where the route leads, for the ticket and the rows of the world."""
    if route.startswith("admin:helpdesk_"):
        model, kind = route.removeprefix("admin:helpdesk_").rsplit("_", 1)
        if kind in {"changelist", "add"}:
            return reverse(route)
        row = apps.get_model("helpdesk", model)._default_manager.order_by("pk").first()
        return reverse(route, args=[row.pk if row else 1])
    with_ticket = route.startswith(("portal:", "admin:ticket")) and route not in {
        "portal:home", "portal:tickets", "portal:found", "portal:new_ticket", "portal:alike", "portal:profile",
        "portal:my_data",
        "portal:file", "portal:upload", "portal:exports", "portal:tickets_export",
        "admin:tickets", "admin:tickets_export", "admin:ticket_new", "admin:ticket_new_preview",
        "admin:tickets_bulk", "admin:tickets_density",
    }  # fmt: skip
    if world.here.pk not in world.places:
        world.places[world.here.pk] = arguments(world)
    return reverse(route, args=world.places[world.here.pk].get(route, [world.here.ref] if with_ticket else []))


def gets_in(answer: HttpResponse) -> bool:
    """Whether an answer is the thing itself: a page, or a word about what was posted there."""
    if answer.status_code in {301, 302, 303}:
        where = answer["Location"]
        turned_away = (reverse("account_login"), reverse("admin:login"))
        return where != reverse("portal:home") and not where.startswith(turned_away)
    assert answer.status_code < 500
    return answer.status_code not in {401, 403, 404}


def visit(world: World, name: str) -> Client:
    """A browser in which this person is signed in; nobody is in the stranger's."""
    renew_links()
    client = Client()
    if name != STRANGER:
        client.force_login(world.people[name])
    return client


# Those whose ways differ most go every one each time; the others, whom the tests of rights know too, in the long run.
DOUBLES: Final = frozenset(
    {
        "watcher", "oncall_coordinator", "quality_lead", "deactivated_administrator", "regional_manager",
        "organization_member", "other_organization_manager", "idle_agent", "former_agent", "head_of_support",
        "other_regional_manager", "insider", "training_specialist", "process_lead", "manager", "other_agent",
    }
)  # fmt: skip
FIRST: Final = [name for name in (*PEOPLE, STRANGER) if name not in DOUBLES]
# A few persons a test: making the world takes as long as walking one of them through it.
GROUPS: Final = [
    *(FIRST[start::3] for start in range(3)),
    *(pytest.param(sorted(DOUBLES)[start::4], marks=pytest.mark.long) for start in range(4)),
]


@pytest.mark.usefixtures("at_rest")
@pytest.mark.parametrize("names", GROUPS, ids="+".join)
def test_each_route_lets_in_whom_its_rule_names_and_nobody_else(world: World, names: list[str]) -> None:
    wrong = []
    for name in names:
        client = visit(world, name)
        for route, rule in ALL_RULES.items():
            url = address(world, route)
            answer = client.post(url) if rule.posts else client.get(url)
            if answer.streaming:
                b"".join(answer.streaming_content)
            entitled = rule.who is anybody if name == STRANGER else rule.who(world, name)
            if gets_in(answer) is not entitled:
                wrong.append(f"{name} at {route}: {answer.status_code}, entitled: {entitled}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.usefixtures("at_rest")
def test_set_up_is_written_by_nobody_else(world: World) -> None:
    for name in ("owner", "agent", "team_lead", "manager", "regional_manager", "auditor", "process_lead"):
        client = visit(world, name)
        for model in (*SET_UP, "user"):
            for kind in ("change", "add", "delete"):
                url = address(world, f"admin:helpdesk_{model}_{kind}")
                assert not gets_in(client.post(url, {"name": "forged", "_save": "1"})), (name, model, kind)


@pytest.mark.usefixtures("at_rest")
def test_doors_never_break(world: World) -> None:
    for name in ("owner", "agent", "administrator", "deactivated_administrator", STRANGER):
        for route in sorted(DOORS):
            answer = visit(world, name).get(reverse(route, args=DOOR_KEYS.get(route)))
            assert answer.status_code < 500, (name, route)
