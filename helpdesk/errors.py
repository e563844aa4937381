"""What an action says when it refuses: words for the person who can act on them, and a code for machines."""

from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from helpdesk.choices import MoveName

Text = str | Promise

# What a move through a ticket's life answers when it is refused.
MERGED: Final = _("This ticket was merged into another one and goes on there. Look at that one.")
TOO_LATE_TO_REOPEN: Final = _(
    "This ticket was closed too long ago to be reopened. Write a reply: it starts a new, linked ticket."
)
DONE_ALREADY: Final = _("It was done already: the ticket is “%(status)s”.")
NOT_POSSIBLE_NOW: Final = _("“%(move)s” is not possible while the ticket is “%(status)s”.")
NO_RESOLUTION_KIND: Final = _("Choose how it was solved.")
NO_WORDS: Final = {
    MoveName.ASK: _("Write what you want to know from the requester."),
    MoveName.HOLD: _("Write what the ticket is waiting for."),
    MoveName.RESOLVE: _("Write how it was solved; the requester reads it."),
    MoveName.REJECT: _("Write what is still wrong, so that we can go on."),
    MoveName.REOPEN: _("Write why the ticket is opened again."),
}
# What is wrong with a message.
TOO_LONG_A_TEXT: Final = _("Your text has %(count)d characters; a message takes %(limit)d. Attach the rest as a file.")
# What is wrong with an answer to a question of a topic.
NO_ANSWER: Final = _("Answer this question, so that we can help.")
NOT_AN_OPTION: Final = _("Choose one of the answers.")
NOT_A_NUMBER: Final = _("Write a number, such as 12 or 3.5.")
NOT_WHOLE: Final = _("Write a whole number.")
TOO_MANY_DECIMALS: Final = _("Write at most %(count)d digits behind the decimal sign.")
SMALLER_THAN: Final = _("Write a number that is not smaller than %(limit)s.")
LARGER_THAN: Final = _("Write a number that is not larger than %(limit)s.")
NOT_YES_OR_NO: Final = _("Choose yes or no.")
NOT_A_PERSON: Final = _("Choose somebody from the list.")
NOT_A_DATE: Final = _("Write a date that exists, like 2026-03-31.")
NO_WORKAROUND: Final = _("Write the cause or the way around it first: that is what makes it known.")
NO_FIX: Final = _("Write what mended it first; those who asked can be told so.")
NOT_A_MEASURE: Final = _("Write a number that is not below nought, such as 12.5, or leave it empty.")
TOO_LONG_AN_ANSWER: Final = _(
    "Your answer has %(count)d characters; there is room for %(limit)d. Put the rest into the text."
)

# What is wrong with a mail domain of an organisation.
NOT_A_DOMAIN: Final = _("Write a domain like example.org, the part of an address after the @.")
PUBLIC_DOMAIN: Final = _("Anybody gets an address at %(domain)s, so it says nothing about where somebody works.")
# What is wrong with working hours, and with what is counted in them.
NOT_A_ZONE: Final = _("“%(name)s” is not a time zone; an example is Europe/Berlin.")
NOT_A_WEEKDAY: Final = _("“%(day)s” is not a day of the week; the days are %(days)s.")
NOT_A_TIME_OF_DAY: Final = _("%(day)s: “%(time)s” is not a time. Write one like 09:00, from 00:00 to 24:00.")
ENDS_TOO_EARLY: Final = _("%(day)s, %(start)s–%(end)s: the end has to be later than the start.")
HOURS_OVERLAP: Final = _("%(day)s: %(one)s and %(other)s overlap. Write them as one.")
NOT_HOURS: Final = _("%(day)s: “%(hours)s” are no hours. Write them like 09:00–17:00, several with commas between.")
NO_HOLIDAYS_KNOWN: Final = _("We know no public holidays of “%(country)s”. Choose a country from the list.")
NOT_A_PART: Final = _("“%(part)s” is no part of that country with holidays of its own. Its parts are %(parts)s.")
NEVER_OPEN: Final = _("These working hours have no open time, so nothing can fall due in them. Add hours to a day.")
BEYOND_THE_YEARS: Final = _("That is further away than Watchdesk can count: it knows the years 2 to 9998.")
NO_TARGET: Final = _("Write a time that is longer than nothing, such as 30 minutes.")
NOT_A_SPAN: Final = _("“%(text)s” is no time. Write hours and minutes, such as “4 h”, “90 min” or “1 h 30 min”.")
TOO_LONG_A_SPAN: Final = _("Write a time of up to %(hours)d hours.")
# What is wrong with what a policy says, by the codes of `domain.sla_rules`.
RULE_PROBLEMS: Final = {
    "no_targets": _("This promises nothing yet. Write at least one time for an answer or a solution."),
    "not_positive": NO_TARGET,
    "not_a_share": _("A warning comes before the time is used up: write shares from 1 to 99 per cent."),
    "not_a_threshold": _("Write a share from 1 to 1000 per cent."),
    "no_threshold": _("Write when: a share of the time such as “80 %”, or a time such as “30 min”."),
    "no_priorities": _("Choose at least one priority."),
    "no_acts": _("Choose what is done then."),
    "never_counts": _("This clock would stand in every status. Leave at least one in which it runs."),
}


class Code(StrEnum):
    """The classes of refusal; an interface picks its status and its place on the page by them."""

    MISSING = "missing"
    WRONG = "wrong"
    FORBIDDEN = "forbidden"
    ILLEGAL_MOVE = "illegal_move"
    STALE = "stale"
    BUSY = "busy"
    REPEATED = "repeated"
    TOO_MANY = "too_many"


class DomainError(Exception):
    """An action refused. Nothing was written.

    `field` names the form field that the words belong to, where there is one.
    """

    def __init__(self, message: Text, code: Code, field: str | None = None) -> None:
        super().__init__(message)
        self.message: Final = message
        self.code: Final = code
        self.field: Final = field

    def __str__(self) -> str:
        return str(self.message)
