"""The cache with its server away: an empty one, and the desk goes on."""

import socket
import time
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from config import cache
from config.cache import ForgetfulCache
from tests.factories import UserFactory


@pytest.fixture(autouse=True)
def _asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(cache._away, "until", 0.0)


@pytest.fixture
def away() -> ForgetfulCache:
    return ForgetfulCache("redis://127.0.0.1:1/0", {"OPTIONS": {"socket_timeout": 0.5}})


def test_cache_without_its_server_answers_like_an_empty_one(away: ForgetfulCache) -> None:
    away.set("key", 1)
    assert away.get("key") is None
    assert away.get("key", 7) == 7
    assert away.get_many(["key"]) == {}
    assert away.add("key", 1)
    assert "key" not in away
    assert not away.delete("key")
    away.set_many({"key": 1})
    away.delete_many(["key"])
    with pytest.raises(ValueError, match="not found"):
        away.incr("key")


def test_server_that_hangs_is_asked_once_and_left_alone_for_a_while() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        hanging = ForgetfulCache(f"redis://127.0.0.1:{deaf.getsockname()[1]}/0", {"OPTIONS": {"socket_timeout": 0.3}})
        began = time.monotonic()
        assert [hanging.get("key") for _call in range(20)] == [None] * 20
        assert time.monotonic() - began < 20 * 0.3


def test_cache_with_its_server_remembers() -> None:
    caches["default"].set("remembered", 1)
    assert caches["default"].incr("remembered") == 2
    caches["default"].delete("remembered")


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
