"""Reading the desk's pages as somebody would."""

import re
from typing import Any

from django.test import Client

from helpdesk.choices import MoveName
from helpdesk.models import Ticket


def text_of(response: Any) -> str:
    """What a page says, without its tags."""
    body = re.sub(r"<(style|script|head).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def refs_on(response: Any) -> list[str]:
    """The tickets of a list, in its order."""
    return re.findall(r'<span class="ref">(WD-\d+)</span>', response.content.decode())


def actions_on(response: Any, ticket: Ticket) -> set[str]:
    """What the page offers to do with the ticket: the ends of its forms' addresses, of those that are folded too."""
    page = response.content.decode()
    found = re.findall(rf'action="/admin/tickets/{ticket.ref}/([a-z_/-]+)/["?]', page)
    folded = re.findall(rf'data-panel="/admin/tickets/{ticket.ref}/\?(?:[^"]*;)?panel=([a-z_]+)"', page)
    return {*found, *(f"move/{name}" if name in set(MoveName) else name.replace("_", "-") for name in folded)}


def panel(client: Client, ticket: Ticket, name: str) -> Any:
    """The form of a panel as a script brings it to a page of the ticket's present version."""
    asked = {"panel": name, "seen": ticket.version}
    return client.get(url(ticket), asked, headers={"X-Piece": "1"})


def url(ticket: Ticket, action: str = "") -> str:
    """The address of a ticket's page, or of something to do with it."""
    return f"/admin/tickets/{ticket.ref}/{action}/" if action else f"/admin/tickets/{ticket.ref}/"


def post(client: Client, ticket: Ticket, action: str, **data: Any) -> Any:
    """Send one of the page's forms as the page of the ticket's present version would."""
    return client.post(url(ticket, action), {"seen_version": ticket.version, **data})
