"""What somebody began to write is kept until they send it."""

import json
import re
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext_lazy as _

from helpdesk.actions._base import action
from helpdesk.actions._claim import delete_first
from helpdesk.actors import Actor
from helpdesk.domain.places import parse_place
from helpdesk.errors import Code, DomainError
from helpdesk.models import Draft, IdempotencyKey, User

LIFE: Final = timedelta(days=30)
MAX_BYTES: Final = 100_000
# Whoever begins more loses the oldest.
_MAX_DRAFTS: Final = 100
# One after the other for a person, as in `save_draft`; in one way to the database. Nobody waits for the disk: a draft
# that a crash brings back is no harm.
_DISCARD: Final = """
SET LOCAL synchronous_commit = off;
SELECT 1 FROM helpdesk_user WHERE id = %s FOR NO KEY UPDATE;
DELETE FROM helpdesk_draft WHERE user_id = %s AND place = %s AND updated_at <= %s
"""


@action
def save_draft(*, place: str, content: dict[str, Any], by: Actor, now: datetime, form_key: str = "") -> bool:
    """Keep the fields of a form in the place of what was kept there before; the newest saving wins.

    What was sent already under the form's key comes too late and is not kept. Returns whether it is.
    """
    if parse_place(place) is None:
        raise DomainError(_("There is nothing to write here."), Code.WRONG)
    kept = _storable(content)
    if len(json.dumps(kept, ensure_ascii=False).encode()) > MAX_BYTES:
        raise DomainError(
            _("This is too long to be kept as a draft. Send it, or put the rest into a file."), Code.WRONG
        )
    # One after the other for a person: a sending is committed before it discards its draft, so that whoever saves
    # later finds its key here, and what was saved before is discarded.
    User.objects.select_for_update(no_key=True).get(pk=by.person.pk)
    if form_key and IdempotencyKey.objects.filter(user=by.person, key=_storable(form_key)).exists():
        return False
    mine = Draft.objects.filter(user=by.person)
    mine.update_or_create(user=by.person, place=place, defaults={"content": kept, "updated_at": now})
    mine.filter(pk__in=list(mine.order_by("-updated_at", "-pk").values_list("pk", flat=True)[_MAX_DRAFTS:])).delete()
    return True


@action
def discard_draft(*, place: str, by: Actor, now: datetime) -> None:
    """Forget what was kept there until now."""
    with connection.cursor() as cursor:
        cursor.execute(_DISCARD, [by.person.pk, by.person.pk, place, now])


def forget(*, now: datetime, limit: int) -> int:
    """Inside an action: forget the oldest drafts that nobody went on with. Returns how many."""
    old = Draft.objects.filter(updated_at__lt=now - LIFE).order_by("updated_at")
    return delete_first(old, limit)


def _storable(value: Any) -> Any:
    """The same without NUL and without halves of characters, neither of which PostgreSQL stores."""
    if isinstance(value, str):
        return re.sub("[\x00\ud800-\udfff]", "", value)
    if isinstance(value, dict):
        return {_storable(key): _storable(entry) for key, entry in value.items()}
    return [_storable(entry) for entry in value] if isinstance(value, list) else value
