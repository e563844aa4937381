"""What changed, line by line: for who may see it, in the memory of a part, and whole or known to be cut.

Few tests say much each: what is not committed did not change yet, and to empty a database takes longer than to ask it.
"""

import csv
import gc
import gzip
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helpdesk.actions import tokens
from helpdesk.api import limits, streams
from helpdesk.api.shapes.tickets import PublicTicketShape
from helpdesk.choices import ClockMark
from helpdesk.models import Ticket, TicketChange, User
from helpdesk.selectors.transactions import horizon
from tests.factories import NOW, CategoryFactory, TagFactory, actor, copy_ticket, make_ticket
from tests.helpdesk.api.caller import Caller
from tests.together import all_told
from tests.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
PATH: Final = "tickets/changes/"
HOSTILE: Final = (
    "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\uff1d1+1", 'Says "no", and; leaves', "ends here\u2028not here",
    "\u0085next", "<b>&amp;", "🖨️ Größe ÄÖÜ ﷽", "' OR 1=1", '","end","complete","0-0',
)  # fmt: skip
# What is asked for by `Accept` and by the address, and what comes.
CHOSEN: Final = (
    ("", "", "json"),
    ("*/*", "", "json"),
    ("application/x-ndjson", "", "ndjson"),
    ("text/csv;q=0.5, application/x-ndjson;q=0.9", "", "ndjson"),
    ("text/csv, */*;q=0.1", "", "csv"),
    ("text/csv;q=0", "", "json"),
    ("text/html, image/png", "", "json"),
    ("text/csv", "format=json", "json"),
    ("application/json", "format=csv", "csv"),
)
MARK: Final = "changed_after"


@pytest.fixture
def world() -> World:
    made = make_world()
    all_told()
    return made


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def pieces(caller: Caller, query: str) -> Iterator[bytes]:
    """What a stream sends, after its first piece."""
    found = iter(caller.get(f"{PATH}?{query}").streaming_content)
    assert b"end" not in next(found).splitlines()[-1]
    return found


def objects(text: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def table(text: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.decode(), newline="")))


def hostile(world: World) -> None:
    """Tickets with such subjects, and one with such a tag."""
    for subject in HOSTILE:
        ticket = make_ticket(world.people["owner"], world.queue)
        Ticket.objects.filter(pk=ticket.pk).update(subject=subject)
    world.here.tags.add(TagFactory.create(name="=a, b"))
    Ticket.objects.filter(pk=world.here.pk).update(subject="\t=1\r\n+2")
    world.secret.tags.add(TagFactory.create(name="hush"))
    all_told()


def test_lines_tell_what_pages_tell(world: World, count: Any) -> None:
    hostile(world)
    few = ("owner", "agent", "insider", "auditor")
    for name in count(few, [name for name, person in world.everybody() if person.is_active]):
        caller = Caller(world.people[name])
        page = caller.get(f"{PATH}?limit=500").json()
        *rows, last = objects(body(caller.get(f"{PATH}?format=ndjson")))
        assert last == {"end": "complete", "changed_after": page["next_changed_after"]}, name
        assert [{key: row[key] for key in row if key != "changed_after"} for row in rows] == page["results"], name
        *cells, end = table(body(caller.get(f"{PATH}?format=csv")))
        assert [row["ref"] for row in cells] == [row["ref"] for row in page["results"]], name
        assert [row["changed_after"] for row in cells] == [row["changed_after"] for row in rows], name
        assert (end["ref"], end["end"], end["changed_after"]) == ("", "complete", page["next_changed_after"]), name
        assert ("hush" in str(cells)) is (name == "insider"), name
        assert (("priority" in rows[0]), ("priority" in cells[0])) == (name != "owner",) * 2, name
    runs_nothing(table(body(Caller(world.people["agent"]).get(f"{PATH}?format=csv"))), world)


