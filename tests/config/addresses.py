"""What the addresses of routes hold, where it is not the ticket alone."""

from typing import Any
from uuid import UUID

from helpdesk.models import (
    Attachment,
    Category,
    CustomField,
    Export,
    PersonMerge,
    Problem,
    ProblemNotice,
    SLACycle,
)
from helpdesk.selectors.brand import brand
from tests.config.guests import addresses_of_guests
from tests.config.integrations import addresses_of_integrations
from tests.config.promises import addresses_of_promises
from tests.config.rules import PROBLEM_ROUTES, words_of
from tests.config.webhooks import addresses_of_webhooks
from tests.world import World


def arguments(world: World) -> dict[str, list[Any]]:
    """By the name of the route."""
    return {
        **addresses_of_guests(),
        "portal:brand_stylesheet": ["7a1f5c"],
        "portal:brand_logo": [brand().logo.sha256],  # type: ignore[union-attr] # the world has one
        "portal:file": [Attachment.objects.get().pk],
        "portal:new_about": [Category.objects.earliest("pk").code],
        "portal:thumbnail": [Attachment.objects.get().pk],
        "portal:export_file": [Export.objects.get(name="t.csv").pk],
        "portal:export_cancel": [UUID(int=1)],
        "admin:export_cancel": [UUID(int=1)],
        "portal:draft": ["new"],
        "admin:ticket_move": [world.here.ref, "start"],
        "admin:ticket_set": [world.here.ref, "priority"],
        "admin:ticket_effects": [world.here.ref, "priority"],
        "admin:ticket_clock": [world.here.ref, SLACycle.objects.filter(ticket=world.here).earliest("pk").pk],
        "admin:ticket_field": [world.here.ref, CustomField.objects.get().pk],
        "portal:message_edit": [world.here.ref, words_of(world, "owner")],
        "admin:ticket_message_edit": [world.here.ref, words_of(world, "agent")],
        "admin:ticket_message_earlier": [world.here.ref, words_of(world, "agent")],
        "admin:suggest": ["tag"],
        **{name: [1] for name in ("admin:see_mention", "admin:inbox_entry")},
        "admin:person_merge": [world.people["stranger"].pk],
        "admin:undo_merge": [PersonMerge.objects.get().pk],
        "admin:problem_told": [Problem.objects.get().ref, ProblemNotice.objects.get().pk],
        **{name: [Problem.objects.get().ref] for name in PROBLEM_ROUTES},
        **addresses_of_promises(),
        **addresses_of_webhooks(world),
        **addresses_of_integrations(world),
        "admin:view_on_site": [1, 1],
        "admin:app_list": ["helpdesk"],
        **{f"admin:invitation_{name}": [1] for name in ("again", "withdraw")},
        **{f"portal:{name}": [] for name in ("sessions", "end_session", "notifications", "quiet_hours", "mute")},
        "portal:api_tokens": [],
        "portal:token_rotate": [1],
        "portal:token_revoke": [1],
        **{f"admin:person_{name}": [world.people["owner"].pk] for name in ("access", "reset", "log_out")},
    }
