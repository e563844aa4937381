"""Tokens, and who comes by one."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from helpdesk.actors import Actor
from helpdesk.domain.tokens import Token
from helpdesk.models import ApiToken, SetupGeneration, User
from helpdesk.permissions import Right, holds
from helpdesk.prepared import prepared


def bearer(sent: Token, now: datetime) -> ApiToken | None:
    """The token that was sent, with its person and the mark of the set-up in force (`setup_mark`): one query.

    None where it is nobody's, has ended, or its person is not here any more.
    """
    row = next(iter(_by_key(sent.key)), None)
    # Also where there is no such key the secret is compared, with one that no secret has.
    is_it = sent.fits(row.digest if row is not None else "0" * 64)
    return row if row is not None and is_it and _leads_in(row, now) else None


def renewed(token: ApiToken, now: datetime) -> ApiToken | None:
    """The token as it is now, read like that; None where it ended since it was sent."""
    row = next(iter(_by_key(token.key)), None)
    return row if row is not None and _leads_in(row, now) else None


def _leads_in(token: ApiToken, now: datetime) -> bool:
    return token.is_valid(now) and token.user.is_active


@prepared
def _by_key(key: str) -> QuerySet[ApiToken]:
    mark = Subquery(SetupGeneration.objects.values("mark"))
    return ApiToken.objects.filter(key=key).select_related("user").annotate(setup_mark=mark)


def tokens_of(person: User) -> QuerySet[ApiToken]:
    """The tokens of a person or integration, the newest first; `is_replaced` where another one came in its place."""
    newer = ApiToken.objects.filter(replaces=OuterRef("pk"))
    rows = ApiToken.objects.filter(user=person).annotate(is_replaced=Exists(newer))
    return rows.select_related("made_by").order_by("-created_at", "-pk")


def token_of(actor: Actor, pk: int) -> ApiToken | None:
    """The token of this id, for who may look after it: whose it is, or for an integration's who looks after people."""
    row = ApiToken.objects.select_related("user").filter(pk=pk).first()
    if row is None or (row.user_id != actor.person_id and not (row.user.is_integration and _looks_after(actor))):
        return None
    return row


def integrations(actor: Actor) -> QuerySet[User]:
    """All integrations by name, for who looks after people."""
    rows = User.objects.filter(is_integration=True).order_by("name", "pk")
    return rows if _looks_after(actor) else rows.none()


def _looks_after(actor: Actor) -> bool:
    return holds(actor, Right.SEE_PEOPLE)