def runs_nothing(rows: list[dict[str, str]], world: World) -> None:
    """No text is a formula, and each is there."""
    told = [row["subject"] for row in rows]
    assert set(told) >= {"'=cmd|' /C calc'!A0", "'+1+1", "'-2+3", "'@SUM(A1)", "'\uff1d1+1", '","end","complete","0-0'}
    assert not [text for text in told if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"))]
    (here,) = [row for row in rows if row["ref"] == world.here.ref]
    assert here["subject"] == "'\t'=1\r\n'+2"
    assert json.loads(here["tags"]) == ["=a, b"]
    assert (here["queue.code"], here["requester.name"]) == (world.queue.code, "owner")


def test_form_and_fields_are_chosen(world: World) -> None:
    caller, kinds = Caller(world.people["agent"]), {"json": "application/json", "ndjson": "application/x-ndjson"}
    kinds["csv"] = "text/csv; charset=utf-8"
    for accept, query, kind in CHOSEN:
        answer = caller.get(f"{PATH}?{query}", **({"Accept": accept} if accept else {}))
        assert (answer.status_code, answer["Content-Type"]) == (200, kinds[kind]), (accept, query)
        assert "Accept," in f"{answer['Vary']},"
        answer.close()
    text = body(caller.get(f"{PATH}?format=csv&fields=subject,queue,sla"))
    assert text.splitlines()[0] == b"ref,subject,queue.code,queue.name,sla.mark,sla.due_at,end,changed_after"
    assert set(objects(body(caller.get(f"{PATH}?format=ndjson&fields=subject")))[0]) == {"ref", "subject", MARK}
    assert objects(body(caller.get(f"{PATH}?format=ndjson&expand=clocks")))[0]["clocks"] == []
    for query in ("format=xml", "format=csv&format=json", "format=ndjson&colour=red", "format=csv&changed_after=x"):
        refused = caller.get(f"{PATH}?{query}")
        assert (refused.status_code, refused["Content-Type"]) == (400, "application/problem+json"), query
    refused = caller.get(f"{PATH}?format=csv&expand=clocks")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "expand")
    assert Caller(world.people["owner"]).get(f"{PATH}?format=ndjson&expand=requester").status_code == 403
    nothing = Caller(world.people["agent"], "setup:read").get(f"{PATH}?format=ndjson")
    assert objects(body(nothing)) == [{"end": "complete", MARK: "-1-0"}]
    assert body(caller.send("HEAD", f"{PATH}?format=ndjson")) == b""


def test_who_asked_hears_nothing_of_what_the_desk_does_among_itself(world: World) -> None:
    owner, agent, path = Caller(world.people["owner"]), Caller(world.people["agent"]), f"tickets/{world.here.ref}/"
    marks = {caller: news(caller, "")[1] for caller in (owner, agent)}
    inside: tuple[Callable[[], Any], ...] = (
        lambda: agent.post(f"{path}messages/", {"body": "Loose cable again.", "visibility": "internal"}),
        lambda: agent.patch(path, {"priority": 1, "tags": ["cable"]}),
        lambda: Ticket.objects.filter(pk=world.here.pk).update(sla_mark=ClockMark.RUNNING, sla_due_at=NOW),
    )
    outside: tuple[Callable[[], Any], ...] = (
        lambda: agent.post(f"{path}messages/", {"body": "We look at it."}),
        lambda: agent.post(f"{path}transition/", {"move": "start"}),
        lambda: agent.patch(path, {"category": CategoryFactory.create(queue=world.queue).code}),
    )
    for act in (*inside, *outside):
        act()
        all_told()
        for caller in (owner, agent):
            found, marks[caller] = news(caller, marks[caller])
            assert found == ([world.here.ref] if caller is agent or act in outside else []), act
    # Somebody leaves the desk, or comes there: their mark is of another order.
    assert world.here.ref in news(owner, marks[agent])[0]
    assert world.here.ref in news(agent, marks[owner])[0]


def news(caller: Caller, mark: str) -> tuple[list[str], str]:
    page: Any = caller.get(f"{PATH}?{mark and 'changed_after='}{mark}").json()
    return [row["ref"] for row in page["results"]], page["next_changed_after"]


def test_every_column_that_is_told_to_everybody_is_news() -> None:
    names = {field.source or name for name, field in PublicTicketShape().fields.items()} - {"ref"} | {"number"}
    told = {Ticket._meta.get_field(name).column for name in names}
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'helpdesk_note_change'")
        (source,) = cursor.fetchone()
    for states in re.findall(r"SELECT id, ([^()]*?) FROM (?:written|replaced)", source):
        assert {name.strip() for name in states.split(",")} == told


