"""The brand: what an administrator sets is what everybody sees, at once and in both rooms."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from helpdesk.actions import files
from helpdesk.choices import Role
from helpdesk.models import AuditEvent, Blob, Brand, User
from tests.factories import PNG
from tests.helpdesk.admin.conftest import fields_of, save
from tests.helpdesk.admin.test_setup import said

pytestmark = pytest.mark.django_db
URL = "/admin/helpdesk/brand/1/change/"


@pytest.fixture(autouse=True)
def files_of_this_test(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


def picture(content: bytes = PNG, name: str = "logo.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/png")


def test_name_is_one_line_since_mails_bear_it_as_their_sender(as_grace: Client) -> None:
    assert save(as_grace, URL, name="Nordlicht\nBcc: all@example.org").status_code == 302
    assert Brand.objects.get().name == "Nordlicht Bcc: all@example.org"
    assert "Write the name." in said(save(as_grace, URL, name="\u200b"))


def test_name_is_in_both_rooms_right_after_it_was_saved(as_grace: Client, client: Client) -> None:
    assert client.get("/").content.decode().count("Watchdesk") == 3
    assert save(as_grace, URL, name="Nordlicht <b>Help</b>").status_code == 302
    for page in (client.get("/"), client.get("/accounts/login/"), as_grace.get("/admin/"), as_grace.get(URL)):
        body = page.content.decode()
        assert re.search(r"Nordlicht &lt;b&gt;Help&lt;/b&gt;\s*</title>", body)
        assert "<b>Help" not in body
        assert "Watchdesk" not in body.replace('value="Watchdesk"', "")
    event = AuditEvent.objects.latest("pk")
    assert event.subject_type == "brand"
    assert "name" in event.data["fields"]
    assert "Nordlicht" not in str(event.data)


def test_colour_comes_as_a_style_sheet_of_its_own(as_grace: Client, client: Client) -> None:
    assert "/brand/" not in client.get("/").content.decode()
    assert save(as_grace, URL, accent="#7A1F5C").status_code == 302
    for page in (client.get("/"), as_grace.get("/admin/")):
        assert page.content.decode().count('href="/brand/7a1f5c.css"') == 1
    sheet = client.get("/brand/7a1f5c.css")
    assert sheet["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in sheet["Cache-Control"]
    assert "--wd-accent:#7a1f5c" in sheet.content.decode()
    assert "--color-primary-600:#7a1f5c" in sheet.content.decode()


@pytest.mark.parametrize("accent", ["red", "7a1f5", "7A1F5C", "7a1f5c;}body{", "../7a1f5c"])
def test_style_sheet_is_made_of_colours_alone(client: Client, accent: str) -> None:
    assert client.get(f"/brand/{accent}.css").status_code == 404


def test_what_is_no_colour_is_refused_at_its_field(as_grace: Client) -> None:
    page = save(as_grace, URL, accent="red")
    assert "Write a colour as six digits" in said(page)
    assert not Brand.objects.exists()


def test_logo_is_shown_to_everybody_and_kept_by_the_sweep(as_grace: Client, client: Client) -> None:
    assert save(as_grace, URL, logo_file=picture()).status_code == 302
    blob = Blob.objects.get()
    src = f"/brand/logo/{blob.sha256}/"
    for page in (client.get("/"), as_grace.get("/admin/"), as_grace.get(URL)):
        assert f'src="{src}"' in page.content.decode()
    answer = client.get(src)
    assert b"".join(answer.streaming_content) == PNG  # type: ignore[attr-defined] # it streams
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "immutable" in answer["Cache-Control"]
    blob_age = blob.recorded_at + files.ORPHAN_AGE + timedelta(hours=1)
    files.sweep(now=blob_age, limit=10)
    assert default_storage.exists(blob.storage_name)
    # Whoever takes it away again leaves it to the sweep.
    assert save(as_grace, URL, no_logo="on").status_code == 302
    assert client.get(src).status_code == 404
    files.sweep(now=blob_age, limit=10)
    assert not Blob.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "no PNG, JPEG or WebP"),
        (b"%PDF-1.4 hello", "no PNG, JPEG or WebP"),
        (b"GIF89a" + b"0" * 40, "no PNG, JPEG or WebP"),
        (PNG + b"\0" * (512 << 10), "larger than 512 kB"),
    ],
)
def test_what_is_no_picture_is_refused_and_the_name_kept(as_grace: Client, content: bytes, words: str) -> None:
    page = save(as_grace, URL, name="Nordlicht", logo_file=picture(content))
    assert page.status_code == 422
    assert words in said(page)
    assert 'value="Nordlicht"' in page.content.decode()
    assert not Brand.objects.exists()
    assert not Blob.objects.exists()


def test_who_saves_second_is_told(as_grace: Client) -> None:
    shown = fields_of(as_grace.get(URL))
    assert save(as_grace, URL, logo_file=picture()).status_code == 302
    assert as_grace.post(URL, {**shown, "name": "Other"}).status_code == 409


def test_others_see_the_brand_and_change_nothing(as_role: Callable[[Role], Client], grace: User) -> None:
    client = as_role(Role.MANAGER)
    assert client.get(URL).status_code == 200
    assert client.post(URL, {"name": "Mine", "accent": "#000000"}).status_code == 403
    assert not Brand.objects.exists()
