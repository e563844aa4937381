"""Where a ticket stands, in the words of the portal."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from helpdesk.choices import Purpose, Status
from helpdesk.errors import Text
from helpdesk.models import Message, Ticket, User
from helpdesk.models.translated import Translated
from helpdesk.permissions import Right, holds
from helpdesk.requests import actor_of
from helpdesk.selectors.conversation import is_from_desk
from helpdesk.templatetags.desk import exactly, near

register = template.Library()

_SENTENCES: Final[dict[str, Text]] = {
    Status.NEW: gettext_lazy("We have received it and will answer here"),
    Status.OPEN: gettext_lazy("We have it and go on with it soon"),
    Status.IN_PROGRESS: gettext_lazy("We are working on it"),
    Status.PENDING: gettext_lazy("We need your answer to go on"),
    Status.ON_HOLD: gettext_lazy("We have to wait for somebody else and go on as soon as we can"),
    Status.RESOLVED: gettext_lazy("We believe that this is solved. Please tell us whether it is"),
    Status.CLOSED: gettext_lazy("This is closed"),
}
_FOR_OTHERS: Final[dict[str, Text]] = {
    Status.PENDING: gettext_lazy("We need an answer to go on"),
}
_SHORT: Final[dict[str, Text]] = {
    Status.NEW: pgettext_lazy("where a ticket stands", "Received"),
    Status.OPEN: pgettext_lazy("where a ticket stands", "With us"),
    Status.IN_PROGRESS: pgettext_lazy("where a ticket stands", "We are working on it"),
    Status.PENDING: pgettext_lazy("where a ticket stands", "Waiting for your answer"),
    Status.ON_HOLD: pgettext_lazy("where a ticket stands", "Waiting for somebody else"),
    Status.RESOLVED: pgettext_lazy("where a ticket stands", "Solved: please confirm"),
    Status.CLOSED: pgettext_lazy("where a ticket stands", "Closed"),
}
_MERGED: Final = pgettext_lazy("where a ticket stands", "Goes on in another ticket")
_SHORT_FOR_OTHERS: Final[dict[str, Text]] = {
    Status.PENDING: pgettext_lazy("where a ticket stands", "Waiting for an answer"),
    Status.RESOLVED: pgettext_lazy("where a ticket stands", "Solved: to be confirmed"),
}
_STAGES: Final[tuple[tuple[Text, frozenset[Status]], ...]] = (
    (pgettext_lazy("stage of a ticket", "Received"), frozenset({Status.NEW, Status.OPEN})),
    (pgettext_lazy("stage of a ticket", "In progress"), frozenset({Status.IN_PROGRESS, Status.ON_HOLD})),
    (pgettext_lazy("stage of a ticket", "Waiting for you"), frozenset({Status.PENDING})),
    (pgettext_lazy("stage of a ticket", "Solved"), frozenset({Status.RESOLVED, Status.CLOSED})),
)
# A sign and a tone for each sentence: whose turn it is, and whether it is over.
_TURNS: Final[dict[str, tuple[str, str]]] = {
    Status.PENDING: ("warning", "turn"),
    Status.RESOLVED: ("help", "turn"),
    Status.CLOSED: ("success", "over"),
}
_OUR_TURN: Final = ("clock", "ours")
_KINDS_OF_LETTER: Final[dict[str, Text]] = {
    Purpose.RESOLUTION: pgettext_lazy("kind of letter", "How it was solved"),
    Purpose.REJECTION: pgettext_lazy("kind of letter", "Still a problem"),
    Purpose.REOPENING: pgettext_lazy("kind of letter", "Opened again"),
}


@register.simple_tag(takes_context=True)
def may_ask(context: Context) -> bool:
    """Whether the reader may ask for help: auditors look, and write nothing."""
    return holds(actor_of(context["request"]), Right.FILE_TICKET)


@register.simple_tag
def status_sentence(ticket: Ticket, reader: User) -> str:
    """Where the ticket stands and whose turn it is, with the person who has it while somebody has."""
    if ticket.merged_into_id is not None:
        return _("This goes on in another ticket.")
    words = _SENTENCES[ticket.status]
    if reader != ticket.requester:
        words = _FOR_OTHERS.get(ticket.status, words)
    if ticket.is_solved:
        return _("%(sentence)s.") % {"sentence": words}
    who = f"{ticket.assignee}, {ticket.tier}" if ticket.assignee else str(ticket.tier)
    return _("%(sentence)s — %(who)s") % {"sentence": words, "who": who}


@register.simple_tag
def status_words(ticket: Ticket, reader: User) -> Text:
    """Where the ticket stands, in a few words to this reader."""
    if ticket.merged_into_id is not None:
        return _MERGED
    words = _SHORT[ticket.status]
    return words if reader == ticket.requester else _SHORT_FOR_OTHERS.get(ticket.status, words)


@register.filter
def answer_promise(due: datetime | None) -> SafeString | str:
    """By when we answer, in the reader's zone, where we promised it; that we are late, without a count of it."""
    if due is None:
        return ""
    if due <= timezone.now():
        return _("We are late with our answer, and sorry for it.")
    moment = format_html('<time datetime="{}" title="{}">{}</time>', due.isoformat(), exactly(due), near(due))
    return mark_safe(escape(_("We answer by %(time)s.")) % {"time": moment})  # noqa: S308 - escaped


@register.filter
def needs_reader(ticket: Ticket, reader: User) -> bool:
    """Whether it is this reader's turn, having asked."""
    return reader == ticket.requester and ticket.status in {Status.PENDING, Status.RESOLVED}


@register.filter
def shown(row: Translated, column: str) -> str:
    """A text that an administrator wrote, in the reader's language."""
    return str(row.shown(column) or "")


@register.filter
def sign_of_status(ticket: Ticket) -> str:
    """The icon beside the sentence."""
    return _TURNS.get(ticket.status, _OUR_TURN)[0]


@register.filter
def tone_of_status(ticket: Ticket) -> str:
    """Whose turn it is, or that it is over, as a style names it."""
    return _TURNS.get(ticket.status, _OUR_TURN)[1]


@dataclass(frozen=True, slots=True)
class Stage:
    """One point on the line of stages. `reached` counts the points before the present one too."""

    label: Text
    is_current: bool
    reached: bool


@register.filter
def stages(ticket: Ticket) -> list[Stage]:
    """The line from received to solved, and where on it the ticket is."""
    here = next(place for place, (_label, of) in enumerate(_STAGES) if ticket.status in of)
    return [Stage(label, place == here, place <= here) for place, (label, _of) in enumerate(_STAGES)]


@register.filter
def kind_of_letter(message: Message) -> Text:
    """What a message is beyond words, or nothing."""
    return _KINDS_OF_LETTER.get(message.purpose, "")


register.filter(is_from_desk)
