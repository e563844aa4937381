"""What comes again and again on the desk's lists, written without a template: thirty rows, and a hundred choices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from helpdesk.domain.escaping import escaped as escape
from helpdesk.models import Ticket
from helpdesk.selectors.clocks import Badge
from helpdesk.templatetags.clocks import next_clock
from helpdesk.templatetags.desk import age, assignee_mark, first_words, pick_box, priority_mark, status_mark
from helpdesk.templatetags.privacy import lock, private_ids
from helpdesk.views.desk.chips import Menu

register = template.Library()


@dataclass(frozen=True, slots=True)
class _Words:
    """What all rows share: where they lead, with the list that they are on, and words that come again."""

    place: str
    query: str
    waiting: str
    vip: str
    picks: bool
    clocks: Mapping[int, Badge]
    lock: str
    private_ids: frozenset[int]


@register.simple_tag(takes_context=True)
def ticket_rows(context: Context, tickets: Sequence[Ticket], query: str) -> SafeString:
    """The rows of the list, each with a box where its reader may do something with several tickets."""
    words = _words(query, context)
    return mark_safe("".join(_row(ticket, words) for ticket in tickets))  # noqa: S308 - escaped


@register.simple_tag(takes_context=True)
def short_ticket_rows(context: Context, tickets: Sequence[Ticket], query: str) -> SafeString:
    """The rows of the home, without what goes without saying there."""
    words = _words(query, context)
    return mark_safe("".join(_short_row(ticket, words) for ticket in tickets))  # noqa: S308 - escaped


@register.filter
def menu_options(menu: Menu) -> SafeString:
    """The values of a filter as options of a select."""
    said = (
        f'<option value="{escape(one.value)}"{" selected" if one.is_set else ""}>{escape(str(one.words))}</option>'
        for one in menu.options
    )
    return mark_safe("".join(said))  # noqa: S308 - escaped


@register.filter
def menu_boxes(menu: Menu) -> SafeString:
    """The values of a filter as boxes to tick."""
    name = escape(menu.name)
    said = (
        f'<label class="filter-option"><input type="checkbox" name="{name}" value="{escape(one.value)}"'
        f"{' checked' if one.is_set else ''}> {escape(str(one.words))}</label>"
        for one in menu.options
    )
    return mark_safe("".join(said))  # noqa: S308 - escaped


def _words(query: str, context: Context) -> _Words:
    return _Words(
        reverse("admin:tickets"),
        escape(urlencode({"list": query})),
        f'<span class="visually-hidden">{escape(_("Waiting"))}</span>',
        f'<span class="vip">{escape(_("VIP"))}</span> ',
        bool(context.get("bulk_tasks")),
        context.get("clocks") or {},
        lock(),
        private_ids(context),
    )


def _row(ticket: Ticket, words: _Words) -> str:
    pick = f'<label class="pick-label">{pick_box(ticket)}</label>' if words.picks else ""
    return (
        f'<tr><td class="t-pick">{pick}</td>{_what(ticket, words)}'
        f'<td class="t-tier"><abbr title="{escape(str(ticket.tier))}">{ticket.tier.level}</abbr></td>'
        f'<td class="t-assignee">{assignee_mark(ticket)}</td>{_wait(ticket, words)}'
        f'<td class="t-changed">{age(ticket.updated_at)}</td><td class="t-age">{age(ticket.created_at)}</td></tr>\n'
    )


def _short_row(ticket: Ticket, words: _Words) -> str:
    return f"<tr>{_what(ticket, words)}{_wait(ticket, words)}</tr>\n"


def _what(ticket: Ticket, words: _Words) -> str:
    """How urgent it is, what it is about, who asked, and where it stands."""
    tags = "".join(f'<span class="tag">{escape(tag.name)}</span> ' for tag in ticket.tags.all())
    said = escape(first_words(getattr(ticket, "last_words", "")))
    asker = ticket.requester
    house = f' <span class="quiet">{escape(str(ticket.organization))}</span>' if ticket.organization else ""
    return (
        f'<td class="t-prio">{priority_mark(ticket)}</td>'
        f'<td class="t-what"><div class="what"><a class="what-link" href="{words.place}{ticket.ref}/?{words.query}">'
        f'<span class="ref">{ticket.ref}</span> {words.lock if ticket.category_id in words.private_ids else ""}'
        f'<span class="what-subject">{escape(ticket.subject)}</span></a> '
        f'{tags}<span class="last-words">{said}</span></div></td>'
        f'<td class="t-who"><span class="who-name">{words.vip if asker.is_vip else ""}{escape(str(asker))}</span>'
        f'{house}</td><td class="t-status">{status_mark(ticket)}{_outside(ticket)}</td>'
    )


def _outside(ticket: Ticket) -> str:
    """The partner whom it waits for."""
    if ticket.waits is None:
        return ""
    said = f"{ticket.waits.partner} {ticket.waits.reference}".rstrip()
    return f' <span class="quiet waits-outside">{escape(said)}</span>'


def _wait(ticket: Ticket, words: _Words) -> str:
    """The clock that is due next, and for how long somebody has waited for an answer."""
    clock = f'<td class="t-clock" data-clock="{ticket.number}">{next_clock(ticket, words.clocks)}</td>'
    if ticket.unanswered_since is None:
        return f'{clock}<td class="t-wait"></td>'
    return f'{clock}<td class="t-wait"><span class="wait">{words.waiting} {age(ticket.unanswered_since)}</span></td>'
