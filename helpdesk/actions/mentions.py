"""Colleagues who are mentioned in notes."""

from datetime import datetime

from helpdesk.actions._base import action
from helpdesk.actions._work import Work
from helpdesk.actors import Actor
from helpdesk.models import Mention, Message
from helpdesk.selectors.mentions import named


def mention(work: Work, message: Message) -> None:
    """The step that keeps whom a note names, of those who may read it. Its writer has no need to be told."""
    readers = [user for user in named(message.body, work.ticket).readers if user != work.by.user]
    Mention.objects.bulk_create(Mention(message=message, user=user) for user in readers)


def answered(work: Work) -> None:
    """The step after somebody of the desk wrote on a ticket: what they were mentioned for there, they have seen."""
    mine = Mention.objects.filter(user=work.by.user, message__ticket=work.ticket, seen_at__isnull=True)
    mine.update(seen_at=work.now)


@action
def see_mention(*, pk: int, by: Actor, now: datetime) -> None:
    """Say that one has seen where one is mentioned. Somebody else's, and one that is seen already, stay as they are."""
    Mention.objects.filter(pk=pk, user=by.person, seen_at__isnull=True).update(seen_at=now)
