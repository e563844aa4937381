"""Mentions and copies as agents type them: suggested, told, kept, gone when seen."""

from collections.abc import Callable

from django.test import Client

from helpdesk.models import Mention, Team, Ticket, User
from helpdesk.selectors.watchers import watchers_of
from tests.factories import TeamFactory, make_agent
from tests.helpdesk.views.desk.pages import post, text_of, url


def test_mention_is_suggested_told_and_seen(
    ticket: Ticket, team: Team, as_mara: Client, client_of: Callable[[User], Client]
) -> None:
    nia = make_agent(team, name="Nia Fofana", email="nia@example.org")
    make_agent(TeamFactory.create(), name="Nils Far", email="nils@example.org")
    page = as_mara.get(url(ticket)).content.decode()
    assert f'data-mentions="/admin/suggest/mention/?ticket={ticket.ref}"' in page
    answer = as_mara.get("/admin/suggest/mention/", {"ticket": ticket.ref, "q": "ni"}).json()
    assert [option["label"] for option in answer["options"]] == ["Nia Fofana"]
    assert as_mara.get("/admin/suggest/mention/", {"q": "ni"}).json() == {"options": []}
    post(as_mara, ticket, "note", text="@Nia Fofana @Nils Far look")
    assert "Nils Far may not read notes on this ticket, and is not told." in text_of(as_mara.get(url(ticket)))
    her = client_of(nia)
    home = her.get("/admin/")
    assert f"You are mentioned @Nia Fofana @Nils Far look Mara Silva {ticket.ref}" in text_of(home)
    mention = Mention.objects.get()
    assert f"/admin/tickets/{ticket.ref}/#message-{mention.message_id}" in home.content.decode()
    assert as_mara.post(f"/admin/mentions/{mention.pk}/seen/").status_code == 302
    assert "You are mentioned" in text_of(her.get("/admin/"))
    assert her.post(f"/admin/mentions/{mention.pk}/seen/")["Location"] == "/admin/"
    assert "You are mentioned" not in text_of(her.get("/admin/"))


def test_copy_of_a_reply_is_typed_refused_and_sent(ticket: Ticket, as_mara: Client) -> None:
    refused = post(as_mara, ticket, "reply", text="We look.", cc="noor@example.org, nobody")
    assert refused.status_code == 422
    assert "Write an address like name@example.org." in text_of(refused)
    body = refused.content.decode()
    assert 'value="noor@example.org, nobody"' in body
    assert "We look." in body
    post(as_mara, ticket, "reply", text="We look.", cc="noor@example.org; ole@example.org")
    assert {user.email for user in watchers_of(ticket)} == {"noor@example.org", "ole@example.org"}
