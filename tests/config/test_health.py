"""What a prober is told."""

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.test import Client, override_settings
from django.utils import timezone

from config import heartbeat
from helpdesk.registry import DueProbe, due_probes
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def alive() -> Iterator[redis.Redis]:
    """A worker and a beat that have just given a sign of life."""
    pulses = [heartbeat.Pulse(name) for name in heartbeat.NAMES]
    for pulse in pulses:
        pulse.beat()
    yield pulses[0].client
    for pulse in pulses:
        pulse.end()
        pulse.client.close()


@pytest.fixture
def late() -> Iterator[None]:
    """A kind of row of which the oldest should have been taken five minutes ago."""
    probe = DueProbe("letters", lambda: timezone.now() - timedelta(minutes=5, seconds=9), timedelta(minutes=1))
    due_probes.register(probe)
    yield
    due_probes.unregister("letters")


def test_healthz_answers_without_a_database(client: Client, django_db_blocker: pytest.FixtureRequest) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_readyz_says_ok_and_nothing_else_to_anybody(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_readyz_answers_whatever_the_prober_calls_the_host(client: Client) -> None:
    assert client.get("/readyz", headers={"host": "10.1.2.3"}).status_code == 200


@pytest.mark.parametrize("name", heartbeat.NAMES)
def test_readyz_misses_each_process_by_itself(client: Client, alive: redis.Redis, name: str) -> None:
    alive.delete(f"watchdesk:heartbeat:{name}")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["reasons"] == [f"The {name} gives no sign of life."]


def test_readyz_does_not_count_an_old_sign_of_life(client: Client, alive: redis.Redis) -> None:
    alive.zadd("watchdesk:heartbeat:worker", dict.fromkeys(alive.zrange("watchdesk:heartbeat:worker", 0, -1), 1))
    assert client.get("/readyz").status_code == 503


def test_one_worker_that_ends_leaves_the_other(client: Client) -> None:
    other = heartbeat.Pulse("worker")
    other.member = "elsewhere:1"
    other.beat()
    other.end()
    other.client.close()
    assert client.get("/readyz").status_code == 200


@pytest.mark.usefixtures("late")
def test_readyz_names_rows_that_wait_too_long(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["reasons"]) == (503, ["letters: the oldest has been due for 5 min."])


def test_readyz_survives_a_probe_that_fails(client: Client) -> None:
    def fails() -> None:
        raise DatabaseError("no such column")

    due_probes.register(DueProbe("broken", fails, timedelta(minutes=1)))
    try:
        answer = client.get("/readyz")
    finally:
        due_probes.unregister("broken")
    assert (answer.status_code, answer.json()["reasons"]) == (503, ["broken: cannot be read."])


def test_readyz_says_quickly_that_the_database_is_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    parameters = {**connection.get_connection_params(), "host": "/nowhere"}
    monkeypatch.setattr(connection, "get_connection_params", lambda: parameters)
    begun = time.monotonic()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["reasons"]) == (503, ["The database does not answer."])
    assert time.monotonic() - begun < 3


@pytest.mark.parametrize("url", ["unix:///nowhere/valkey?db=0", "redis://192.0.2.1:6379/0"])
def test_readyz_says_quickly_that_the_broker_is_away(client: Client, url: str) -> None:
    begun = time.monotonic()
    with override_settings(REDIS_URL=url):
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["reasons"]) == (503, ["The broker does not answer."])
    assert time.monotonic() - begun < 3


def test_readyz_tells_details_to_whoever_has_the_token(client: Client) -> None:
    with override_settings(READYZ_TOKEN="long-and-secret"):
        plain = client.get("/readyz").json()
        wrong = client.get("/readyz", headers={"authorization": "Bearer guessed"}).json()
        right = client.get("/readyz", headers={"authorization": "Bearer long-and-secret"}).json()
    assert plain == wrong == {"status": "ok"}
    assert {"database", "broker", "worker", "beat"} <= set(right["details"])


def test_readyz_without_a_token_set_takes_none(client: Client) -> None:
    assert settings.READYZ_TOKEN == ""
    assert client.get("/readyz", headers={"authorization": "Bearer "}).json() == {"status": "ok"}


@pytest.mark.parametrize(("role", "sees"), [("agent", True), ("requester", False)])
def test_readyz_tells_details_to_staff_only(client: Client, role: str, sees: bool) -> None:
    client.force_login(UserFactory(role=role))
    assert ("details" in client.get("/readyz").json()) is sees
