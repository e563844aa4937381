"""What people are told about, by which channels, and what of it is theirs to choose."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from helpdesk.choices import DeliveryChannel, Occasion

_EMAIL: Final = frozenset({DeliveryChannel.EMAIL})
_INBOX: Final = frozenset({DeliveryChannel.INBOX})
_BOTH: Final = _EMAIL | _INBOX

Chosen = Mapping[tuple[Occasion, DeliveryChannel], bool]


@dataclass(frozen=True, slots=True)
class Terms:
    """How an occasion is told unless somebody chose otherwise, and what of that they cannot choose.

    What `is_for_desk` is told to who works there alone, what `is_internal` to who reads notes; of what `is_weighty`
    one channel at least is left on.
    """

    on: frozenset[DeliveryChannel] = _BOTH
    offered: frozenset[DeliveryChannel] = _BOTH
    always: frozenset[DeliveryChannel] = frozenset()
    is_for_desk: bool = True
    is_internal: bool = False
    is_weighty: bool = False


TERMS: Final[Mapping[Occasion, Terms]] = {
    # Nobody has to look into an inbox for what they did themselves.
    Occasion.RECEIPTS: Terms(on=_EMAIL, offered=_EMAIL, is_for_desk=False),
    # Who asks for help is answered: the desk waits for them otherwise, and they for the desk.
    Occasion.ANSWERS: Terms(always=_EMAIL, is_for_desk=False),
    Occasion.PROGRESS: Terms(is_for_desk=False),
    Occasion.WATCHED: Terms(is_for_desk=False),
    Occasion.ASSIGNED: Terms(),
    Occasion.WORDS: Terms(),
    Occasion.STATUS: Terms(),
    Occasion.NOTES: Terms(is_internal=True),
    Occasion.SUB_TASKS: Terms(is_internal=True),
    Occasion.CLOCK_WARNED: Terms(on=_INBOX, is_internal=True),
    Occasion.CLOCK_BREACHED: Terms(is_internal=True, is_weighty=True),
    Occasion.LADDER: Terms(is_internal=True, is_weighty=True),
    Occasion.UPDATE_OWED: Terms(on=_INBOX, is_internal=True),
}
INTERNAL: Final = frozenset(occasion for occasion, terms in TERMS.items() if terms.is_internal)


def offered(*, has_inbox: bool) -> dict[Occasion, frozenset[DeliveryChannel]]:
    """What somebody may choose about, and between which channels: only who works in the desk has an inbox there."""
    reachable = _BOTH if has_inbox else _EMAIL
    return {
        occasion: terms.offered & reachable for occasion, terms in TERMS.items() if has_inbox or not terms.is_for_desk
    }


def channels(
    occasion: Occasion, chosen: Chosen, *, has_inbox: bool, is_critical: bool = False
) -> frozenset[DeliveryChannel]:
    """The channels by which somebody is told who chose so. What is critical comes by one of them at least."""
    terms = TERMS[occasion]
    wanted = {channel for channel in terms.offered if chosen.get((occasion, channel), channel in terms.on)}
    found = (wanted | terms.always) & (_BOTH if has_inbox else _EMAIL)
    if is_critical and not found:
        return frozenset((terms.on if has_inbox else _EMAIL) | terms.always)
    return frozenset(found)


def differences(chosen: Chosen) -> dict[tuple[Occasion, DeliveryChannel], bool]:
    """What of the choices is another than it would be without them: all that is worth keeping."""
    return {
        (occasion, channel): on
        for (occasion, channel), on in chosen.items()
        if channel in TERMS[occasion].offered - TERMS[occasion].always and on != (channel in TERMS[occasion].on)
    }


def silenced(chosen: Chosen, *, has_inbox: bool) -> Occasion | None:
    """The first occasion that is too weighty to be turned off, and would be on every channel."""
    for occasion, terms in TERMS.items():
        is_theirs = has_inbox or not terms.is_for_desk
        if terms.is_weighty and is_theirs and not channels(occasion, chosen, has_inbox=has_inbox):
            return occasion
    return None