def test_cut_stream_goes_on_after_its_last_whole_line(world: World) -> None:
    copy_ticket(world.here, 20)
    all_told()
    caller = Caller(world.people["agent"])
    text = body(caller.get(f"{PATH}?format=ndjson"))
    whole, cut = objects(text), text[:4321]
    kept = objects(cut[: cut.rindex(b"\n")])
    assert "end" not in kept[-1]
    assert kept + objects(body(caller.get(f"{PATH}?format=ndjson&changed_after={kept[-1][MARK]}"))) == whole
    told = objects(body(caller.get(f"{PATH}?format=ndjson&limit=3")))
    assert told == [*whole[:3], {"end": "more", MARK: whole[2][MARK]}]
    packed = caller.get(f"{PATH}?format=ndjson", Accept_Encoding="gzip")
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(body(packed)) == text


def test_place_of_another_database_is_refused_and_restored_tickets_are_told(world: World) -> None:
    caller = Caller(world.people["agent"])
    far = horizon() + 10**6
    TicketChange.objects.update(xid=far, public_xid=far)
    assert objects(body(caller.get(f"{PATH}?format=ndjson")))[0] == {"end": "complete", MARK: "-1-0"}
    for query in (f"changed_after={far}-1", f"changed_after={far}-1&format=csv"):
        refused = caller.get(f"{PATH}?{query}")
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "changed_after")
    (lines,) = re.findall(r"```sql\n(.*?)```", Path("docs/operations.md").read_text(), re.DOTALL)
    with connection.cursor() as cursor:
        cursor.execute(lines)
    all_told()
    told = {row.get("ref") for row in objects(body(caller.get(f"{PATH}?format=ndjson")))}
    assert world.here.ref in told


