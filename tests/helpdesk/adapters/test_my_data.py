"""What is kept about one person, as a file for them alone."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from helpdesk import registry
from helpdesk.actions import assignment, conversation, exports, files, preferences, watching
from helpdesk.actions.consumers import consume_due
from helpdesk.adapters import my_data
from helpdesk.choices import Channel, DeliveryChannel, Occasion
from helpdesk.errors import DomainError
from helpdesk.models import Export, User
from helpdesk.registry import DataPart
from tests.factories import (
    NOW,
    OrganizationFactory,
    OrganizationMembershipFactory,
    QueueFactory,
    TeamFactory,
    UserFactory,
    actor,
    make_agent,
    make_ticket,
)
from tests.helpdesk.admin.conftest import client_of

__all__ = ["client_of"]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store_of_this_test(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def ida(db: None) -> User:
    return UserFactory.create(name="Ida Berg", email="ida@example.org")


def ask(person: User) -> Export:
    now = timezone.now()
    return exports.request_export(kind=my_data.KIND, name="my-data.zip", query={}, by=actor(person), now=now)


def made(person: User) -> zipfile.ZipFile:
    export = ask(person)
    assert exports.make_due(now=timezone.now(), limit=1) == 1
    export.refresh_from_db()
    assert export.is_ready, export.error
    assert export.blob is not None
    with default_storage.open(export.blob.storage_name) as content:
        return zipfile.ZipFile(io.BytesIO(content.read()))


def test_own_words_and_files_are_in_it_and_nobodys_notes(ida: User) -> None:
    team = TeamFactory.create()
    queue = QueueFactory.create(teams=[team])
    mara, watcher = make_agent(team, name="Mara Silva"), UserFactory.create(name="Otto Other")
    by, desk = actor(ida), actor(mara, Channel.DESK)
    OrganizationMembershipFactory.create(user=ida, organization=OrganizationFactory.create(name="Harbour Clinic"))
    mine = files.store(content=io.BytesIO(b"my own file"), name="own.txt", by=by)
    theirs = files.store(content=io.BytesIO(b"their file"), name="theirs.txt", by=desk)
    ticket = make_ticket(ida, queue, subject="The door is stuck", files=[mine])
    conversation.reply(ticket=ticket, body="Which door?", by=desk, now=NOW, files=[theirs])
    conversation.add_note(ticket=ticket, body="She always asks.", by=desk, now=NOW)
    watching.add_watcher(ticket=ticket, email=watcher.email, by=by, now=NOW)
    conversation.reply(ticket=ticket, body="Mine too.", by=actor(watcher), now=NOW)
    elsewhere = make_ticket(watcher, subject="A secret of Otto's")
    watching.add_watcher(ticket=elsewhere, email=ida.email, by=actor(watcher), now=NOW)
    conversation.reply(ticket=elsewhere, body="I saw that as well.", by=by, now=NOW)

    archive = made(ida)
    data = json.loads(archive.read("data.json"))
    (told,) = data["tickets"]
    assert [(said["by"], said["text"]) for said in told["messages"]] == [
        ("you", "It smokes since nine."),
        ("the support", "Which door?"),
        ("somebody else on this ticket", "Mine too."),
    ]
    (name,) = told["messages"][0]["files"]
    assert archive.read(name) == b"my own file"
    assert [said["text"] for said in data["said_elsewhere"]] == ["I saw that as well."]
    assert data["organisations"][0]["organisation"] == "Harbour Clinic"
    everything = "".join(archive.read(entry).decode() for entry in archive.namelist())
    for words in ("always asks", "their file", "Mara", "Otto", watcher.email, "secret"):
        assert words not in everything
    page = archive.read("index.html").decode()
    assert "The door is stuck" in page
    assert name in page


def test_page_holds_no_markup_of_strangers(ida: User) -> None:
    make_ticket(ida, subject="<script>alert(1)</script>", body="<img src=x onerror=alert(1)>")
    page = made(ida).read("index.html").decode()
    assert "<script" not in page
    assert "<img" not in page


def test_one_at_a_time_and_few_a_day(ida: User) -> None:
    first = ask(ida)
    with pytest.raises(DomainError, match="still being made"):
        ask(ida)
    exports.cancel_export(export=first, by=actor(ida), now=timezone.now())
    for _time in range(2):
        made(ida)
    with pytest.raises(DomainError, match="many files today"):
        ask(ida)


@pytest.fixture
def shifts() -> Iterator[DataPart]:
    part = DataPart("shifts", "Shifts", lambda person: [{"shift": f"a shift of {person}"}])
    registry.data_parts.register(part)
    yield part
    registry.data_parts.unregister(part.name)


@pytest.mark.usefixtures("shifts")
def test_apps_above_bring_what_they_keep(ida: User) -> None:
    archive = made(ida)
    assert json.loads(archive.read("data.json"))["shifts"] == [{"shift": "a shift of Ida Berg"}]
    assert "a shift of Ida Berg" in archive.read("index.html").decode()


def test_profile_asks_for_it_and_its_owner_alone_loads_it(client_of: Callable[..., Client], ida: User) -> None:
    as_ida, as_eve = client_of(ida), client_of(UserFactory.create())
    page = as_ida.post("/profile/data/", follow=True)
    assert "Your file is being made." in page.content.decode()
    again = as_ida.post("/profile/data/", follow=True)
    assert "still being made" in again.content.decode()
    exports.make_due(now=timezone.now(), limit=1)
    export = Export.objects.get()
    url = f"/exports/{export.pk}/"
    answer = as_ida.get(url)
    assert b"".join(answer.streaming_content).startswith(b"PK")  # type: ignore[arg-type] # it is no async one
    assert as_eve.get(url).status_code == 404
    assert Client().get(url).status_code == 302


def test_what_somebody_chose_and_was_told_is_in_it(db: None) -> None:
    team = TeamFactory.create()
    mara, other = make_agent(team), make_agent(team)
    ticket = make_ticket(UserFactory.create(), QueueFactory.create(teams=[team]), subject="A secret of the desk")
    assignment.assign(ticket=ticket, to=mara, seen_assignee_id=None, by=actor(other, Channel.DESK), now=NOW)
    consume_due(now=NOW, limit=20)
    by = actor(mara)
    preferences.choose(choices={(Occasion.NOTES, DeliveryChannel.EMAIL): False}, by=by, now=NOW)
    preferences.set_quiet_hours(weekdays=[1], starts=time(19), ends=time(7), whole_days=[7], by=by, now=NOW)
    kept = json.loads(made(mara).read("data.json"))
    assert kept["notifications"] == [{"occasion": "Internal notes and mentions", "channel": "E-mail", "told": "no"}]
    [hours] = kept["quiet_hours"]
    assert (hours["weekdays"], hours["from"], hours["to"], hours["whole_days"]) == (
        "Monday",
        "19:00",
        "07:00",
        "Sunday",
    )
    assert [(row["reference"], row["read"]) for row in kept["inbox"]] == [(ticket.ref, "")]
    assert "secret" not in json.dumps(kept)
    assert not json.loads(made(other).read("data.json"))["inbox"]
