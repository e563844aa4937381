"""Lists of tickets as files: what is in them for whom, what a spreadsheet makes of it, and what long ones cost."""

import csv
import io
import zipfile
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from helpdesk.actions import deliveries, exports
from helpdesk.actions.assignment import assign
from helpdesk.adapters import ticket_exports
from helpdesk.choices import Channel, FieldKind, Role
from helpdesk.domain.spreadsheets import harmless
from helpdesk.models import AuditEvent, Export, FieldValue, TeamMembership, Ticket, User
from helpdesk.selectors import exporting
from helpdesk.views import exporting as views
from tests.factories import (
    NOW,
    CategoryFactory,
    CustomFieldFactory,
    QueueFactory,
    TagFactory,
    TeamFactory,
    UserFactory,
    actor,
    make_agent,
    make_ticket,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent() -> User:
    return make_agent(TeamFactory.create(), time_zone="Europe/Berlin", name="Mara Silva")


@pytest.fixture
def queue(agent: User) -> Any:
    return QueueFactory.create(teams=[TeamMembership.objects.get(user=agent).team], name="Support")


def sign_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def rows(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def load(person: User, room: str = "/admin", form: str = "csv", listed: str = "status=all&order=oldest") -> Any:
    return sign_in(person).post(f"{room}/tickets/export/", {"format": form, "list": listed})


def cells(content: bytes) -> list[list[tuple[str, str]]]:
    """The rows of a workbook: type and value of each cell."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        tree = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - our own
    assert tree.find(f".//{space}f") is None
    return [
        [(cell.get("t", "n"), "".join(cell.itertext())) for cell in row.iter(f"{space}c")]
        for row in tree.iter(f"{space}row")
    ]


def test_small_list_is_handed_out_at_once_and_on_record(agent: User, queue: Any) -> None:
    ticket = make_ticket(queue=queue, subject="Drucker, „brennt“", category=None)
    ticket.tags.add(TagFactory.create(name="fire"), TagFactory.create(name="ink"))
    assign(ticket=ticket, to=agent, by=actor(agent), now=NOW, seen_assignee_id=None)
    answer = load(agent, listed=f"queue={queue.pk}&q=Drucker")
    today = timezone.localdate(timezone=ZoneInfo(agent.time_zone))
    assert answer["Content-Disposition"] == f'attachment; filename="tickets-{today}.csv"'
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Cache-Control"].startswith("private, no-store")
    [row] = rows(body(answer))
    assert row["Reference"] == ticket.ref
    assert row["Subject"] == "Drucker, „brennt“"
    assert (row["Status"], row["Queue"], row["Assignee"], row["Tags"]) == ("Open", "Support", "Mara Silva", "fire, ink")
    assert row["Filed (Europe/Berlin)"] == "2026-03-02 10:00"
    assert row["Solved (Europe/Berlin)"] == ""
    event = AuditEvent.objects.get(kind="export_made")
    told = {"kind": "desk_tickets", "rows": 1, "format": "csv", "filters": ["q", "queue"]}
    assert (event.actor, event.data) == (agent, told)


def test_workbook_has_texts_as_texts_and_times_as_times(agent: User, queue: Any) -> None:
    make_ticket(queue=queue, subject="=HYPERLINK(1)")
    head, row = cells(body(load(agent, form="xlsx")))
    told = {name: cell for (_type, name), cell in zip(head, row, strict=False)}
    assert told["Subject"] == ("inlineStr", "=HYPERLINK(1)")
    kind, value = told["Queue"]
    assert (kind, value) == ("inlineStr", "Support")
    # Days since 1900, in the reader's zone: ten o'clock.
    times = [float(value) for kind, value in row if kind == "n" and value]
    assert times[0] == pytest.approx(46083 + 10 / 24)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\r'=1"),
        ("\n=1", "'\n'=1"),
        ("＝1", "'＝1"),
        ("\0=1", "'=1"),
        ("\u200b=1", "'=1"),
        (' "=1', " \"'=1"),
        ("a=1", "a=1"),
        ("a; b, c-d", "a; b, c-d"),
        ("Printer;=1;@SUM(1)", "Printer;'=1;'@SUM(1)"),
        ('Printer; "=1\t-2\n+3', "Printer; \"'=1\t'-2\n'+3"),
        ("", ""),
    ],
)
def test_text_that_a_spreadsheet_would_run_is_text(text: str, shown: str) -> None:
    assert harmless(text) == shown


def test_cell_holds_no_more_than_a_spreadsheet_takes() -> None:
    assert len(harmless("=" + "x" * 99_999)) == 32_767


def test_list_is_what_the_page_shows_and_no_more(agent: User, queue: Any) -> None:
    for number in range(3):
        make_ticket(queue=queue, subject=f"Here {number}", now=NOW + timedelta(minutes=number))
    make_ticket(subject="Elsewhere")
    for listed in ("order=oldest", "order=newest", "status=closed", "q=2", "queue=999999"):
        page = sign_in(agent).get(f"/admin/tickets/?{listed}")
        shown = [ticket.ref for ticket in page.context["page"].tickets]
        answer = load(agent, listed=listed)
        if shown:
            assert [row["Reference"] for row in rows(body(answer))] == shown
        else:
            assert answer.status_code == 302


def test_reader_of_german_gets_german_heads(agent: User, queue: Any) -> None:
    User.objects.update(language="de")
    make_ticket(queue=queue)
    [row] = rows(body(load(agent)))
    assert {"Betreff", "Zuständig", "Eingegangen (Europe/Berlin)"} <= set(row)


def test_answers_to_questions_are_columns_for_who_works_on_the_ticket(agent: User, queue: Any) -> None:
    category = CategoryFactory.create(queue=queue)
    floor = CustomFieldFactory.create(category=category, label="Which floor?")
    cause = CustomFieldFactory.create(category=category, label="Whose fault?", is_internal=True)
    count = CustomFieldFactory.create(category=category, label="How many?", kind=FieldKind.NUMBER)
    ticket, own = make_ticket(category=category, queue=None), make_ticket(requester=agent)
    for one in (ticket, own):
        for field, value in ((floor, "=2"), (cause, "ours"), (count, "-7")):
            FieldValue.of(one, field, value).save()
    told = {
        row["Reference"]: (row["Which floor?"], row["Whose fault?"], row["How many?"])
        for row in rows(body(load(agent)))
    }
    assert told == {ticket.ref: ("'=2", "ours", "-7")}, "What one asked for oneself is not in the desk."
    assert own.ref in {row["Reference"] for row in rows(body(load(agent, room="", listed="")))}
    [mine] = rows(body(load(ticket.requester, room="", listed="")))
    assert mine["Which floor?"] == "'=2"
    assert "Whose fault?" not in mine


def test_portal_gives_ones_own_list_in_its_own_words() -> None:
    ada = UserFactory.create()
    ticket = make_ticket(ada, subject="Mine")
    make_ticket(subject="Another's")
    [row] = rows(body(load(ada, room="", listed="state=open")))
    assert (row["Reference"], row["Subject"]) == (ticket.ref, "Mine")
    assert not {"Assignee", "E-mail address", "Tags", "Tier"} & set(row)


def test_empty_list_is_told_on_the_list() -> None:
    answer = load(UserFactory.create(), room="", listed="state=open")
    assert (answer.status_code, answer.url) == (302, "/tickets/?state=open")


def test_requester_gets_nothing_of_the_desk() -> None:
    assert load(UserFactory.create()).status_code == 302
    by = actor(UserFactory.create(), Channel.DESK)
    with pytest.raises(Exception, match="may not export"):
        exports.request_export(kind="desk_tickets", name="x", query={"format": "csv"}, by=by, now=NOW)


@pytest.fixture
def long_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three tickets are many, and two a batch."""
    monkeypatch.setattr(views, "AT_ONCE", 2)
    monkeypatch.setattr(exporting, "BATCH", 2)


@pytest.mark.usefixtures("long_lists")
def test_long_list_is_made_meanwhile_told_by_mail_and_loaded(agent: User, queue: Any, mailoutbox: list[Any]) -> None:
    for _time in range(3):
        make_ticket(queue=queue)
    client = sign_in(agent)
    answer = load(agent, form="xlsx")
    assert answer.url == "/admin/exports/"
    page = client.get("/admin/exports/")
    assert "Waiting" in page.content.decode()
    assert "data-busy" in page.content.decode()
    exports.make_due(now=timezone.now(), limit=1)
    page = client.get("/admin/exports/").content.decode()
    assert "3 rows" in page
    assert "data-busy" not in page
    export = Export.objects.get()
    deliveries.send_due(now=timezone.now(), limit=99)
    assert any("/admin/exports/" in mail.body for mail in mailoutbox if mail.to == [agent.email])
    loaded = client.get(f"/exports/{export.pk}/")
    assert len(cells(body(loaded))) == 4
    assert loaded["Content-Disposition"].startswith("attachment")
    assert AuditEvent.objects.filter(kind="export_loaded", actor=agent).count() == 1
    # Nobody else's, and no more once taken away.
    assert sign_in(make_agent()).get(f"/exports/{export.pk}/").status_code == 404
    assert sign_in(make_agent()).post(f"/admin/exports/{export.pk}/cancel/").status_code == 404
    client.post(f"/admin/exports/{export.pk}/cancel/")
    assert client.get(f"/exports/{export.pk}/").status_code == 404


@pytest.mark.usefixtures("long_lists")
def test_who_leaves_the_desk_meanwhile_loads_nothing(agent: User, queue: Any) -> None:
    for _time in range(3):
        make_ticket(queue=queue)
    load(agent)
    exports.make_due(now=timezone.now(), limit=1)
    User.objects.filter(pk=agent.pk).update(role=Role.REQUESTER)
    assert sign_in(agent).get(f"/exports/{Export.objects.get().pk}/").status_code == 403


@pytest.mark.usefixtures("long_lists")
def test_who_leaves_the_team_in_the_middle_gets_no_more_of_its_tickets(agent: User, queue: Any) -> None:
    for number in range(4):
        make_ticket(queue=queue, now=NOW + timedelta(minutes=number))
    out = io.BytesIO()
    export = Export(kind="desk_tickets", query={"format": "csv", "list": ""}, owner=agent)

    def leave(_rows: int) -> None:
        TeamMembership.objects.update(is_active=False)

    assert ticket_exports.write_tickets(export, actor(agent, Channel.DESK), out, leave) == 2
    assert (export.total, len(rows(out.getvalue()))) == (4, 2)


def test_list_that_is_too_long_is_refused_in_words(
    agent: User, queue: Any, monkeypatch: pytest.MonkeyPatch, long_lists: None
) -> None:
    monkeypatch.setattr(ticket_exports, "MOST_ROWS", 2)
    for _time in range(3):
        make_ticket(queue=queue)
    load(agent)
    exports.make_due(now=timezone.now(), limit=1)
    page = sign_in(agent).get("/admin/exports/").content.decode()
    assert "These are too many rows for one file." in page


def test_a_batch_costs_the_same_however_many_tickets_are_in_it(agent: User, queue: Any) -> None:
    counted = []
    for _time in (1, 2):
        make_ticket(queue=queue)
        make_ticket(queue=queue)
        export = Export(kind="desk_tickets", query={"format": "csv", "list": ""}, owner=agent)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            ticket_exports.write_tickets(export, actor(agent, Channel.DESK), io.BytesIO(), lambda _rows: None)
        counted.append(len(queries))
    assert Ticket.objects.count() == 4
    assert counted[0] == counted[1] <= 16
