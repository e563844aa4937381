"""What is stored for a message that never comes: how much of it one person may leave, and that all of it goes."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from helpdesk import tasks
from helpdesk.actions import files
from helpdesk.actions.conversation import reply
from helpdesk.actors import Actor
from helpdesk.errors import DomainError
from helpdesk.models import Blob, DeskSettings
from tests.factories import UserFactory, actor, make_ticket
from tests.together import together

pytestmark = pytest.mark.django_db
MB = 1 << 20


@pytest.fixture(autouse=True)
def store_of_this_test(settings: object, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    return tmp_path


@pytest.fixture
def one_small_file_a_message() -> None:
    """Four MB may lie about."""
    DeskSettings.objects.update_or_create(pk=1, defaults={"max_files": 1, "max_file_mb": 1})


def send(by: Actor, size: int = MB) -> files.NewFile:
    return files.store(content=BytesIO(b"x" * size), name="a.txt", by=by)


def stored(root: Path) -> int:
    return sum(path.is_file() for path in root.rglob("*"))


@pytest.mark.usefixtures("one_small_file_a_message")
def test_one_person_leaves_so_much_lying_and_no_more(store_of_this_test: Path) -> None:
    ada, other = actor(UserFactory.create()), actor(UserFactory.create())
    for _time in range(4):
        send(ada)
    with pytest.raises(DomainError, match="stand on no message yet") as refusal:
        send(ada, 1)
    assert refusal.value.field == "files"
    assert stored(store_of_this_test) == Blob.objects.count() == 4
    send(other)


@pytest.mark.usefixtures("one_small_file_a_message")
def test_what_is_on_a_message_or_a_day_old_does_not_count() -> None:
    ticket = make_ticket()
    by = actor(ticket.requester)
    sent = [send(by) for _time in range(4)]
    reply(ticket=ticket, body="See this.", files=sent[:1], by=by, now=timezone.now())
    send(by)
    Blob.objects.filter(pk=sent[1].blob.pk).update(recorded_at=timezone.now() - files.ORPHAN_AGE)
    send(by)
    with pytest.raises(DomainError):
        send(by)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("one_small_file_a_message")
def test_sending_all_at_once_leaves_no_more(store_of_this_test: Path) -> None:
    ada = UserFactory.create()

    def try_it() -> bool:
        try:
            return bool(send(actor(ada)))
        except DomainError:
            return False

    assert sum(together(*[try_it] * 8)) == 4
    assert stored(store_of_this_test) == Blob.objects.count() == 4


def test_sweep_takes_rows_and_bytes_together(store_of_this_test: Path) -> None:
    by = actor(UserFactory.create())
    for _time in range(5):
        send(by, 1)
    for number in range(3):
        default_storage.save(f"blobs/ab/ab{number}", ContentFile(b"x"))
    later = timezone.now() + files.ORPHAN_AGE + timedelta(hours=1)
    seen = []
    while files.sweep(now=later, limit=2):
        seen.append((Blob.objects.count(), stored(store_of_this_test)))
    # Two rows with their bytes and two strays go at a time: 5 and 3 are there at first.
    assert seen == [(3, 4), (1, 1), (0, 0)]


def test_sweep_leaves_what_is_young_or_on_a_message(store_of_this_test: Path) -> None:
    ticket = make_ticket()
    by = actor(ticket.requester)
    reply(ticket=ticket, body="See this.", files=[send(by, 1)], by=by, now=timezone.now())
    later = timezone.now() + files.ORPHAN_AGE + timedelta(hours=1)
    assert files.sweep(now=later, limit=9) == 0
    send(by, 1)
    assert files.sweep(now=timezone.now(), limit=9) == 0
    assert stored(store_of_this_test) == Blob.objects.count() == 2


@pytest.mark.filterwarnings("ignore::celery.exceptions.CDeprecationWarning")
def test_hourly_sweep_takes_more_than_some_people_leave_in_an_hour() -> None:
    old = timezone.now() - files.ORPHAN_AGE - timedelta(hours=1)
    Blob.objects.bulk_create(Blob(key=f"{number:040}", size=1, recorded_at=old) for number in range(1_000))
    assert tasks.sweep_files() == 1_000
    assert not Blob.objects.exists()
