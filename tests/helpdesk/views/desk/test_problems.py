"""Problems in the desk: their list, their pages, and how tickets come under them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helpdesk.actions import notices, problems
from helpdesk.choices import Channel
from helpdesk.models import Problem, Queue, Ticket, User
from tests.factories import NOW, QueueFactory, UserFactory, actor, make_agent, make_ticket
from tests.helpdesk.views.desk.pages import actions_on, post, refs_on, text_of, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def problem(mara: User) -> Problem:
    return problems.open_problem(title="Exports stop", by=actor(mara, Channel.DESK), now=NOW)


def gathered(problem: Problem) -> set[str]:
    return {ticket.ref for ticket in Ticket.objects.filter(problem=problem)}


def gather(client: Client, problem: Problem, refs: str) -> Any:
    return client.post(f"/admin/problems/{problem.ref}/gather/", {"refs": refs}, follow=True)


def test_problem_is_opened_from_a_ticket_with_its_subject(as_mara: Client, ticket: Ticket) -> None:
    where = f"/admin/problems/new/?ticket={ticket.ref}"
    page = as_mara.get(where)
    assert ticket.subject in page.context["form"]["title"].value()
    refused = as_mara.post(where, {"title": " ", "cause": "Joins", "workaround": "Wait"})
    assert refused.status_code == 422
    assert "Write in a few words what is wrong." in text_of(refused)
    assert refused.context["form"]["cause"].value() == "Joins"
    done = as_mara.post(where, {"title": "Fire", "cause": "Joins", "workaround": "Wait"}, follow=True)
    assert "is open." in text_of(done)
    assert gathered(Problem.objects.get()) == {ticket.ref}
    page = text_of(as_mara.get(url(ticket)))
    assert f"{Problem.objects.get().ref} Fire" in page


def test_tickets_are_gathered_by_reference_each_for_itself(
    as_mara: Client, problem: Problem, queue: Queue, ticket: Ticket
) -> None:
    mine, strange = make_ticket(None, queue), make_ticket()
    answer = gather(as_mara, problem, f"{ticket.ref.lower()}, {mine.number} {strange.ref} WD-999999, fire")
    assert gathered(problem) == {ticket.ref, mine.ref}
    said = text_of(answer)
    assert "2 tickets are gathered here." in said
    assert f"{strange.ref}: There is no ticket {strange.ref}, or it is not yours to see." in said
    assert answer.context["form"]["refs"].value() == f"{strange.ref}, WD-999999, fire"


def test_gathering_nothing_too_much_and_what_is_gathered_elsewhere(
    as_mara: Client, mara: User, problem: Problem, ticket: Ticket
) -> None:
    assert "Write the references of the tickets" in text_of(gather(as_mara, problem, " "))
    assert "at most 100" in text_of(gather(as_mara, problem, " ".join(f"WD-{n}" for n in range(1, 102))))
    other = problems.open_problem(title="x", by=actor(mara, Channel.DESK), now=NOW, ticket=ticket)
    assert other.ref in text_of(gather(as_mara, problem, ticket.ref))
    assert gathered(other) == {ticket.ref}


def test_ticket_is_taken_out_and_put_back(as_mara: Client, problem: Problem, ticket: Ticket) -> None:
    gather(as_mara, problem, ticket.ref)
    page = as_mara.post(f"/admin/problems/{problem.ref}/gather/", {"remove": ticket.ref}, follow=True)
    assert gathered(problem) == set()
    [telling] = page.context["tellings"]
    as_mara.post(telling.url, telling.fields)
    assert gathered(problem) == {ticket.ref}


def test_ticket_page_gathers_takes_out_and_undoes(as_mara: Client, problem: Problem, ticket: Ticket) -> None:
    answer = as_mara.post(url(ticket, "problem"), {"problem": problem.ref, "seen": "", "wants": "1"}, follow=True)
    assert gathered(problem) == {ticket.ref}
    [telling] = answer.context["tellings"]
    as_mara.post(telling.url, telling.fields)
    assert gathered(problem) == set()
    refused = as_mara.post(url(ticket, "problem"), {"problem": "", "wants": "1"})
    assert "Write the reference or the title of a problem." in text_of(refused)
    refused = as_mara.post(url(ticket, "problem"), {"problem": "Nothing like it", "wants": "1"})
    assert "There is no problem" in text_of(refused)
    as_mara.post(url(ticket, "problem"), {"problem": "exports", "wants": "1"})
    assert gathered(problem) == {ticket.ref}, "a part of the title is enough"


def test_list_of_tickets_gathers_several(as_mara: Client, problem: Problem, queue: Queue, ticket: Ticket) -> None:
    other = make_ticket(None, queue)
    boxes = [f"{t.number}.{t.version}.0.{t.priority}.{t.queue_id}" for t in (ticket, other)]
    answer = as_mara.post(
        "/admin/tickets/bulk/", {"do": "problem", "ticket": boxes, "to": problem.ref, "confirmed": "1"}
    )
    assert "2 tickets are done." in text_of(answer)
    assert gathered(problem) == {ticket.ref, other.ref}


def test_ticket_of_strangers_is_counted_and_not_shown(
    as_mara: Client, mara: User, problem: Problem, ticket: Ticket
) -> None:
    boss = actor(make_agent(role="manager"), Channel.DESK)
    hidden = make_ticket(UserFactory.create(name="Secret Person"), QueueFactory.create(), subject="Secret matter")
    for one in (ticket, hidden):
        problems.set_problem(ticket=one, to=problem, by=boss, now=NOW)
    page = as_mara.get(f"/admin/problems/{problem.ref}/")
    assert "2 tickets, 2 not solved. 1 is not yours to see." in text_of(page)
    assert refs_on(page) == []
    assert ticket.ref in text_of(page)
    for secret in (hidden.ref, "Secret"):
        assert secret not in page.content.decode()
    as_mara.post(f"/admin/problems/{problem.ref}/gather/", {"remove": hidden.ref})
    assert hidden.ref in gathered(problem)


def test_change_keeps_what_was_typed_and_tells_who_was_second(as_mara: Client, mara: User, problem: Problem) -> None:
    where = f"/admin/problems/{problem.ref}/edit/"
    form = {"title": "Exports stop", "state": "fixed", "owner": "", "cause": "Joins", "workaround": "", "fix": ""}
    refused = as_mara.post(where, {**form, "seen_version": "0"})
    assert refused.status_code == 422
    assert "Write what mended it first" in text_of(refused)
    problems.change_problem(problem=problem, changes={"workaround": "x"}, by=actor(mara), now=NOW)
    stale = as_mara.post(where, {**form, "fix": "9.5.1", "seen_version": "0"})
    assert stale.status_code == 409
    assert stale.context["form"]["fix"].value() == "9.5.1"
    done = as_mara.post(where, {**form, "fix": "9.5.1", "seen_version": "1", "owner": mara.name}, follow=True)
    assert "is saved." in text_of(done)
    assert (Problem.objects.get().state, Problem.objects.get().owner) == ("fixed", mara)


def test_known_issue_is_published_in_each_language_and_withdrawn(
    client_of: Callable[[User], Client], as_mara: Client, problem: Problem
) -> None:
    assert as_mara.get(f"/admin/problems/{problem.ref}/publish/").status_code == 403
    client, where = client_of(make_agent(role="manager")), f"/admin/problems/{problem.ref}/publish/"
    form = {"public_title": "Exports stop", "public_words": "Take half.", "public_title_in_de": "Export bricht ab"}
    assert client.post(where, {**form, "public_words": ""}).status_code == 422
    client.post(where, form)
    row = Problem.objects.get()
    assert row.published_at
    assert row.translations == {"de": {"public_title": "Export bricht ab"}}
    client.post(where, {**form, "withdraw": "1"})
    assert Problem.objects.get().published_at is None


def test_list_finds_by_state_title_reference_and_owner(as_mara: Client, mara: User, problem: Problem) -> None:
    by = actor(make_agent(), Channel.DESK)
    closed = problems.open_problem(title="Old story", by=by, now=NOW)
    problems.change_problem(problem=closed, changes={"state": "closed"}, by=by, now=NOW)

    def found(query: str) -> list[str]:
        return [row.title for row, _size in as_mara.get(f"/admin/problems/?{query}").context["rows"]]

    assert found("") == ["Exports stop"]
    assert found("state=closed") == ["Old story"]
    assert set(found("state=all")) == {"Exports stop", "Old story"}
    assert found(f"state=all&q={closed.ref}") == ["Old story"]
    assert found("state=all&q=exports") == ["Exports stop"]
    assert found("state=all&mine=1") == ["Exports stop"]
    assert found("state=fixed") == []
    assert found("state=nonsense&before=nonsense") == ["Exports stop"]


def test_lists_ask_the_same_however_long_they_are(as_mara: Client, mara: User, queue: Queue, problem: Problem) -> None:
    by = actor(mara, Channel.DESK)

    def queries(where: str) -> int:
        as_mara.get(where)
        with CaptureQueriesContext(connection) as asked:
            as_mara.get(where)
        return len(asked)

    def add() -> None:
        other = problems.open_problem(title="Another", by=by, now=NOW, ticket=make_ticket(None, queue))
        problems.set_problem(ticket=make_ticket(None, queue), to=problem, by=by, now=NOW)
        assert other

    add()
    pages = ("/admin/problems/", f"/admin/problems/{problem.ref}/")
    before = [queries(where) for where in pages]
    add()
    add()
    assert [queries(where) for where in pages] == before


def test_who_only_reads_is_offered_nothing(
    client_of: Callable[[User], Client], problem: Problem, ticket: Ticket
) -> None:
    client = client_of(UserFactory.create(role="auditor"))
    page = client.get(f"/admin/problems/{problem.ref}/")
    assert "/edit/" not in page.content.decode()
    assert "/gather/" not in page.content.decode()
    assert "problem" not in actions_on(client.get(url(ticket)), ticket)
    assert post(client, ticket, "problem", problem=problem.ref).status_code == 403


def test_telling_all_is_looked_at_before_it_is_sent(as_mara: Client, problem: Problem, ticket: Ticket) -> None:
    gather(as_mara, problem, ticket.ref)
    where, form = f"/admin/problems/{problem.ref}/tell/", {"text": "**Mended.**", "resolution_kind": "fixed"}
    assert as_mara.post(where, {**form, "text": " "}).status_code == 422
    seen = as_mara.post(where, {**form, "look": "1"})
    assert "Send to 1 requester and resolve" in text_of(seen)
    assert "<strong>Mended.</strong>" in seen.content.decode()
    again = as_mara.post(where, {**form, "change": "1", "seen_count": "1"})
    assert again.context["form"]["text"].value() == "**Mended.**"
    stale = as_mara.post(where, {**form, "confirmed": "1", "seen_count": "7"})
    assert stale.status_code == 409
    assert "Meanwhile it is another number of tickets: 1." in text_of(stale)
    sent = as_mara.post(where, {**form, "confirmed": "1", "seen_count": "1"}, follow=True)
    assert "0 of 1 tickets are written to." in text_of(sent)
    notices.tell_due(now=NOW + timedelta(days=9999), limit=9)
    done = as_mara.get(sent.redirect_chain[-1][0])
    assert "It is done: 1 ticket." in text_of(done)
    assert f"{ticket.ref} {ticket.subject} Told" in text_of(done)
    assert Ticket.objects.get(pk=ticket.pk).status == "resolved"
    assert "1 of 1 ticket" in text_of(as_mara.get(f"/admin/problems/{problem.ref}/"))
    assert as_mara.get(f"/admin/problems/{problem.ref}/told/999999/").status_code == 404
