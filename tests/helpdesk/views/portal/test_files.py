import uuid
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from helpdesk.actions import files
from helpdesk.actions.conversation import add_note, reply
from helpdesk.choices import Channel
from helpdesk.models import Attachment
from tests.factories import UserFactory, actor
from tests.helpdesk.views.portal.conftest import text_of

pytestmark = pytest.mark.django_db

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452")
PAGE = b"<!doctype html><script>alert(document.domain)</script>"


@pytest.fixture
def attach(ticket, ada):
    """A file on the ticket as the portal takes it: its address."""

    def put(name="report.txt", content=b"All is lost."):
        stored = files.store(content=BytesIO(content), name=name, by=actor(ada))
        reply(ticket=ticket, body="See this.", files=[stored], by=actor(ada), now=timezone.now())
        return f"/files/{Attachment.objects.latest('message__pk').pk}/"

    return put


def load(client, path):
    """The answer and its bytes; reading them to the end closes the file."""
    response = client.get(path)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return response, body


def test_file_is_saved_and_never_shown_by_the_browser(as_ada, attach):
    response, body = load(as_ada, attach())
    assert body == b"All is lost."
    assert response["Content-Disposition"] == 'attachment; filename="report.txt"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "private, no-cache"
    assert response["Content-Type"] == "text/plain"
    assert response["Content-Length"] == "12"


def test_head_tells_the_same_without_the_bytes(as_ada, attach):
    response = as_ada.head(attach())
    assert response.status_code == 200
    assert response["Content-Length"] == "12"
    assert b"".join(response.streaming_content) == b""


def test_picture_keeps_its_type(as_ada, attach):
    assert load(as_ada, attach("a.png", PNG))[0]["Content-Type"] == "image/png"


@pytest.mark.parametrize("name", ["cat.png", "cat.svg", "cat.html", "cat.pdf", "cat"])
@pytest.mark.parametrize(
    "content",
    [PAGE, b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', b"  \n<script>alert(1)</script>"],
)
def test_page_that_claims_to_be_something_else_is_plain_bytes(as_ada, attach, name, content):
    response, body = load(as_ada, attach(name, content))
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    assert body == content


@pytest.mark.parametrize(
    ("name", "saved_as"),
    [
        ("../../etc/passwd", 'attachment; filename="passwd"'),
        ("C:\\temp\\evil.txt", 'attachment; filename="evil.txt"'),
        ('a"b.txt', 'attachment; filename="a_b.txt"'),
        ("a\r\nSet-Cookie: x=1.txt", None),
        ("exe.\u202etxt.fdp", 'attachment; filename="exe.txt.fdp"'),
        ("Übersicht.pdf", "attachment; filename*=utf-8''%C3%9Cbersicht.pdf"),
        ("\u202e", 'attachment; filename="file"'),
    ],
)
def test_name_that_lies_is_cleaned(as_ada, attach, name, saved_as):
    response, _body = load(as_ada, attach(name))
    header = response["Content-Disposition"]
    assert header.startswith("attachment")
    assert not set("\r\n\u202e") & set(header)
    assert saved_as is None or header == saved_as
    assert "Set-Cookie" not in response.headers


def test_names_of_files_stand_on_the_page_as_text(as_ada, attach, ticket):
    attach("<img src=x onerror=alert(1)>&.txt")
    html = as_ada.get(f"/tickets/{ticket.ref}/").content.decode()
    assert "_img src=x onerror=alert(1)_&amp;.txt" in html


def test_file_of_somebody_elses_ticket_is_not_there(client_of, attach):
    response = client_of(UserFactory.create()).get(attach())
    assert response.status_code == 404
    assert "There is no such file" in text_of(response)


def test_file_of_a_note_is_for_the_desk_alone(as_ada, client_of, ticket, mara):
    stored = files.store(content=BytesIO(b"internal"), name="note.txt", by=actor(mara))
    by = actor(mara, Channel.DESK)
    add_note(ticket=ticket, body="Look.", files=[stored], by=by, now=timezone.now())
    path = f"/files/{Attachment.objects.get().pk}/"
    assert as_ada.get(path).status_code == 404
    assert load(client_of(mara), path)[1] == b"internal"
    assert "note.txt" not in as_ada.get(f"/tickets/{ticket.ref}/").content.decode()


def test_stranger_is_sent_to_log_in(client_of, attach):
    path = attach()
    assert client_of().get(path).url == f"/accounts/login/?next={path}"


def test_lost_bytes_are_told_on_a_page(as_ada, attach):
    path = attach()
    default_storage.delete(Attachment.objects.get().blob.storage_name)
    response = as_ada.get(path)
    assert response.status_code == 404
    assert "This file is lost on our side." in text_of(response)


def test_made_up_key_is_not_there(as_ada):
    assert as_ada.get(f"/files/{uuid.uuid4()}/").status_code == 404


def test_browser_that_has_the_file_asks_and_is_told_so(as_ada, client_of, attach):
    path = attach()
    tag = load(as_ada, path)[0]["ETag"]
    known = as_ada.get(path, headers={"If-None-Match": tag})
    assert (known.status_code, known.content, known["Cache-Control"]) == (304, b"", "private, no-cache")
    assert client_of(UserFactory.create()).get(path, headers={"If-None-Match": tag}).status_code == 404


@pytest.mark.parametrize(
    ("asked", "status", "told", "body"),
    [
        ("bytes=0-2", 206, "bytes 0-2/12", b"All"),
        ("bytes=7-", 206, "bytes 7-11/12", b"lost."),
        ("bytes=-5", 206, "bytes 7-11/12", b"lost."),
        ("bytes=-99", 206, "bytes 0-11/12", b"All is lost."),
        ("bytes=4-99", 206, "bytes 4-11/12", b"is lost."),
        ("bytes=12-", 416, "bytes */12", b""),
        ("bytes=99999999999999-", 416, "bytes */12", b""),
        ("bytes=-0", 416, "bytes */12", b""),
        ("bytes=5-2", 200, None, b"All is lost."),
        ("bytes=0-1,3-4", 200, None, b"All is lost."),
        ("bytes=-", 200, None, b"All is lost."),
        ("lines=1-2", 200, None, b"All is lost."),
        ("bytes=" + "9" * 400 + "-", 200, None, b"All is lost."),
    ],
)
def test_broken_download_goes_on(as_ada, attach, asked, status, told, body):
    response = as_ada.get(attach(), headers={"Range": asked})
    assert response.status_code == status
    assert response.get("Content-Range") == told
    assert (b"".join(response.streaming_content) if response.streaming else response.content) == body
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    if body:
        assert response["Content-Length"] == str(len(body))
        assert response["Content-Disposition"] == 'attachment; filename="report.txt"'


def test_part_of_another_version_is_answered_with_the_whole(as_ada, attach):
    path = attach()
    tag = load(as_ada, path)[0]["ETag"]
    for version, status in ((tag, 206), ('"another"', 200), ("Mon, 02 Mar 2026 09:00:00 GMT", 200)):
        response = as_ada.get(path, headers={"Range": "bytes=0-2", "If-Range": version})
        assert response.status_code == status
        b"".join(response.streaming_content)
