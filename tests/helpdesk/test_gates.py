"""Everything that hangs on a ticket comes through its ticket's gate, and who audits the desk changes nothing."""

from typing import Final

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Model
from django.test import Client

from helpdesk.models import Ticket
from tests.config.test_routes import ALL_RULES, address, gets_in, world
from tests.world import World

__all__ = ["world"]

# By which way each kind of row that hangs on a ticket is read. Whoever adds one decides on its way here, and lets
# `tests/config/test_routes.py` walk the routes that lead to it.
GATES: Final = {
    "Attachment": "access.get_attachment: as its message",
    "Delivery": "the ticket's page for who reads notes; the records, which hide what is private (selectors.privacy)",
    "FieldValue": "selectors.answers, of a ticket that came through access.get_ticket",
    "GuestFile": "of a filing that nobody confirmed yet: nobody reads it",
    "GuestFiling": "as above",
    "GuestLink": "by itself: its key opens the one ticket, as the hat of a guest",
    "InboxEntry": "selectors.inbox: one's own alone, of tickets that one sees; what is internal, whose notes one reads",
    "Mention": "selectors.mentions, on tickets whose notes one reads; one's own alone",
    "Message": "selectors.conversation, of a ticket that came through access.get_ticket",
    "MessageRevision": "access.get_message, for who reads the ticket's notes",
    "NoticeRow": "selectors.notices.visible_rows: of tickets that its reader does not see only the numbers",
    "PartnerWait": "the timeline and the desk's page, for who reads notes",
    "PendingEvent": "the records, which hide what is private",
    "SLACycle": "selectors.clocks, of a ticket that came through access.get_ticket",
    "SLAStep": "as its clock",
    "SubTask": "access.get_sub_task, of such a ticket; one's own, of tickets that one works",
    "TicketChange": "selectors.api.changed_since, of tickets that one sees; for requesters what is public moves it",
    "TicketEvent": "selectors.conversation.timeline, for who reads notes",
    "TicketLink": "selectors.links: of the other ticket only what its reader sees",
    "TimeEntry": "selectors.times, for who reads the ticket's notes",
    "TicketMerge": "access.get_ticket_merge, of a ticket that came through the gate; the other one through its own",
    "Ticket_tags": "the desk, for who reads notes",
    "WebhookTry": "selectors.webhooks, as the deliveries of a webhook: for who changes the set-up",
    "Watcher": "selectors.watchers, of a ticket that came through access.get_ticket",
}
# What an auditor does for themselves: signing in, where they read, what they asked to be made for reading.
OWN: Final = {
    "django_session", "helpdesk_auditevent", "helpdesk_export", "helpdesk_user", "account_emailaddress",
    "helpdesk_idempotencykey", "mfa_authenticator", "usersessions_usersession",
}  # fmt: skip
# What a form of any route might ask for.
PLAUSIBLE: Final = {
    "text": "Words", "subject": "Subject", "body": "Words", "to": "1", "email": "somebody@example.org", "name": "Name",
    "priority": "1", "category": "0", "kind": "0", "queue": "1", "tags": "printer", "follow": "1", "who": "1",
    "resolution_kind": "fixed", "title": "Title", "state": "open", "relation": "blocks", "do": "take", "confirmed": "1",
    "action": "try_again", "_selected_action": "1", "_save": "1", "code": "code", "is_active": "on", "label": "Label",
}  # fmt: skip


def hanging_on_tickets() -> set[str]:
    """The names of all models from which a chain of references leads to a ticket."""
    found: set[type[Model]] = {Ticket}
    while True:
        more = {
            model
            for model in apps.get_models(include_auto_created=True)
            if model not in found
            and any(field.is_relation and field.related_model in found for field in model._meta.concrete_fields)
        }
        if not more:
            return {model.__name__ for model in found - {Ticket}}
        found |= more


def test_everything_that_hangs_on_a_ticket_has_its_gate() -> None:
    assert hanging_on_tickets() == set(GATES)


def _digests() -> dict[str, str]:
    """What stands in each table of the desk."""
    with connection.cursor() as cursor:
        names = sorted(set(connection.introspection.table_names(cursor)) - OWN)
        found = {}
        for name in names:
            table = connection.ops.quote_name(name)
            cursor.execute(f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} AS t")  # noqa: S608 - our own tables
            found[name] = cursor.fetchone()[0]
        return found


@pytest.mark.django_db
@pytest.mark.usefixtures("at_rest")
def test_auditor_posts_everywhere_and_changes_nothing(world: World) -> None:
    client = Client()
    client.force_login(world.people["auditor"])
    # Some of the rows to which they lead are made by who asks for the address first.
    addresses = {route: address(world, route) for route in sorted(ALL_RULES)}
    before = _digests()
    for route, url in addresses.items():
        # Names and zones are everybody's own; so is what one asked to be made for reading. A guest's pages ask for
        # a key, and nobody who they are.
        if route == "portal:profile" or "export" in route or route.startswith("portal:guest_"):
            continue
        boxes = f"{world.here.number}.{world.here.version}.0.{world.here.priority}.{world.here.queue_id}"
        client.post(url, {**PLAUSIBLE, "ticket": boxes})
    after = _digests()
    assert {name for name in before if before[name] != after[name]} == set()


@pytest.mark.django_db
@pytest.mark.usefixtures("at_rest")
@pytest.mark.parametrize(
    "names",
    [
        ("organization_manager", "agent", "administrator"),
        pytest.param(("owner", "watcher", "insider", "auditor", "manager"), marks=pytest.mark.long),
    ],
    ids="+".join,
)
def test_private_ticket_is_behind_every_route(world: World, names: tuple[str, ...]) -> None:
    with_ticket = [route for route in sorted(ALL_RULES) if world.here.ref in address(world, route)]
    assert len(with_ticket) > 20
    here, world.here = world.here, world.secret
    for name in names:
        client = Client()
        client.force_login(world.people[name])
        for route in with_ticket:
            url = address(world, route)
            rule = ALL_RULES[route]
            answer = client.post(url) if rule.posts else client.get(url)
            assert gets_in(answer) is rule.who(world, name), (name, route, answer.status_code)
    assert here != world.here
