"""The hands of a guest: the form, the mailed links, and a ticket of theirs."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from helpdesk.adapters.letters import compose
from helpdesk.models import Delivery, GuestLink
from tests.factories import TierFactory

FORM = "/guests/new/printing/"
TYPED = {"subject": "No ink", "text": "It prints white pages.", "name": "Gus Guest", "email": "Gus@example.net"}
QUIET = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow", "Cache-Control": "private, no-store"}


@pytest.fixture(autouse=True)
def open_queue(category, queue):
    TierFactory.create(level=1)
    queue.guests_allowed = True
    queue.save()


@pytest.fixture
def stranger(client_of) -> Client:
    return client_of()


def hidden(response, name):
    found = re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())
    assert found, name
    return found[1]


def fill(client, **more) -> Any:
    """Open the form, read it for a while, and send it."""
    page = client.get(FORM)
    sealed = {name: hidden(page, name) for name in ("key", "begun")}
    with time_machine.travel(timezone.now() + timedelta(seconds=20)):
        return client.post(FORM, {**TYPED, **sealed, **more})


def mailed(route="confirm/") -> str:
    """The path of the newest link that was mailed."""
    _subject, body = compose(Delivery.objects.filter(kind="account_mail").latest("pk"))
    found = re.search(rf"https?://[^/]+(/guests/{route}[0-9a-f-]{{36}}/)", body)
    assert found
    return found[1]


@pytest.fixture
def filed(stranger) -> str:
    """The path of a guest's ticket."""
    assert fill(stranger).status_code == 302
    return stranger.post(mailed())["Location"]


def expire(**columns: Any) -> None:
    GuestLink.objects.update(**(columns or {"expires_at": timezone.now() - timedelta(seconds=1)}))
