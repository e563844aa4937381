"""The mailbox of the demo: what went out as its readers see it, and no page at all anywhere else."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from helpdesk.actions.consumers import consume_due
from helpdesk.actions.deliveries import send_due
from helpdesk.models import Delivery, Queue, Ticket, User
from helpdesk.selectors import mailbox
from tests.browser import Browse, assert_accessible
from tests.factories import NOW, UserFactory, make_ticket
from tests.helpdesk.views.desk.pages import text_of

pytestmark = pytest.mark.django_db
URL = "/admin/mailbox/"
FILES = "django.core.mail.backends.filebased.EmailBackend"


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """A demo, and where its mails become files."""
    settings.WATCHDESK_ENV = "demo"
    settings.EMAIL_BACKEND = FILES
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    settings.BASE_URL = "http://testserver"
    return tmp_path / "mail"


def send(subject: str, body: str, to: str = "ida@example.org") -> None:
    EmailMessage(subject, body, to=[to]).send()


def test_mailbox_shows_what_went_out_and_what_waits(folder: Path, as_mara: Client, ticket: Ticket) -> None:
    consume_due(now=NOW, limit=1)
    page = as_mara.get(URL)
    assert f"Ada Lovelace Ticket filed · {ticket.ref} Waiting" in text_of(page)
    assert text_of(as_mara.get(reverse("admin:index"))).count("Mailbox") == 1
    send_due(now=NOW, limit=1)
    page = as_mara.get(URL)
    assert "Waiting to leave" not in text_of(page)
    assert "Ada Lovelace ada@example.org" in text_of(page)
    assert ticket.subject in text_of(page)
    assert f'<a href="/tickets/{ticket.ref}/">http://testserver/tickets/{ticket.ref}/</a>' in page.content.decode()
    assert "Left the desk on" in text_of(page)


def test_links_lead_to_this_host_only_and_a_mails_text_is_no_html(folder: Path, as_mara: Client) -> None:
    body = """<script>alert(1)</script> http://elsewhere.example/a http://testserver//elsewhere.example/
    http://testserver/\\elsewhere.example http://testserver.elsewhere.example/b http://testserver/tickets/WD-1/."""
    send("<b>Hello</b>", body)
    page = as_mara.get(URL).content.decode()
    assert "<script>alert" not in page
    assert "&lt;b&gt;Hello&lt;/b&gt;" in page
    links = [part.partition('"')[0] for part in page.partition('class="letter-body"')[2].split('href="')[1:]]
    assert [link for link in links if "elsewhere" in link] == []
    assert '<a href="/tickets/WD-1/">http://testserver/tickets/WD-1/</a>.' in page


def test_what_is_no_mail_of_ours_does_no_harm(folder: Path, as_mara: Client, tmp_path: Path) -> None:
    send("A whole one", "Read me.")
    whole = next(folder.iterdir()).read_bytes()
    for number, content in enumerate(
        [b"", b"\xff\xfe\x00", b"To: \xff\nSubject: =?x?q?=?=\nContent-Type: a\n\nx", whole[:90]]
    ):
        (folder / f"20260101-00000{number}-{number}.log").write_bytes(content)
    (folder / "20260101-000005-5.log").write_bytes(b"To: a@example.org\nSubject: Long\n\n" + b"x" * 9_000_000)
    (folder / "notes.txt").write_text("To: me\nSubject: Foreign\n\nx")
    (tmp_path / "secret").write_text("To: me\nSubject: Secret\n\nx")
    (folder / "20260101-000006-6.log").symlink_to(tmp_path / "secret")
    (folder / "20260101-000007-7.log").mkdir()
    page = as_mara.get(URL)
    assert page.status_code == 200
    words = text_of(page)
    assert "A whole one" in words
    assert "The mail goes on" in words
    assert len(page.content) < 200_000
    assert "Foreign" not in words
    assert "Secret" not in words


def test_pages_go_back_to_the_oldest(folder: Path, as_mara: Client) -> None:
    folder.mkdir()
    for number in range(mailbox.PAGE + 2):
        path = folder / f"20260101-000000-{1000 - number}.log"
        path.write_text(f"To: ida@example.org\nSubject: Mail {number:02}\n\nText.\n{'-' * 79}\n")
        os.utime(path, (1_770_000_000 + number,) * 2)
    first = as_mara.get(URL)
    assert f"Mail {mailbox.PAGE + 1:02}" in text_of(first)
    assert "Mail 01" not in text_of(first)
    second = as_mara.get(URL, {"before": first.context["older"]})
    assert "Mail 01" in text_of(second)
    assert "Mail 02" not in text_of(second)
    assert "Older" not in text_of(second)
    assert "Mail 26" in text_of(as_mara.get(URL, {"before": "../../etc/passwd"}))


def test_mails_of_one_second_may_share_a_file(folder: Path, as_mara: Client) -> None:
    folder.mkdir()
    mails = [f"To: ida@example.org\nSubject: Mail {number:02}\n\nText.\n{'-' * 79}\n" for number in range(60)]
    (folder / "20260101-000000-1.log").write_text("".join(mails))
    words = text_of(as_mara.get(URL))
    assert words.count("Subject") == 0
    assert words.index("Mail 59") < words.index("Mail 00")


def test_mailbox_costs_the_same_for_one_and_three(folder: Path, as_mara: Client, queue: Queue) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            as_mara.get(URL)
        return len(queries)

    def mails(count: int) -> None:
        for _ in range(count):
            make_ticket(UserFactory.create(), queue)
            consume_due(now=NOW, limit=5)
            send_due(now=NOW, limit=1)
            make_ticket(UserFactory.create(), queue)
            consume_due(now=NOW, limit=5)

    mails(1)
    one = cost()
    mails(2)
    assert Delivery.objects.count() == 6
    assert cost() == one


def test_empty_mailbox_says_what_to_do(folder: Path, as_mara: Client) -> None:
    assert "No mail has left yet" in text_of(as_mara.get(URL))


@pytest.mark.parametrize(("name", "value"), [("WATCHDESK_ENV", "production"), ("EMAIL_BACKEND", "smtp.EmailBackend")])
def test_there_is_no_mailbox_but_in_the_demo(
    folder: Path, settings: Any, client_of: Callable[[User], Client], name: str, value: str
) -> None:
    setattr(settings, name, value)
    ada = client_of(UserFactory.create(role="administrator"))
    assert ada.get(URL).status_code == 404
    assert "Mailbox" not in text_of(ada.get(reverse("admin:index")))


def test_requesters_read_nobodys_mail(folder: Path, client_of: Callable[[User], Client], ada: User) -> None:
    assert client_of(ada).get(URL).status_code == 302


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)])
def test_a_mail_unfolds_to_its_text(
    folder: Path, browse: Browse, mara: User, ticket: Ticket, width: int, dark: bool
) -> None:
    consume_due(now=NOW, limit=1)
    send_due(now=NOW, limit=1)
    page = browse(mara, width=width, dark=dark)
    page.goto(URL)
    page.locator("summary.letter-row").first.press("Enter")
    page.locator(".letter-body a").wait_for()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