def test_stream_of_many_parts(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    copy_ticket(world.here, 1_100)
    all_told()
    memory_and_queries_are_those_of_a_part(Caller(world.people["agent"]))
    what_changes_meanwhile_is_the_next_passs(world)
    each_part_counts_as_a_request(Caller(world.people["agent"], per_minute=2))
    failure_has_no_last_line(Caller(world.people["agent"]))
    who_is_logged_in_reads_on_while_they_may(world)
    each_ends_in_time_and_goes_on_after_that(Caller(world.people["agent"]), monkeypatch)
    nobody_keeps_all_threads(world)
    who_is_shut_out_gets_no_further(world)


def memory_and_queries_are_those_of_a_part(caller: Caller) -> None:
    """However many parts there are; and who leaves in the middle asks for none of the others."""
    held, queries = list[int](), list[int]()
    for query in (f"format=csv&changed_after={horizon() - 1}-{10**17}", "format=csv"):
        with CaptureQueriesContext(connection) as captured:
            for _piece in caller.get(f"{PATH}?{query}").streaming_content:
                held.append(sum(type(one) is Ticket for one in gc.get_objects()))
        queries.append(len(captured))
    assert max(held) < 2 * 510
    # Each of three parts: the token, the ids, the tickets and their tags.
    assert queries[1] - queries[0] <= 2 + 2 * 4, captured.captured_queries
    answer = caller.get(f"{PATH}?format=ndjson")
    next(iter(answer.streaming_content))
    with CaptureQueriesContext(connection) as captured:
        answer.close()
    assert len(captured) == 0


def what_changes_meanwhile_is_the_next_passs(world: World) -> None:
    """Each ticket is told once, as of the moment when the pass began or later; and nothing is missed."""
    caller = Caller(world.people["agent"])
    found = iter(caller.get(f"{PATH}?format=ndjson&fields=subject").streaming_content)
    text = next(found)
    last_one = Ticket.objects.order_by("-pk")[0]
    Ticket.objects.filter(pk__in=(world.here.pk, last_one.pk)).update(subject="Changed meanwhile")
    new = make_ticket(world.people["owner"], world.queue, subject="New")
    *rows, last = objects(text + b"".join(found))
    told = [row["ref"] for row in rows]
    assert len(told) == len(set(told))
    assert {new.ref, last_one.ref} & set(told) == set()
    all_told()
    *rest, _end = objects(body(caller.get(f"{PATH}?format=ndjson&fields=subject&changed_after={last[MARK]}")))
    assert {row["ref"] for row in rest} == {world.here.ref, last_one.ref, new.ref}


def each_part_counts_as_a_request(caller: Caller) -> None:
    """A token reads no faster by streams than by pages."""
    *rows, last = objects(body(caller.get(f"{PATH}?format=ndjson")))
    assert (len(rows), last) == (1_000, {"end": "more", MARK: rows[-1][MARK]})
    assert caller.get(PATH).status_code == 429


def failure_has_no_last_line(caller: Caller) -> None:
    """Nobody takes what the database's failure cut for all there is."""
    found, sent = pieces(caller, "format=ndjson"), list[bytes]()

    def fail(_execute: Callable[..., Any], *_told: Any) -> Any:
        raise DatabaseError("The database went away.")

    with connection.execute_wrapper(fail), pytest.raises(DatabaseError):
        sent.extend(found)
    assert b'"end"' not in b"".join(sent)


def who_is_logged_in_reads_on_while_they_may(world: World) -> None:
    """By the session of the pages, as by a token, in each part as they are then."""
    person, client = world.people["agent"], Client()
    client.force_login(person)
    for form in ("ndjson", "csv"):
        told = body(client.get(f"/api/v1/{PATH}?format={form}&fields=ref"))
        assert told == body(Caller(person).get(f"{PATH}?format={form}&fields=ref"))
        assert len(told.splitlines()) > 1_000
    found = iter(client.get(f"/api/v1/{PATH}?format=ndjson&fields=ref").streaming_content)
    assert b"end" not in next(found).splitlines()[-1]
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert objects(b"".join(found).splitlines()[-1])[0]["end"] == "more"
    assert client.get(f"/api/v1/{PATH}").status_code == 401
    User.objects.filter(pk=person.pk).update(is_active=True)
    client.force_login(person)
    found = iter(client.get(f"/api/v1/{PATH}?format=ndjson&fields=ref").streaming_content)
    next(found)
    # As logging out everywhere does it.
    Session.objects.all().delete()
    assert objects(b"".join(found).splitlines()[-1])[0]["end"] == "more"


def each_ends_in_time_and_goes_on_after_that(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """However slowly it is taken, and with nothing told twice or left out."""
    whole = objects(body(caller.get(f"{PATH}?format=ndjson")))
    monkeypatch.setattr(streams, "LONGEST", 0)
    found, last = list[dict[str, Any]](), {"end": "more", MARK: "-1-0"}
    while last["end"] == "more":
        *rows, last = objects(body(caller.get(f"{PATH}?format=ndjson&changed_after={last[MARK]}")))
        assert len(rows) < 500
        found += rows
    assert [*found, last] == whole
    monkeypatch.undo()


def nobody_keeps_all_threads(world: World) -> None:
    """By however many tokens: only so many at once, and as many again as soon as one is let go of."""
    person = world.people["agent"]
    begun = [Caller(person).get(f"{PATH}?format=ndjson") for _number in range(limits.AT_ONCE)]
    next(iter(begun[0].streaming_content))
    caller = Caller(person)
    refused = caller.get(f"{PATH}?format=ndjson")
    assert (refused.status_code, refused.json()["code"], "Retry-After" in refused) == (429, "too_many", True)
    assert caller.get(PATH).status_code == 200
    assert body(Caller(world.people["team_lead"]).get(f"{PATH}?format=ndjson"))
    for answer in begun:
        # One of them in the middle, the others before anything of them was taken.
        answer.close()
        assert body(caller.get(f"{PATH}?format=ndjson"))


def who_is_shut_out_gets_no_further(world: World) -> None:
    """By the end of the token, or with a team that works the queue no longer."""
    person = world.people["agent"]
    caller, other = Caller(person), Caller(person)
    for form, line in (("ndjson", b'"end":"more"'), ("csv", b",more,")):
        caller = Caller(person)
        found = pieces(caller, f"format={form}")
        tokens.revoke_token(token=caller.row, by=actor(person), now=NOW)
        assert line in b"".join(found).splitlines()[-1]
        assert caller.get(PATH).status_code == 401
    found = pieces(other, "format=csv&fields=ref")
    world.team.is_active = False
    world.team.save()
    assert len(b"".join(found).splitlines()) < 500
