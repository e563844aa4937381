"""Small pictures: made from pixels alone, in bounds, tried again when a worker dies; none of what means harm."""

import io
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import ExifTags, Image, PngImagePlugin

from helpdesk.actions import files, thumbnails
from helpdesk.actions.conversation import add_note, reply
from helpdesk.choices import Channel, NoThumbnail, ThumbnailState
from helpdesk.domain import shrink
from helpdesk.models import Attachment, Blob, Thumbnail, Ticket
from helpdesk.selectors import due
from tests.factories import NOW, PNG, QueueFactory, TeamFactory, UserFactory, actor, make_agent, make_ticket
from tests.helpdesk.actions.test_hostile_files import HTML, png_bomb
from tests.together import together

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store_of_this_test(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def drawn(kind: str, size: tuple[int, int] = (1200, 600), mode: str = "RGB", **options: Any) -> bytes:
    """A picture, red on its left half and blue on its right."""
    picture = Image.new(mode, size, "red")
    picture.paste("blue", (size[0] // 2, 0, *size))
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def upload(content: bytes, name: str = "a.png") -> Thumbnail:
    blob = files.store(content=io.BytesIO(content), name=name, by=actor(UserFactory.create())).blob
    return Thumbnail.objects.get(blob=blob)


def make(**later: float) -> int:
    return thumbnails.make_due(now=timezone.now() + timedelta(seconds=1, **later), limit=9)


def made(content: bytes) -> Thumbnail:
    """What becomes of it at the first try."""
    thumbnail = upload(content)
    assert make() == 1
    thumbnail.refresh_from_db()
    return thumbnail


def opened(thumbnail: Thumbnail) -> Image.Image:
    assert thumbnail.small is not None
    with default_storage.open(thumbnail.small.storage_name) as content:
        return Image.open(io.BytesIO(content.read()))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_picture_gets_a_small_one(kind: str) -> None:
    thumbnail = made(drawn(kind))
    assert thumbnail.small is not None
    assert (thumbnail.state, thumbnail.small.media_type) == (ThumbnailState.MADE, "image/webp")
    small = opened(thumbnail)
    assert (small.format, small.size) == ("WEBP", (480, 240))
    assert (thumbnail.width, thumbnail.height) == (480, 240)
    assert thumbnail.shown_size == (240, 120)
    red, _green, blue = small.convert("RGB").getpixel((20, 120))  # type: ignore[misc]
    assert red > 200 > blue


@pytest.mark.parametrize(
    ("size", "small", "shown"),
    [((16, 16), (16, 16), (16, 16)), ((100, 4000), (9, 360), (5, 180)), ((4000, 3), (480, 1), (240, 1))],
)
def test_small_one_is_never_larger_and_stays_in_bounds(
    size: tuple[int, int], small: tuple[int, int], shown: tuple[int, int]
) -> None:
    thumbnail = made(drawn("PNG", size))
    assert opened(thumbnail).size == small
    assert thumbnail.shown_size == shown


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_every_sort_of_pixels_becomes_a_picture(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (40, 30)).save(out, "JPEG" if mode == "CMYK" else "PNG")
    assert made(out.getvalue()).state == ThumbnailState.MADE


def test_picture_is_turned_upright_and_tells_nothing_of_its_maker() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Make] = "Secret Camera"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (52.0, 31.0, 12.0)
    small = opened(made(drawn("JPEG", exif=exif, comment=b"Secret place", icc_profile=b"x" * 500)))
    assert small.size == (180, 360)
    # What lay on the left is on top now.
    assert small.convert("RGB").getpixel((90, 10))[0] > 200  # type: ignore[index]
    assert not small.getexif()
    assert not {"exif", "icc_profile", "xmp", "comment"} & set(small.info)


def text_of_png(size: int) -> bytes:
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", "x" * size, zip=True)
    return drawn("PNG", (40, 30), pnginfo=told)


def frames(count: int) -> bytes:
    first, second = (Image.new("P", (20, 20), shade) for shade in (0, 1))
    out = io.BytesIO()
    first.save(out, "GIF", save_all=True, append_images=[second if n % 2 else first.copy() for n in range(count)])
    return out.getvalue()


# Made when their turn comes: some take a second.
HOSTILE: list[tuple[str, Callable[[], bytes], NoThumbnail | None]] = [
    ("3,600 million pixels", png_bomb, NoThumbnail.TOO_LARGE),
    ("50 million pixels", lambda: png_bomb(7_100), NoThumbnail.TOO_LARGE),
    ("fewer pixels, which are not there", lambda: png_bomb(6_000), NoThumbnail.DAMAGED),
    ("cut off", lambda: drawn("PNG")[:300], NoThumbnail.DAMAGED),
    ("cut off after its head", lambda: drawn("JPEG")[:40], NoThumbnail.DAMAGED),
    ("cut off in the middle", lambda: drawn("JPEG", quality=95)[:4_000], NoThumbnail.DAMAGED),
    ("head alone", lambda: b"\x89PNG\r\n\x1a\n", NoThumbnail.DAMAGED),
    ("page behind a head", lambda: b"GIF89a" + HTML, NoThumbnail.DAMAGED),
    ("picture with a page behind it", lambda: drawn("PNG") + HTML, None),
    ("60 kB of EXIF", lambda: drawn("JPEG", exif=b"Exif\0\0" + b"II*\0\x08\0\0\0" + b"\xff" * 60_000), None),
    ("broken EXIF", lambda: drawn("JPEG", exif=b"Exif\0\0" + b"\xff" * 99), None),
    ("100 MB of text in a few bytes", lambda: text_of_png(100 << 20), NoThumbnail.DAMAGED),
    ("10,000 frames", lambda: frames(10_000), None),
    ("one pixel", lambda: PNG, None),
]


@pytest.mark.parametrize(("draw", "reason"), [row[1:] for row in HOSTILE], ids=[row[0] for row in HOSTILE])
def test_hostile_picture_costs_little(draw: Callable[[], bytes], reason: NoThumbnail | None) -> None:
    thumbnail = upload(draw())
    started = time.monotonic()
    assert (make(), make()) == (1, 0)
    assert time.monotonic() - started < 15
    thumbnail.refresh_from_db()
    assert (thumbnail.state, thumbnail.reason) == (
        (ThumbnailState.NONE, reason) if reason else (ThumbnailState.MADE, "")
    )
    # The file itself is there to be loaded, whatever it is.
    assert default_storage.exists(thumbnail.blob.storage_name)


def test_other_decoders_are_never_asked() -> None:
    """Pillow knows forms of files that start other programs; the type of the bytes decides which one may open them."""
    out = io.BytesIO()
    Image.new("RGB", (9, 9)).save(out, "EPS")
    done = subprocess.run(
        [sys.executable, "-I", shrink.__file__, "PNG"], input=out.getvalue(), capture_output=True, check=False
    )
    assert (done.returncode, done.stdout) == (shrink.DAMAGED, b"")


def test_process_bounds_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a tenth of the memory an honest picture is too large, and the worker goes on."""
    code = (
        f"import sys; sys.path.insert(0, {os.path.dirname(shrink.__file__)!r}); import shrink;"  # noqa: PTH120
        "shrink.MEMORY = 90 << 20; sys.exit(shrink.main('PNG'))"
    )
    done = subprocess.run([sys.executable, "-c", code], input=drawn("PNG", (5_000, 5_000), "L"), check=False)
    assert done.returncode in {shrink.TOO_LARGE, shrink.DAMAGED}
    assert resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY


def test_other_files_are_not_even_looked_at() -> None:
    by = actor(UserFactory.create())
    for name, content in (("a.png", HTML), ("a.pdf", b"%PDF-1.4"), ("a.svg", b"<svg/>"), ("a.bmp", b"BM" + bytes(60))):
        files.store(content=io.BytesIO(content), name=name, by=by)
    assert not Thumbnail.objects.exists()


def test_worker_that_died_leaves_it_to_the_next_and_not_for_ever() -> None:
    thumbnail = upload(PNG)
    now = timezone.now() + timedelta(seconds=1)
    for _time in range(3):
        assert thumbnails._claim(now=now) is not None
        assert make() == 0
        Thumbnail.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert (make(), make()) == (1, 0)
    thumbnail.refresh_from_db()
    assert (thumbnail.state, thumbnail.reason) == (ThumbnailState.NONE, NoThumbnail.TOO_HEAVY)


def test_worker_that_lost_its_claim_writes_nothing() -> None:
    thumbnail = upload(PNG)
    stale = thumbnails._claim(now=timezone.now() + timedelta(seconds=1))
    assert stale is not None
    Thumbnail.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    make()
    thumbnails._settle(thumbnail=stale, now=NOW, reason=NoThumbnail.DAMAGED)
    thumbnail.refresh_from_db()
    assert thumbnail.state == ThumbnailState.MADE


def test_broken_machine_is_no_verdict_on_the_picture(
    settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    thumbnail = upload(PNG)
    monkeypatch.setattr(thumbnails, "_SCRIPT", tmp_path / "missing.py")
    assert [make(), make(), make(minutes=1.5)] == [1, 0, 1]
    monkeypatch.undo()
    settings.MEDIA_ROOT = tmp_path
    assert make(minutes=9) == 1
    thumbnail.refresh_from_db()
    assert (thumbnail.state, thumbnail.attempts) == (ThumbnailState.MADE, 3)


def test_lost_bytes_are_no_picture() -> None:
    thumbnail = upload(PNG)
    default_storage.delete(thumbnail.blob.storage_name)
    make()
    thumbnail.refresh_from_db()
    assert thumbnail.reason == NoThumbnail.LOST


@pytest.mark.django_db(transaction=True)
def test_two_workers_make_each_once() -> None:
    for _time in range(3):
        upload(PNG)
    assert sum(together(make, make)) == 3
    assert Blob.objects.filter(media_type="image/webp").count() == 3


def test_old_pictures_are_put_in_line(django_assert_num_queries: Any) -> None:
    ticket = make_ticket()
    by = actor(ticket.requester)
    sent = [files.store(content=io.BytesIO(PNG), name="a.png", by=by) for _time in range(3)]
    reply(ticket=ticket, body="See these.", files=sent[:2], by=by, now=NOW)
    Thumbnail.objects.all().delete()
    assert [thumbnails.note_missed(limit=limit) for limit in (1, 9, 9)] == [1, 1, 0]
    assert due.oldest_thumbnail() is not None
    assert make() == 2
    assert due.oldest_thumbnail() is None


def test_sweep_takes_a_picture_that_stands_nowhere_and_its_small_one(store_of_this_test: Path) -> None:
    made(drawn("PNG"))
    upload(PNG)
    later = timezone.now() + files.ORPHAN_AGE + timedelta(hours=1)
    while files.sweep(now=later, limit=9):
        pass
    assert not Thumbnail.objects.exists()
    assert not Blob.objects.exists()
    assert not any(path.is_file() for path in store_of_this_test.rglob("*"))


@pytest.fixture
def ticket() -> Ticket:
    return make_ticket(queue=QueueFactory.create(teams=[TeamFactory.create(name="Desk")]))


@pytest.fixture
def client_of() -> Callable[[Any], Client]:
    def sign_in(person: Any) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return sign_in


def put(ticket: Ticket, by: Any, name: str = "Photo <1>.png", write: Any = reply) -> Attachment:
    sent = files.store(content=io.BytesIO(drawn("PNG")), name=name, by=by)
    write(ticket=ticket, body="See this.", files=[sent], by=by, now=timezone.now())
    return Attachment.objects.get(blob=sent.blob)


def test_both_rooms_show_it_with_its_size_and_name(ticket: Ticket, client_of: Callable[[Any], Client]) -> None:
    file = put(ticket, actor(ticket.requester))
    pages = (
        (client_of(ticket.requester), f"/tickets/{ticket.ref}/"),
        (client_of(make_agent(*ticket.queue.teams.all())), f"/admin/tickets/{ticket.ref}/"),
    )
    for client, path in pages:
        assert "<img" not in client.get(path).content.decode().split('id="message-')[-1].split("</article>")[0]
    make()
    shown = (
        f'<a class="picture" href="/files/{file.pk}/" title="Photo _1_.png"><img src="/files/{file.pk}/small/" '
        'alt="Photo _1_.png" width="240" height="120" loading="lazy"></a>'
    )
    for client, path in pages:
        assert shown in client.get(path).content.decode()
    answer = pages[0][0].get(f"/files/{file.pk}/small/")
    assert answer["Content-Type"] == "image/webp"
    assert (answer["X-Content-Type-Options"], answer["Cross-Origin-Resource-Policy"]) == ("nosniff", "same-origin")
    assert answer["Cache-Control"] == "private, max-age=3600"
    assert b"".join(answer.streaming_content)[8:12] == b"WEBP"  # type: ignore[arg-type]
    # The file itself is loaded as a file, as ever.
    loaded = pages[0][0].get(f"/files/{file.pk}/")
    assert loaded["Content-Disposition"].startswith("attachment")
    b"".join(loaded.streaming_content)  # type: ignore[arg-type]


def test_small_picture_is_for_the_readers_of_its_message(ticket: Ticket, client_of: Callable[[Any], Client]) -> None:
    agent = make_agent(*ticket.queue.teams.all())
    file = put(ticket, actor(agent, Channel.DESK), write=add_note)
    waiting = put(ticket, actor(ticket.requester))
    thumbnails.make_due(now=timezone.now() + timedelta(seconds=1), limit=1)
    path = f"/files/{file.pk}/small/"
    assert client_of(ticket.requester).get(path).status_code == 404
    assert client_of(UserFactory.create()).get(path).status_code == 404
    assert Client().get(path).status_code == 302
    allowed = client_of(agent).get(path)
    assert allowed.status_code == 200
    b"".join(allowed.streaming_content)  # type: ignore[arg-type]
    assert client_of(agent).get(f"/files/{waiting.pk}/small/").status_code == 404


def test_pictures_cost_a_page_no_queries(ticket: Ticket, client_of: Callable[[Any], Client]) -> None:
    client, counted = client_of(ticket.requester), []
    for _time in range(2):
        put(ticket, actor(ticket.requester))
        make()
        client.get(f"/tickets/{ticket.ref}/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/tickets/{ticket.ref}/")
        counted.append(len(queries))
    assert counted[0] == counted[1]
