"""The bell of the desk: how much its reader has not read."""

from django import template
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from helpdesk.models import Ticket
from helpdesk.requests import unread_tickets_of
from helpdesk.selectors.inbox import MANY

register = template.Library()


def rendered(request: HttpRequest) -> SafeString:
    """The way to the inbox, with the number of what is new there; a hundred is as much as anybody wants to know."""
    unread = len(unread_tickets_of(request))
    shown = f"{MANY - 1}+" if unread >= MANY else str(unread)
    return render_to_string("desk/parts/bell.html", {"unread": unread, "shown": shown}, request)


@register.simple_tag(takes_context=True)
def bell(context: template.Context) -> SafeString:
    """The same in the frame of a page."""
    return rendered(context["request"])


@register.simple_tag(takes_context=True)
def is_news(context: template.Context, ticket: Ticket) -> bool:
    """Whether something of this ticket is in the reader's inbox, unread."""
    return ticket.pk in unread_tickets_of(context["request"])
