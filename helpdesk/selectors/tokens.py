"""Tokens, and who comes by one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery

from helpdesk.actors import Actor
from helpdesk.domain.tokens import Token
from helpdesk.models import ApiToken, Integration, SetupGeneration, Team, TeamMembership, User
from helpdesk.permissions import Right, holds
from helpdesk.prepared import prepared
from helpdesk.selectors import catalogue
from helpdesk.selectors.paging import Latest, latest
from helpdesk.selectors.second_step import is_owed_by

PAGE_SIZE: Final = 50
_FIRST: Final = """
WITH RECURSIVE line AS (
    SELECT id, replaces_id FROM helpdesk_apitoken WHERE id = %s
    UNION ALL
    SELECT older.id, older.replaces_id FROM helpdesk_apitoken older JOIN line ON older.id = line.replaces_id
)
SELECT id FROM line WHERE replaces_id IS NULL
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """A token as those who look after it see it: with the names of its queues, and whether it opens anything still."""

    token: ApiToken
    queues: list[str]
    is_valid: bool


def bearer(sent: Token, now: datetime) -> ApiToken | None:
    """The token that was sent, with its person and the mark of the set-up in force (`setup_mark`): one query.

    None where it is nobody's, has ended, or its person is not here any more. A wrong secret finds no row, as a key does
    that nobody has: what is done for one is done for the other, step by step, so that how long it takes tells neither.
    """
    row = next(iter(_sent(sent.key, sent.digest)), None)
    is_it = sent.fits(row.digest if row is not None else "0" * 64)
    return row if row is not None and is_it and _leads_in(row, now) else None


def renewed(token: ApiToken, now: datetime) -> ApiToken | None:
    """The token as it is now, read like that; None where it ended since it was sent."""
    row = next(iter(_sent(token.key, token.digest)), None)
    return row if row is not None and _leads_in(row, now) else None


def _leads_in(token: ApiToken, now: datetime) -> bool:
    return token.is_valid(now) and token.user.is_active


@prepared
def _sent(key: str, digest: str) -> QuerySet[ApiToken]:
    mark = Subquery(SetupGeneration.objects.values("mark"))
    found = ApiToken.objects.filter(key=key, digest=digest).select_related("user")
    return found.annotate(setup_mark=mark, owes_second_step=is_owed_by("user"))


def first_of(token: ApiToken) -> int:
    """The id of the first in the line of tokens that were each replaced by the next, up to this one."""
    if token.replaces_id is None:
        return token.pk
    with connection.cursor() as cursor:
        cursor.execute(_FIRST, [token.pk])
        (first,) = cursor.fetchone()
    return int(first)


def is_held_back(token: ApiToken) -> bool:
    """Whether the person has to set up a second step before any token of theirs is of use. `bearer` found the token.

    What lets somebody past the pages that ask for a second step would be a way around it. Another system has none.
    """
    return token.user.is_staff and not token.user.is_integration and bool(getattr(token, "owes_second_step", False))


def tokens_of(person: User) -> QuerySet[ApiToken]:
    """The tokens of a person or integration, the newest first; `is_replaced` where another one came in its place."""
    return _described().filter(user=person).order_by("-created_at", "-pk")


def _described() -> QuerySet[ApiToken]:
    newer = ApiToken.objects.filter(replaces=OuterRef("pk"))
    rows = ApiToken.objects.annotate(is_replaced=Exists(newer))
    return rows.select_related("made_by__merged_into", "user__merged_into")


def shown(tokens: Iterable[ApiToken], now: datetime) -> list[Shown]:
    """The same as they are shown."""
    names = {queue.pk: queue.name for queue in catalogue.queues()}
    return [
        Shown(token, [names[pk] for pk in token.queue_ids if pk in names], token.user.is_active and token.is_valid(now))
        for token in tokens
    ]


def tokens_of_people(actor: Actor, *, before: int | None = None) -> Latest[ApiToken]:
    """The tokens of everybody who is a person, the newest first, for who looks after people."""
    rows = _described().filter(user__is_integration=False)
    return latest(rows if _looks_after(actor) else rows.none(), size=PAGE_SIZE, before=before)


def token_of(actor: Actor, pk: int) -> ApiToken | None:
    """The token of this id, for whose it is, and for who looks after people."""
    row = ApiToken.objects.select_related("user").filter(pk=pk).first()
    return row if row is not None and (row.user_id == actor.person_id or _looks_after(actor)) else None


def integrations(actor: Actor, now: datetime) -> QuerySet[Integration]:
    """All integrations by name, for who looks after people; `in_force` is how many of their tokens open something."""
    alive = ApiToken.valid_at(now, "user__tokens__")
    rows = Integration.objects.select_related("user").annotate(in_force=Count("user__tokens", filter=alive))
    return rows.order_by("-user__is_active", "user__name", "pk") if _looks_after(actor) else rows.none()


def integration_of(actor: Actor, pk: int) -> Integration | None:
    """The integration of this id, for the same."""
    return Integration.objects.select_related("user").filter(pk=pk).first() if _looks_after(actor) else None


def integrations_named(name: str) -> list[Integration]:
    """Those that are called so, whatever the case."""
    return list(Integration.objects.select_related("user").filter(user__name__iexact=name.strip()).order_by("pk"))


def teams_of(integration: Integration) -> QuerySet[Team]:
    """Where an integration works."""
    places = TeamMembership.objects.filter(user=integration.pk, is_active=True)
    return Team.objects.filter(pk__in=places.values("team")).order_by("name")


def _looks_after(actor: Actor) -> bool:
    return holds(actor, Right.SEE_PEOPLE)
