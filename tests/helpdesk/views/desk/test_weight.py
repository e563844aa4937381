"""What the desk's pages weigh: style sheets and scripts as they travel, compressed."""

import functools
import gzip
import re
from pathlib import Path
from typing import Final

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from helpdesk.models import Ticket
from tests.helpdesk.views.desk.pages import url

LIMIT: Final = 500_000
# Where they are now, with some room: what adds a library shows up here, long before anybody waits for it.
USUAL: Final = 150_000


def weight(page: str, client: Client) -> int:
    """The bytes of all style sheets and scripts that the page asks for."""
    return weight_of(client.get(page).content.decode(), client)


def weight_of(body: str, client: Client) -> int:
    """The same for a page that is there."""
    addresses = set(re.findall(r'<link[^>]+rel="stylesheet"[^>]*href="([^"]+)"|<script[^>]+src="([^"]+)"', body))
    names = [link or script for link, script in addresses]
    assert names
    return sum(_compressed(name, client) for name in names)


def _compressed(address: str, client: Client) -> int:
    if address.startswith("/static/"):
        return _of_file(address.partition("?")[0].removeprefix("/static/"))
    # What is made for this desk, such as its colours, is asked for like a page.
    return len(gzip.compress(client.get(address).content))


@functools.cache
def _of_file(name: str) -> int:
    path = finders.find(name)
    assert path, name
    return len(gzip.compress(Path(path).read_bytes()))


@pytest.mark.parametrize("page", ["home", "list", "ticket"])
def test_page_of_the_desk_is_light(page: str, ticket: Ticket, as_mara: Client) -> None:
    address = {"home": "/admin/", "list": "/admin/tickets/", "ticket": url(ticket)}[page]
    heavy = weight(address, as_mara)
    assert heavy < USUAL < LIMIT


def test_page_of_the_desk_leaves_out_what_it_does_not_use(ticket: Ticket, as_mara: Client) -> None:
    body = as_mara.get("/admin/tickets/").content.decode()
    for name in ("chart", "htmx", "alpine.sort", "alpine.anchor"):
        assert f"{name}.js" not in body
