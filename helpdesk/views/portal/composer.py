"""The one thing to write on a ticket's page: where it goes and how it is asked for follow from where it stands."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from helpdesk.choices import MoveName, Status
from helpdesk.errors import Text
from helpdesk.models import Ticket
from helpdesk.selectors.moves import Possible


@dataclass(frozen=True, slots=True)
class Composer:
    """A box to write in. `route` is the address that takes it."""

    route: str
    title: Text
    label: Text
    hint: Text
    button: Text


_REPLY: Final = Composer("portal:reply", _("Add something"), _("Your message"), "", _("Send"))
_ANSWER: Final = Composer(
    "portal:reply",
    _("Your answer"),
    _("Your message"),
    _("We go on as soon as we have it."),
    _("Send answer"),
)
_REJECT: Final = Composer(
    "portal:reject",
    _("Is it still a problem?"),
    _("What is still wrong?"),
    _("We open the ticket again and go on with it."),
    _("Still a problem"),
)
_REOPEN: Final = Composer(
    "portal:reopen",
    _("Is it a problem again?"),
    _("What happened?"),
    _("We open the ticket again and go on with it."),
    _("Open it again"),
)
_FOLLOW_UP: Final = Composer(
    "portal:reply",
    _("Is there something more?"),
    _("Your message"),
    _("This ticket was closed some time ago. What you write starts a new ticket that is linked to this one."),
    _("Start a new ticket"),
)


# Who follows a ticket may not reopen it by a button; their words do.
_STILL: Final = Composer(
    "portal:reply",
    _("Is it still a problem?"),
    _("Your message"),
    _("What you write opens the ticket again, and we go on with it."),
    _("Send"),
)


def composer_for(ticket: Ticket, possible: Possible) -> Composer | None:
    """What the reader may write here, if anything."""
    if MoveName.REJECT in possible.names:
        return _REJECT
    if ticket.is_solved and MoveName.REOPEN in possible.names:
        return _REOPEN
    if not possible.reply:
        return None
    if ticket.is_solved:
        return _STILL if possible.reply_reopens else _FOLLOW_UP
    return _ANSWER if ticket.status == Status.PENDING else _REPLY
