"""For whom the desk's navigation shows what; Unfold finds these by their names."""

from django.http import HttpRequest

from helpdesk.permissions import Right, holds
from helpdesk.requests import actor_of
from helpdesk.selectors import mailbox


def sees_setup(request: HttpRequest) -> bool:
    """Who may look at the set-up."""
    return holds(actor_of(request), Right.SEE_SETUP)


def changes_setup(request: HttpRequest) -> bool:
    """Who may change the set-up."""
    return holds(actor_of(request), Right.CHANGE_SETUP)


def sees_people(request: HttpRequest) -> bool:
    """Who may look at people's accounts."""
    return holds(actor_of(request), Right.SEE_PEOPLE)


def sees_record(request: HttpRequest) -> bool:
    """Who may read the audit."""
    return holds(actor_of(request), Right.SEE_RECORD)


def sees_operation(request: HttpRequest) -> bool:
    """Who may look at how the desk itself runs."""
    return holds(actor_of(request), Right.SEE_OPERATION)


def has_mailbox(_request: HttpRequest) -> bool:
    """Everybody in a demo, which keeps its mails."""
    return mailbox.is_open()
