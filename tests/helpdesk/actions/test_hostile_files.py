"""Files that mean harm: each is refused in words, or taken as bytes that nothing here ever opens or runs."""

import gzip
import struct
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, default_storage

from helpdesk.actions import files
from helpdesk.actions.conversation import reply
from helpdesk.errors import DomainError
from helpdesk.models import Attachment, Blob, DeskSettings
from tests.factories import NOW, PNG, UserFactory, actor, make_ticket
from tests.helpdesk.domain.test_filenames import PE
from tests.together import together

pytestmark = pytest.mark.django_db
PLAIN = "application/octet-stream"


@pytest.fixture(autouse=True)
def store_of_this_test(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def zipped(content: bytes, name: str = "a.txt") -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return made.getvalue()


def png_bomb(side: int = 60_000) -> bytes:
    """A picture of so many pixels in few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(999))) + chunk(b"IEND", b"")


HTML = b"<!doctype html><script>alert(document.domain)</script>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
# What is taken, under which name, and as what it is served.
TAKEN: list[tuple[str, str, bytes, str, str]] = [
    ("page", "a.html", HTML, "a.html", PLAIN),
    ("page named like a picture", "a.png", HTML, "a.png", PLAIN),
    ("page with a mark before it", "a.txt", b"\xef\xbb\xbf \n" + HTML, "a.txt", PLAIN),
    ("page in another alphabet", "a.txt", HTML.decode().encode("utf-16"), "a.txt", "text/plain"),
    ("drawing", "a.svg", SVG, "a.svg", PLAIN),
    ("drawing named like a picture", "a.png", SVG, "a.png", PLAIN),
    ("mail with a page in it", "a.mht", b"MIME-Version: 1.0\n\n" + HTML, "a.mht", "text/plain"),
    ("picture that is a Java archive", "a.gif", b"GIF89a\x01\0\x01\0" + bytes(20) + zipped(b"x"), "a.gif", "image/gif"),
    ("picture with a page", "a.png", PNG + HTML, "a.png", "image/png"),
    ("picture with a script for a head", "a.gif", b"GIF89a=1;alert(1);//" + bytes(9), "a.gif", "image/gif"),
    ("document with a script", "a.pdf", b"%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>", "a.pdf",
     "application/pdf"),
    ("document that is an archive", "a.pdf", b"%PDF-1.4\n" + zipped(b"x"), "a.pdf", "application/pdf"),
    ("archive that unfolds", "a.zip", zipped(bytes(20 << 20)), "a.zip", PLAIN),
    ("archive in an archive in an archive", "a.zip", zipped(zipped(zipped(bytes(1 << 20)))), "a.zip", PLAIN),
    ("packed zeros", "a.gz", gzip.compress(bytes(20 << 20)), "a.gz", PLAIN),
    ("archive whose files climb out", "a.zip", zipped(b"x", "../../../etc/cron.d/x"), "a.zip", PLAIN),
    ("picture of 3,600 million pixels", "a.png", png_bomb(), "a.png", "image/png"),
    ("entities that multiply", "a.xml", b'<!DOCTYPE a [<!ENTITY b "b"><!ENTITY c "&b;&b;">]><a/>', "a.xml", PLAIN),
    ("formulas", "a.csv", b"=cmd|' /C calc'!A0,1\n", "a.csv", "text/plain"),
    ("program with a harmless end", "setup.exe.txt", b"hello", "setup.exe.txt", "text/plain"),
    ("script that people read", "fix.sh", b"#!/bin/sh\nrm -rf /\n", "fix.sh", "text/plain"),
    ("folders in the name", "../../etc/passwd", b"root:x:0:0", "passwd", "text/plain"),
    ("nothing in the name", "\u202e\u200b\0", b"x", "file", "text/plain"),
    ("name of a device", "C:\\NUL.txt", b"x", "_NUL.txt", "text/plain"),
    ("endless name", "n" * 10_000 + ".txt", b"x", "n" * 146 + ".txt", "text/plain"),
]  # fmt: skip
PROGRAM = "can do harm"
REFUSED: list[tuple[str, str, bytes, str]] = [
    ("program", "setup.exe", PE, PROGRAM),
    ("program in capitals", "SETUP.EXE", b"x", PROGRAM),
    ("second ending", "invoice.pdf.exe", b"x", PROGRAM),
    ("ending out of sight", "invoice.pdf" + " " * 200 + ".exe", b"x", PROGRAM),
    ("ending that reads backwards", "in\u202egnp.exe", b"x", PROGRAM),
    ("ending with unseen letters", "a.e\u200bxe", b"x", PROGRAM),
    ("ending that Windows drops the end of", "a.exe. .", b"x", PROGRAM),
    ("screen saver", "a.scr", b"x", PROGRAM),
    ("shortcut", "a.lnk", b"x", PROGRAM),
    ("script that a double click runs", "a.vbs", b"x", PROGRAM),
    ("disk image, which hides where it came from", "a.iso", b"x", PROGRAM),
    ("program named like a document", "invoice.pdf", PE, "is a program, whatever its name says"),
    ("program of another system", "a.png", b"\x7fELF\x02\x01\x01" + bytes(99), "is a program"),
    ("Java class", "a.txt", b"\xca\xfe\xba\xbe" + bytes(99), "is a program"),
    ("nothing", "a.txt", b"", "“a.txt” is empty."),
]


@pytest.mark.parametrize(("name", "content", "shown", "served"), [row[1:] for row in TAKEN], ids=[r[0] for r in TAKEN])
def test_file_is_taken_as_mere_bytes(name: str, content: bytes, shown: str, served: str) -> None:
    taken = files.store(content=BytesIO(content), name=name, by=actor(UserFactory.create()))
    assert (taken.name, taken.blob.media_type, taken.blob.size) == (shown, served, len(content))
    with default_storage.open(taken.blob.storage_name) as stored:
        assert stored.read() == content


@pytest.mark.parametrize(("name", "content", "words"), [row[1:] for row in REFUSED], ids=[r[0] for r in REFUSED])
def test_file_is_refused_in_words(name: str, content: bytes, words: str, store_of_this_test: Path) -> None:
    with pytest.raises(DomainError, match=words) as refusal:
        files.store(content=BytesIO(content), name=name, by=actor(UserFactory.create()))
    assert refusal.value.field == "files"
    assert not Blob.objects.exists()
    assert not any(path.is_file() for path in store_of_this_test.rglob("*"))


def test_administrators_list_decides() -> None:
    by = actor(UserFactory.create())
    DeskSettings.objects.update_or_create(pk=1, defaults={"blocked_endings": "pdf", "allowed_endings": ""})
    assert files.store(content=BytesIO(PE), name="a.exe", by=by).blob.media_type == PLAIN
    with pytest.raises(DomainError, match="are not accepted here"):
        files.store(content=BytesIO(b"x"), name="a.pdf", by=by)
    DeskSettings.objects.update(allowed_endings=".png, .txt")
    files.store(content=BytesIO(b"x"), name="a.txt", by=by)
    for name, words in (("a.doc", "“.doc” are not accepted"), ("a", "without an ending are not accepted")):
        with pytest.raises(DomainError, match=words):
            files.store(content=BytesIO(b"x"), name=name, by=by)


def test_same_file_twice_is_two_files_of_two_fates() -> None:
    """Bytes are not shared: nobody learns by a file's speed that somebody else sent it, and each goes by itself."""
    ticket = make_ticket()
    by = actor(ticket.requester)
    twice = [files.store(content=BytesIO(b"same"), name="a.txt", by=by) for _time in range(2)]
    reply(ticket=ticket, body="See these.", files=twice, by=by, now=NOW)
    one, other = Attachment.objects.select_related("blob")
    assert one.blob.sha256 == other.blob.sha256
    assert one.blob.key != other.blob.key
    assert (one.name, other.name) == ("a.txt", "a.txt")


class Full(FileSystemStorage):
    """A disk that is full after the first few bytes."""

    def _save(self, name: str, content: "File[bytes]") -> str:
        super()._save(name, File(BytesIO(content.read(3))))
        raise OSError(28, "No space left on device")


@pytest.mark.parametrize("keep", [
    lambda by: files.store(content=BytesIO(b"many bytes"), name="a.txt", by=by),
    lambda _by: files.store_made(content=BytesIO(b"many bytes"), media_type="text/csv"),
], ids=["sent", "made"])  # fmt: skip
def test_full_disk_is_told_and_leaves_no_half_a_file(
    settings: Any, store_of_this_test: Path, keep: Callable[[Any], object]
) -> None:
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": f"{__name__}.Full"}}
    with pytest.raises(DomainError, match="We have no room for files right now"):
        keep(actor(UserFactory.create()))
    assert not Blob.objects.exists()
    assert not any(path.is_file() for path in store_of_this_test.rglob("*"))


def test_fifty_first_file_is_refused_before_any_is_stored() -> None:
    DeskSettings.objects.update_or_create(pk=1, defaults={"max_files": 50})
    fifty = [BytesIO(b"x")] * 50
    assert files.admit(fifty, beside=0) == fifty
    for chosen, beside in (([*fifty, BytesIO(b"x")], 0), (fifty, 1)):
        with pytest.raises(DomainError, match="These are 51 files; one message takes 50"):
            files.admit(chosen, beside=beside)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_both_there() -> None:
    by = UserFactory.create()
    sent = together(*[lambda: files.store(content=BytesIO(b"same"), name="a.txt", by=actor(by))] * 2)
    assert len({file.blob.key for file in sent}) == Blob.objects.count() == 2
