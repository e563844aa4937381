"""The pages that merge: choose, look, confirm, come back; and where the old reference leads, for whom."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from helpdesk.actions import conversation, merging
from helpdesk.actions.files import store
from helpdesk.choices import Channel, Role
from helpdesk.models import Queue, Team, Ticket, TicketMerge, User
from tests.factories import NOW, QueueFactory, TeamFactory, UserFactory, actor, make_agent, make_ticket
from tests.helpdesk.views.desk.pages import actions_on, post, refs_on, text_of, url


@pytest.fixture
def other(ada: User, queue: Queue) -> Ticket:
    return make_ticket(ada, queue, subject="The printer burns", body="It burns.")


@pytest.fixture
def bobs(queue: Queue) -> Ticket:
    bob = UserFactory.create(name="Bob Stone", email="bob@example.org")
    return make_ticket(bob, queue, subject="Fire on floor 2", body="Do you see it too?")


def merge_url(ticket: Ticket, into: Ticket) -> str:
    return f"{url(ticket, 'merge')}?into={into.ref}"


def versions(ticket: Ticket, into: Ticket) -> dict[str, int]:
    ticket.refresh_from_db()
    into.refresh_from_db()
    return {"source_version": ticket.version, "target_version": into.version}


def join(ticket: Ticket, into: Ticket, by: User) -> TicketMerge:
    return merging.merge(ticket=ticket, into=into, by=actor(by, Channel.DESK), now=NOW, knowing=True)


def test_merge_is_chosen_shown_and_done_and_undone(ticket: Ticket, other: Ticket, as_mara: Client) -> None:
    assert f'href="{url(other, "merge")}"' in as_mara.get(url(other)).content.decode()
    chosen = as_mara.get(url(other, "merge"))
    assert f'href="?into={ticket.ref}"' in chosen.content.decode()
    shown = text_of(as_mara.get(merge_url(other, ticket)))
    assert f"1 message goes over to {ticket.ref}" in shown
    assert "each other's words" not in shown
    done = as_mara.post(merge_url(other, ticket), versions(other, ticket))
    assert done["Location"] == url(ticket)
    page = as_mara.get(url(ticket))
    text = text_of(page)
    assert f"{other.ref} goes on in this ticket." in text
    assert f"from {other.ref}" in text
    assert f"Mara Silva merged {other.ref} into this ticket" in text
    assert f"{other.ref}: Ada Lovelace" in text or "It burns." in text
    [telling] = page.context["tellings"]
    assert as_mara.post(telling.url, telling.fields)["Location"] == url(ticket)
    text = text_of(as_mara.get(url(ticket)))
    assert f"{other.ref} stands by itself again." in text
    assert "It burns." not in text
    assert "It burns." in text_of(as_mara.get(url(other)))


def test_what_was_merged_is_not_among_what_was_solved(
    ticket: Ticket, other: Ticket, as_mara: Client, mara: User
) -> None:
    now = timezone.now()
    merging.merge(ticket=other, into=ticket, by=actor(mara, Channel.DESK), now=now, knowing=True)
    assert refs_on(as_mara.get("/admin/tickets/?status=closed&status=resolved&solved_within=7d")) == []
    assert other.ref in refs_on(as_mara.get("/admin/tickets/?status=closed"))


def test_wrong_choice_is_told_and_kept(ticket: Ticket, as_mara: Client) -> None:
    response = as_mara.get(url(ticket, "merge"), {"into": "WD-999999"})
    assert response.status_code == 422
    assert "There is no ticket WD-999999" in text_of(response)
    assert 'value="WD-999999"' in response.content.decode()
    assert "This is the same ticket" in text_of(as_mara.get(url(ticket, "merge"), {"into": ticket.ref}))


def test_across_requesters_it_names_who_will_read_and_asks(ticket: Ticket, bobs: Ticket, as_mara: Client) -> None:
    shown = text_of(as_mara.get(merge_url(bobs, ticket)))
    assert "They will read each other's words" in shown
    assert f"all that was and will be said on {ticket.ref}, with its files: Bob Stone." in shown
    assert f"all that was said on {bobs.ref}, with its files: Ada Lovelace." in shown
    refused = as_mara.post(merge_url(bobs, ticket), versions(bobs, ticket))
    assert refused.status_code == 422
    assert "Say that they may" in text_of(refused)
    as_mara.post(merge_url(bobs, ticket), {**versions(bobs, ticket), "knowing": "on"})
    bobs.refresh_from_db()
    assert bobs.merged_into == ticket


def test_page_from_before_something_happened_is_refused(
    ticket: Ticket, other: Ticket, as_mara: Client, ada: User
) -> None:
    seen = versions(other, ticket)
    conversation.reply(ticket=other, body="Wait", by=actor(ada), now=NOW)
    refused = as_mara.post(merge_url(other, ticket), seen)
    assert refused.status_code == 409
    assert "changed while you were looking" in text_of(refused)


def test_solved_target_is_refused_before_one_asks(ticket: Ticket, other: Ticket, as_mara: Client) -> None:
    post(as_mara, ticket, "move/resolve", text="Out.", resolution_kind="fixed")
    page = as_mara.get(merge_url(other, ticket))
    assert "would be lost there" in text_of(page)
    assert 'name="source_version"' not in page.content.decode()


def test_old_reference_leads_where_it_goes_on_in_both_rooms(
    ticket: Ticket, bobs: Ticket, mara: User, as_mara: Client, client_of: Callable[[User], Client], ada: User
) -> None:
    join(bobs, ticket, mara)
    followed = as_mara.get(url(bobs) + "?list=status%3Dall", follow=True)
    assert followed.redirect_chain[0][0] == url(ticket) + "?list=status%3Dall"
    assert f"{bobs.ref} was merged into this ticket." in text_of(followed)
    bob = client_of(bobs.requester)
    assert bob.get(f"/tickets/{bobs.number}/")["Location"] == f"/tickets/{ticket.ref}/"
    page = text_of(bob.get(f"/tickets/{bobs.ref}/", follow=True))
    assert f"{bobs.ref} goes on here" in page
    assert "It smokes since nine." in page
    assert f"from {bobs.ref}" in page
    assert "Goes on in another ticket" in text_of(bob.get("/tickets/?whose=&state="))
    for part in ("print", "news"):
        assert bob.get(f"/tickets/{bobs.ref}/{part}/").status_code in {200, 302}
    # Who sees only the one where it goes on is led there too.
    assert client_of(ada).get(f"/tickets/{bobs.ref}/")["Location"] == f"/tickets/{ticket.ref}/"


def test_who_may_see_neither_finds_neither(
    ticket: Ticket, bobs: Ticket, mara: User, client_of: Callable[[User], Client]
) -> None:
    join(bobs, ticket, mara)
    stranger = client_of(UserFactory.create())
    assert stranger.get(f"/tickets/{bobs.ref}/").status_code == 404
    agent = client_of(make_agent(TeamFactory.create()))
    assert agent.get(url(bobs)).status_code == 404
    assert agent.post(url(bobs, "reply"), {"text": "x"}).status_code == 404


def test_who_sees_only_the_old_one_reads_it_and_does_nothing_to_it(
    ticket: Ticket, team: Team, client_of: Callable[[User], Client]
) -> None:
    far = TeamFactory.create()
    source = make_ticket(queue=QueueFactory.create(teams=[far]), body="For the far team.")
    join(source, ticket, make_agent(team, far))
    client = client_of(make_agent(far))
    page = client.get(url(source))
    assert "This was merged into another ticket, which you do not see" in text_of(page)
    assert "For the far team." in text_of(page)
    assert "It smokes since nine." not in text_of(page)
    assert ticket.ref not in text_of(page)
    assert not actions_on(page, source)
    refused = post(client, source, "tags", tags="x")
    assert refused.status_code == 409
    lost = post(client, source, "reply", text="Is anybody there?")
    assert lost.status_code == 403
    assert "Is anybody there?" in lost.content.decode(), "What was written is not lost."


def test_forms_of_an_old_page_land_or_are_refused_with_their_text(
    ticket: Ticket, other: Ticket, mara: User, ada: User, as_mara: Client, client_of: Callable[[User], Client]
) -> None:
    join(other, ticket, mara)
    asked = client_of(ada)
    sent = asked.post(f"/tickets/{other.ref}/reply/", {"text": "From an old page", "seen_message": 1})
    assert sent["Location"] == f"/tickets/{ticket.ref}/"
    page = text_of(asked.get(sent["Location"]))
    assert f"{other.ref} goes on in {ticket.ref}: your message stands there." in page
    assert "From an old page" in page
    confirmed = asked.post(f"/tickets/{other.ref}/confirm/")
    assert confirmed.status_code == 409
    noted = post(as_mara, other, "note", text="An old note")
    assert noted["Location"].startswith(url(ticket))
    resolved = post(as_mara, other, "move/resolve", text="What I found", resolution_kind="fixed")
    assert resolved.status_code == 409
    assert "merged into another one" in text_of(resolved)
    assert "What I found" in resolved.content.decode()
    ticket.refresh_from_db()
    assert not ticket.is_solved


def test_file_on_a_merged_ticket_stays_readable(
    ticket: Ticket, bobs: Ticket, mara: User, client_of: Callable[[User], Client], ada: User
) -> None:

    bob = bobs.requester
    conversation.reply(
        ticket=bobs,
        body="See",
        by=actor(bob),
        now=NOW,
        files=[store(content=BytesIO(b"log"), name="a.txt", by=actor(bob))],
    )
    join(bobs, ticket, mara)
    for person in (bob, ada):
        client = client_of(person)
        page = client.get(f"/tickets/{ticket.ref}/").content.decode()
        [file] = set(re.findall(r"/files/[0-9a-f-]+/", page))
        assert b"".join(client.get(file).streaming_content) == b"log"  # type: ignore[attr-defined] # a file
    assert client_of(UserFactory.create()).get(file).status_code == 404


def test_undo_of_what_was_not_merged_here_is_not_there(
    ticket: Ticket, other: Ticket, bobs: Ticket, mara: User, as_mara: Client, client_of: Callable[[User], Client]
) -> None:
    done = join(other, bobs, mara)
    for named in (done.pk, "x", ""):
        assert post(as_mara, ticket, "unmerge", merge=named).status_code == 404
    auditor = client_of(UserFactory.create(role=Role.AUDITOR))
    assert post(auditor, bobs, "unmerge", merge=done.pk).status_code == 403
    assert auditor.get(url(bobs, "merge")).status_code == 403


def test_late_undo_says_why_not(ticket: Ticket, other: Ticket, mara: User, as_mara: Client) -> None:
    done = join(other, ticket, mara)
    refused = post(as_mara, ticket, "unmerge", merge=done.pk)
    assert refused.status_code == 409
    assert "A merge can be undone for a day" in text_of(refused)


def test_page_costs_the_same_for_one_merge_and_three(
    ticket: Ticket, queue: Queue, ada: User, mara: User, as_mara: Client
) -> None:
    def more() -> None:
        join(make_ticket(ada, queue), ticket, mara)

    def cost() -> Any:
        with CaptureQueriesContext(connection) as queries:
            assert as_mara.get(url(ticket)).status_code == 200
        return len(queries)

    more()
    cost()
    one = cost()
    more()
    more()
    assert cost() == one
