"""The cache with its server away: kept in memory, limits hold, and the desk goes on."""

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.test import Client
from django.urls import reverse

from config import cache
from config.cache import PatientCache
from tests.factories import UserFactory


@pytest.fixture(autouse=True)
def _asked_anew(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(cache._away, "until", 0.0)
    yield
    LocMemCache("meanwhile", {}).clear()


@pytest.fixture
def away() -> PatientCache:
    return PatientCache("redis://127.0.0.1:1/0", {"OPTIONS": {"socket_timeout": 0.5}})


def test_cache_without_its_server_is_kept_in_memory(away: PatientCache) -> None:
    assert away.get("key", 7) == 7
    assert "key" not in away
    away.set("key", 1)
    assert away.get("key") == 1
    assert "key" in away
    assert not away.add("key", 2)
    assert away.incr("key") == 2
    away.set_many({"other": 1})
    assert away.get_many(["key", "other"]) == {"key": 2, "other": 1}
    assert away.touch("key", 60)
    assert away.delete("key")
    away.delete_many(["other"])
    with pytest.raises(ValueError, match="not found"):
        away.incr("key")


def test_server_that_hangs_is_asked_once_and_left_alone_for_a_while() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        hanging = PatientCache(f"redis://127.0.0.1:{deaf.getsockname()[1]}/0", {"OPTIONS": {"socket_timeout": 0.3}})
        began = time.monotonic()
        assert [hanging.get("key") for _call in range(20)] == [None] * 20
        assert time.monotonic() - began < 20 * 0.3


def test_cache_with_its_server_remembers() -> None:
    caches["default"].set("remembered", 1)
    assert caches["default"].incr("remembered") == 2
    caches["default"].delete("remembered")
    with pytest.raises(ValueError, match="no key"):
        caches["default"].incr("remembered")
    assert "remembered" not in caches["default"]


@pytest.mark.django_db
def test_people_sign_in_while_the_cache_is_away(settings: Any) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    person = UserFactory.create(email="ida@example.org")
    person.set_password("a long enough one")
    person.save()
    person.emailaddress_set.create(email=person.email, verified=True, primary=True)
    client = Client()
    answer = client.post(reverse("account_login"), {"login": person.email, "password": "a long enough one"})
    assert (answer.status_code, answer["Location"]) == (302, reverse("portal:home"))


@pytest.mark.django_db
def test_guessing_is_stopped_while_the_cache_is_away(settings: Any) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    person = UserFactory.create(email="ida@example.org")
    typed = {"login": person.email, "password": "wrong"}
    pages = [Client().post(reverse("account_login"), typed).content.decode() for _time in range(7)]
    assert "That was wrong too often." in pages[-1]
    assert "That was wrong too often." not in pages[0]
