"""What tokens may be used for."""

from collections.abc import Iterable, Mapping
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from helpdesk.permissions import Right


class TokenScope(TextChoices):
    """What a token may be used for, of what its person may do. Writing includes reading."""

    TICKETS_READ = "tickets:read", _("Read tickets")
    TICKETS_WRITE = "tickets:write", _("Read and change tickets")
    PEOPLE_READ = "people:read", _("Read people and organisations")
    PEOPLE_WRITE = "people:write", _("Read and add people")
    SETUP_READ = "setup:read", _("Read the set-up")
    FIGURES_WRITE = "figures:write", _("Send figures of served systems")
    WEBHOOKS_WRITE = "webhooks:write", _("Set up webhooks")


_READING: Final = frozenset({Right.VIEW, Right.READ_NOTES})
_PEOPLE_READING: Final = frozenset({Right.SEE_PEOPLE})
# What a token of each scope may be used for, of what its person may do.
SCOPE_RIGHTS: Final[Mapping[TokenScope, frozenset[Right]]] = {
    TokenScope.TICKETS_READ: _READING,
    TokenScope.TICKETS_WRITE: _READING
    | {
        # What is filed needs tags, teams, partners and criteria, which are for who is in the desk.
        Right.ENTER_DESK,
        Right.REPLY,
        Right.WRITE_NOTES,
        Right.WORK,
        Right.ASSIGN,
        Right.ESCALATE,
        Right.CONFIRM,
        Right.REOPEN,
        Right.ADD_WATCHER,
        Right.ACKNOWLEDGE,
        Right.CHOOSE_POLICY,
        Right.FILE_TICKET,
        Right.FILE_FOR_OTHERS,
        Right.FILE_FOR_COLLEAGUES,
    },
    TokenScope.PEOPLE_READ: _PEOPLE_READING,
    TokenScope.PEOPLE_WRITE: _PEOPLE_READING | {Right.CHANGE_PEOPLE},
    TokenScope.SETUP_READ: frozenset({Right.SEE_SETUP, Right.ENTER_DESK}),
    TokenScope.FIGURES_WRITE: frozenset({Right.PUSH_FIGURES}),
    TokenScope.WEBHOOKS_WRITE: frozenset({Right.CHANGE_SETUP}),
}


def rights_of(scopes: Iterable[str]) -> frozenset[str]:
    """The names of the rights that a token of these scopes is limited to."""
    known = set(TokenScope)
    return frozenset[str]().union(*(SCOPE_RIGHTS[TokenScope(one)] for one in scopes if one in known))
