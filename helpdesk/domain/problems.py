"""What a problem has to have before it may be called known or fixed."""

from helpdesk.choices import ProblemState
from helpdesk.errors import NO_FIX, NO_WORKAROUND, Code, DomainError


def check_state(state: str, *, cause: str, workaround: str, fix: str) -> None:
    """Raise what a problem lacks for this state, or return. Any state may follow any other: people err both ways."""
    if state == ProblemState.KNOWN and not (cause or workaround):
        raise DomainError(NO_WORKAROUND, Code.MISSING, field="workaround")
    if state == ProblemState.FIXED and not fix:
        raise DomainError(NO_FIX, Code.MISSING, field="fix")


def may_be_published(state: str) -> bool:
    """Whether requesters may be told of it as a known issue: what is over is none any more."""
    return state in {ProblemState.OPEN, ProblemState.KNOWN}
