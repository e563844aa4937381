"""The author of a message changes it, for some minutes; what it said before is kept."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from helpdesk.actions._base import action
from helpdesk.actions._work import begin
from helpdesk.actors import Actor
from helpdesk.domain.words import MAX_TEXT, clean_text
from helpdesk.domain.work_events import MessageEdited
from helpdesk.errors import Code, DomainError
from helpdesk.models import Message, MessageRevision, Ticket
from helpdesk.permissions import Right

_TOO_LATE = ngettext_lazy(
    "A message can be changed for %(minutes)d minute, and that is over. Your text is kept; send it as a new one.",
    "A message can be changed for %(minutes)d minutes, and they are over. Your text is kept; send it as a new one.",
    "minutes",
)


@action
def edit_message(
    *,
    message: Message,
    body: str,
    by: Actor,
    now: datetime,
    seen_revision: int | None = None,
    mail_again: bool = False,
) -> Ticket:
    """Change the words of one's own message while that is possible.

    A mail that waits to leave goes with the new words. Those who got the old ones get no second mail, unless
    `mail_again` asks for one. `seen_revision` is the state of the message that the page showed.
    """
    right = Right.WRITE_NOTES if message.is_internal else Right.REPLY
    work = begin(Ticket(pk=message.ticket_id), by=by, now=now, right=right)
    row = Message.objects.select_for_update().get(pk=message.pk, ticket=work.ticket)
    if row.author_id != by.person.pk:
        raise DomainError(_("Only who wrote a message can change it."), Code.FORBIDDEN)
    minutes = work.settings.edit_minutes
    if now >= row.created_at + timedelta(minutes=minutes):
        raise DomainError(_TOO_LATE % {"minutes": minutes}, Code.ILLEGAL_MOVE)
    if seen_revision is not None and seen_revision != row.revision:
        raise DomainError(
            _("You changed this message in another window meanwhile. Your text is kept; compare, then save again."),
            Code.STALE,
        )
    words = _clean(body)
    if words == row.body:
        return work.ticket
    MessageRevision.objects.create(message=row, number=row.revision, body=row.body, replaced_at=now)
    row.body, row.revision, row.edited_at = words, row.revision + 1, now
    row.save(update_fields=["body", "revision", "edited_at"])
    work.record(MessageEdited(row.pk, row.revision, mail_again and not row.is_internal))
    return work.save()


def _clean(body: str) -> str:
    words = clean_text(body)
    if not words:
        raise DomainError(_("Write something first."), Code.MISSING, field="text")
    if len(words) > MAX_TEXT:
        raise DomainError(
            _("Your text has %(count)d characters; a message takes %(limit)d. Attach the rest as a file.")
            % {"count": len(words), "limit": MAX_TEXT},
            Code.WRONG,
            field="text",
        )
    return words
