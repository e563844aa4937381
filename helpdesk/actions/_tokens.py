"""The step by which all tokens of an account end: wherever all its sessions do, so do they.

Whoever knew an old password, sat at a lost device or held an account that is closed may have made one.
"""

from datetime import datetime

from helpdesk.actions._record import audit
from helpdesk.actors import Actor
from helpdesk.models import ApiToken, User


def end_of(person: User, *, by: Actor, now: datetime) -> int:
    """Revoke every token of the person that is still in force, each on record. Returns how many.

    The caller holds the person's row, which whoever makes a token waits for.
    """
    rows = ApiToken.objects.select_for_update().filter(ApiToken.valid_at(now), user=person).order_by("pk")
    keys = list(rows.values_list("pk", flat=True))
    ApiToken.objects.filter(pk__in=keys).update(revoked_at=now)
    for pk in keys:
        audit("token_revoked", ("token", pk), {"user_id": person.pk}, by=by, now=now)
    return len(keys)
