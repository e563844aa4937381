"""Somebody without an account: from the first page to "this solved it", in a real browser."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Page, expect

from helpdesk.actions import conversation, status
from helpdesk.adapters.letters import compose
from helpdesk.choices import Channel, MoveName, Status
from helpdesk.models import Delivery, Ticket
from tests.browser import PHONE, Browse, assert_accessible
from tests.factories import CategoryFactory, QueueFactory, TeamFactory, TierFactory, actor, make_agent

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(browse: Browse, settings: object, tmp_path: object) -> Page:
    """A stranger's phone; the desk has one queue that is open to guests."""
    settings.MEDIA_ROOT = tmp_path / "files"  # type: ignore[attr-defined, operator]
    TierFactory.create(level=1)
    team = TeamFactory.create()
    queue = QueueFactory.create(is_default=True, teams=[team], guests_allowed=True)
    CategoryFactory.create(name="Printing", code="printing", queue=queue)
    make_agent(team, name="Mara Silva")
    return browse(None, width=PHONE)


def test_guest_asks_confirms_answers_and_says_that_it_is_solved(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Printing").click()
    page.get_by_label("In a few words").fill("White pages")
    page.get_by_label("What happened?").fill("Nothing is on them.")
    page.get_by_label("Your name").fill("Gus Guest")
    page.get_by_label("Your e-mail address").fill("gus@example.net")
    page.get_by_label("Files (optional)").set_input_files({"name": "p.txt", "mimeType": "text/plain", "buffer": b"p"})
    assert_accessible(page)
    with time_machine.travel(timezone.now() + timedelta(seconds=20)):
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    _subject, body = compose(Delivery.objects.get())
    link = re.search(r"https?://[^/]+(/guests/confirm/\S+)", body)
    assert link
    page.goto(link[1])
    assert not Ticket.objects.exists()
    assert_accessible(page)
    page.get_by_role("button", name="Send to the support").click()
    expect(page.get_by_text("We have received your report")).to_be_visible()
    assert_accessible(page)
    ticket = Ticket.objects.get()
    by = actor(ticket.queue.teams.get().memberships.get().user, Channel.DESK)
    conversation.reply(ticket=ticket, body="Is there ink in it?", by=by, now=timezone.now())
    page.reload()
    expect(page.get_by_text("Is there ink in it?")).to_be_visible()
    page.get_by_label("Your message").fill("There was none.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Your message is sent.")).to_be_visible()
    status.make_move(
        ticket=ticket, move=MoveName.RESOLVE, text="Good.", resolution_kind="fixed", by=by, now=timezone.now()
    )
    page.reload()
    page.get_by_role("button", name="This solved it").click()
    expect(page.get_by_text("Your ticket is closed")).to_be_visible()
    assert Ticket.objects.get().status == Status.CLOSED
