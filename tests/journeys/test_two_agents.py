"""Two agents on one ticket, and a second one about the same matter: nobody overruns the other, and no word is lost."""

from collections.abc import Callable

from django.test import Client

from helpdesk.models import Team, Ticket, User
from tests.factories import make_agent, make_ticket
from tests.helpdesk.views.desk.conftest import ada, as_mara, client_of, files_of_this_test, mara, queue, team, ticket
from tests.helpdesk.views.desk.pages import post, text_of, url

__all__ = ["ada", "as_mara", "client_of", "files_of_this_test", "mara", "queue", "team", "ticket"]


def test_two_agents_work_one_matter_that_was_told_twice(
    ticket: Ticket, ada: User, mara: User, team: Team, as_mara: Client, client_of: Callable[[User], Client]
) -> None:
    nia = make_agent(team, name="Nia Fofana")
    as_nia, as_ada = client_of(nia), client_of(ada)
    again = make_ticket(ada, ticket.queue, subject="The printer burns", body="Nobody answers, so once more.")

    # Both take it from the same page: the second is told who was first.
    assert post(as_mara, ticket, "assign", to=mara.pk, seen_assignee="", take="1").status_code == 302
    late = post(as_nia, ticket, "assign", to=nia.pk, seen_assignee="", take="1")
    assert late.status_code == 409
    assert "Mara Silva took this ticket meanwhile." in text_of(late)

    # One divides the work and names the other in a note.
    post(as_mara, ticket, "sub-tasks", title="Order a drum", assignee="Nia Fofana", holds_resolution="on")
    post(as_mara, ticket, "note", text="@Nia Fofana, would you order the drum?")
    home = text_of(as_nia.get("/admin/"))
    assert "You are mentioned @Nia Fofana, would you order the drum?" in home
    assert f"Order a drum {ticket.ref}" in home

    # The other merges what was told twice, while the first still answers there, and while Ada writes.
    old_page = as_mara.get(url(again)).context["ticket"]
    versions = {"source_version": again.version, "target_version": as_nia.get(url(ticket)).context["ticket"].version}
    merged = as_nia.post(f"{url(again, 'merge')}?into={ticket.ref}", versions)
    assert merged["Location"] == url(ticket)
    post(as_mara, old_page, "reply", text="We have it, a drum is on its way.")
    as_ada.post(f"/tickets/{again.ref}/reply/", {"text": "Thank you, both of you."})
    talk = text_of(as_ada.get(f"/tickets/{again.ref}/", follow=True))
    for words in ("It smokes since nine.", "so once more.", "a drum is on its way.", "both of you."):
        assert words in talk
    assert "would you order" not in talk

    # Too early to resolve, then not.
    refused = post(as_mara, ticket, "move/resolve", text="New drum.", resolution_kind="fixed")
    assert "“Order a drum”" in text_of(refused)
    post(as_nia, ticket, "sub-tasks", do="finish", task=ticket.sub_tasks.get().pk)

    # It was two matters after all: each has its own words again, and what was said since stays.
    merge = as_nia.get(url(ticket)).context["merges"][0]
    post(as_nia, ticket, "unmerge", merge=merge.pk)
    assert "so once more." in text_of(as_ada.get(f"/tickets/{again.ref}/"))
    here = text_of(as_ada.get(f"/tickets/{ticket.ref}/"))
    assert "so once more." not in here
    assert "both of you." in here
    ticket.refresh_from_db()
    assert post(as_mara, ticket, "move/resolve", text="New drum.", resolution_kind="fixed").status_code == 302
