"""Exports: asked for, made with the rights of the moment, cancelled, tried again, told by mail, and gone in the end."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone, translation

from helpdesk import registry
from helpdesk.actions import deliveries, exports, files
from helpdesk.actors import Actor
from helpdesk.choices import ExportProblem, ExportState
from helpdesk.errors import Code, DomainError
from helpdesk.models import AuditEvent, Blob, Delivery, Export, User
from helpdesk.registry import ExportMaker
from helpdesk.selectors import due
from tests.factories import UserFactory, actor
from tests.together import together

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def store_of_this_test(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


class Maker:
    """Writes three rows, and does meanwhile what a test wants."""

    def __init__(self) -> None:
        self.allowed = True
        self.meanwhile: Callable[[Export], None] = lambda _export: None
        self.languages: list[str] = []

    def may(self, by: Actor) -> bool:
        return self.allowed and by.standing.role is not None

    def write(self, export: Export, by: Actor, out: IO[bytes], step: Callable[[int], None]) -> int:
        export.total = 3
        self.languages.append(translation.get_language())
        for row in range(3):
            out.write(b"a row\n")
            step(row)
            self.meanwhile(export)
        return 3

    def told(self, export: Export) -> Mapping[str, object]:
        return {"filters": sorted(export.query)}


@pytest.fixture
def maker() -> Iterator[Maker]:
    maker = Maker()
    registry.export_makers.register(ExportMaker("test", lambda _export: "text/csv", maker.may, maker.write, maker.told))
    yield maker
    registry.export_makers.unregister("test")


@pytest.fixture
def ada() -> User:
    return UserFactory.create(language="de")


def ask(person: User, **query: Any) -> Export:
    return exports.request_export(kind="test", name="a.csv", query=query, by=actor(person), now=timezone.now())


def make(**later: float) -> int:
    return exports.make_due(now=timezone.now() + timedelta(**later), limit=9)


def test_file_is_made_and_its_owner_told_by_mail(maker: Maker, ada: User, mailoutbox: list[Any]) -> None:
    export = ask(ada, q="my words")
    assert due.oldest_export() == export.not_before
    assert (make(), make()) == (1, 0)
    export.refresh_from_db()
    assert (export.state, export.progress, export.total, export.percent) == (ExportState.READY, 3, 3, 100)
    assert export.blob is not None
    with default_storage.open(export.blob.storage_name) as content:
        assert content.read() == b"a row\n" * 3
    assert maker.languages == ["de"]
    deliveries.send_due(now=timezone.now(), limit=9)
    assert mailoutbox[0].subject == "Ihre Datei ist fertig: a.csv"
    assert mailoutbox[0].to == [ada.email]


def test_record_says_what_was_exported_and_holds_nobodys_words(maker: Maker, ada: User) -> None:
    ask(ada, q="my words")
    make()
    record = list(AuditEvent.objects.order_by("pk").values_list("kind", "data"))
    assert record == [
        ("export_requested", {"kind": "test", "filters": ["q"]}),
        ("export_made", {"kind": "test", "rows": 3, "filters": ["q"]}),
    ]


def test_who_lost_the_right_meanwhile_gets_nothing(maker: Maker, ada: User) -> None:
    export = ask(ada)
    maker.allowed = False
    make()
    export.refresh_from_db()
    assert (export.state, export.error) == (ExportState.FAILED, ExportProblem.FORBIDDEN)
    assert not Blob.objects.exists()
    with pytest.raises(DomainError) as refusal:
        ask(ada)
    assert refusal.value.code is Code.FORBIDDEN


def test_cancelled_one_stops_at_its_next_batch_and_tells_nobody(maker: Maker, ada: User) -> None:
    export = ask(ada)
    maker.meanwhile = lambda row: exports.cancel_export(export=row, by=actor(ada), now=timezone.now()) and None
    make()
    export.refresh_from_db()
    assert (export.state, export.progress, export.blob) == (ExportState.CANCELLED, 0, None)
    assert not Delivery.objects.exists()
    assert not exports.cancel_export(export=export, by=actor(ada), now=timezone.now())


def test_nobody_cancels_anothers(maker: Maker, ada: User) -> None:
    export = ask(ada)
    assert not exports.cancel_export(export=export, by=actor(UserFactory.create()), now=timezone.now())
    assert make() == 1


def test_failed_one_is_tried_again_and_ended_after_three_tries(maker: Maker, ada: User) -> None:
    export = ask(ada)

    def fail(_export: Export) -> None:
        raise RuntimeError

    maker.meanwhile = fail
    assert [make(), make(), make(minutes=2), make(minutes=5), make(hours=1)] == [1, 0, 1, 1, 0]
    export.refresh_from_db()
    assert (export.state, export.error) == (ExportState.FAILED, ExportProblem.BROKEN)


def test_one_whose_worker_died_is_taken_by_the_next_and_not_for_ever(maker: Maker, ada: User) -> None:
    export = ask(ada)
    for _time in range(3):
        assert exports._claim(now=timezone.now()) is not None
        assert make() == 0
        Export.objects.update(lease_until=timezone.now() - MINUTE)
    assert make() == 1
    export.refresh_from_db()
    assert (export.state, export.error) == (ExportState.FAILED, ExportProblem.BROKEN)


def test_worker_that_lost_its_lease_writes_nothing(maker: Maker, ada: User) -> None:
    export = ask(ada)

    def lose(_export: Export) -> None:
        maker.meanwhile = lambda _export: None
        Export.objects.update(lease_until=timezone.now() - MINUTE)
        assert make() == 1

    maker.meanwhile = lose
    make()
    export.refresh_from_db()
    assert (export.state, export.attempts) == (ExportState.READY, 2)
    assert AuditEvent.objects.filter(kind="export_made").count() == 1


def test_file_goes_after_a_week_with_its_bytes(maker: Maker, ada: User) -> None:
    export = ask(ada)
    make()
    later = timezone.now() + exports.LIFE
    assert exports.expire(now=later - MINUTE, limit=9) == 0
    assert files.sweep(now=later, limit=9) == 0
    assert (exports.expire(now=later, limit=9), exports.expire(now=later, limit=9)) == (1, 0)
    assert files.sweep(now=later, limit=9) == 1
    export.refresh_from_db()
    assert export.state == ExportState.EXPIRED
    assert not Blob.objects.exists()


def test_mail_about_a_file_that_is_gone_stays(maker: Maker, ada: User, mailoutbox: list[Any]) -> None:
    export = ask(ada)
    make()
    exports.cancel_export(export=export, by=actor(ada), now=timezone.now())
    deliveries.send_due(now=timezone.now(), limit=9)
    assert not mailoutbox


def test_one_person_has_so_many_on_their_way_and_so_many_a_day(maker: Maker, ada: User) -> None:
    made = [ask(ada) for _time in range(3)]
    with pytest.raises(DomainError, match="still being made"):
        ask(ada)
    exports.cancel_export(export=made[0], by=actor(ada), now=timezone.now())
    ask(ada)
    for _time in range(26):
        make()
        ask(ada)
    make()
    with pytest.raises(DomainError, match="many files today"):
        ask(ada)
    ask(UserFactory.create())


@pytest.mark.django_db(transaction=True)
def test_asking_ten_times_at_once_gives_no_more(maker: Maker, ada: User) -> None:
    results = together(*[lambda: ask(ada)] * 6)
    assert sum(isinstance(result, Export) for result in results) == 3


@pytest.mark.django_db(transaction=True)
def test_two_workers_make_each_once(maker: Maker, ada: User) -> None:
    for _time in range(3):
        ask(ada)
    assert sum(together(make, make)) == 3
    assert AuditEvent.objects.filter(kind="export_made").count() == 3
