"""Who gets in where: what the rules of routes are made of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from helpdesk.models import Message
from helpdesk.permissions import Right, holds, may
from tests.world import World

Entitled = Callable[[World, str], bool]


def on_ticket(*rights: Right) -> Entitled:
    """Those who hold one of these rights on the ticket."""
    return lambda world, name: any(may(world.actor(name), right, world.here) for right in rights)


def in_desk(*rights: Right) -> Entitled:
    """Those who hold all these rights of the whole desk."""
    return lambda world, name: all(holds(world.actor(name), right) for right in rights)


def both(one: Entitled, two: Entitled) -> Entitled:
    return lambda world, name: one(world, name) and two(world, name)


def anybody(world: World, name: str) -> bool:
    return True


def nobody(world: World, name: str) -> bool:
    return False


def active(world: World, name: str) -> bool:
    return world.people[name].is_active


@dataclass(frozen=True)
class Rule:
    """Who gets in. `posts` routes are posted to with an empty form: an answer about its content is a way in."""

    who: Entitled
    posts: bool = False


def owner(world: World, name: str) -> bool:
    return name == "owner"


DESK = in_desk(Right.ENTER_DESK)
# The pages of one problem.
PROBLEM_ROUTES: Final = (
    "admin:problem", "admin:problem_edit", "admin:problem_gather", "admin:problem_publish", "admin:problem_tell"
)  # fmt: skip


def words_of(world: World, name: str) -> int:
    """The message that this person wrote on the ticket first, or somebody's where they wrote none."""
    rows = Message.objects.filter(ticket=world.here).order_by("pk")
    own = rows.filter(author=world.people[name])
    return (own or rows).values_list("pk", flat=True)[0]


# The rows that have a set-up page.
SET_UP: Final = (
    "region",
    "organization",
    "tier",
    "team",
    "firsttierrule",
    "queue",
    "category",
    "desksettings",
    "brand",
    "kind",
    "tag",
    "staffrole",
    "partner",
    "criterion",
    "prioritycell",
    "calendar",
    "slapolicy",
    "policyrule",
    "phase",
    "servicetier",
)
