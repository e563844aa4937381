"""Tokens in the portal: made, shown once, replaced and revoked by whose they are."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from helpdesk.models import ApiToken, User
from tests.helpdesk.api.caller import Caller
from tests.helpdesk.views.portal.entrance import PASSWORD
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
_TEXT = re.compile(r"wd_[0-9a-f]{12}_[\w-]{43}")


@pytest.fixture
def world() -> World:
    return make_world()


def at_the_door(person: User) -> Client:
    """Somebody who has just shown who they are."""
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    client = Client()
    client.force_login(person)
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302
    return client


def make(client: Client, **more: Any) -> Any:
    return client.post(
        reverse("portal:api_tokens"), {"name": "Backup", "scopes": ["tickets:read"], "ends": "90", **more}
    )


def secret_in(answer: Any) -> str:
    found = _TEXT.search(answer.content.decode())
    assert found is not None
    return found[0]


def test_token_is_shown_once_and_opens_what_it_says(world: World) -> None:
    client = at_the_door(world.people["agent"])
    secret = secret_in(make(client))
    told = Client(headers={"Authorization": f"Bearer {secret}"}).get("/api/v1/me/").json()
    assert told["token"] == "Backup"
    assert told["scopes"] == ["tickets:read"]
    assert not _TEXT.search(client.get(reverse("portal:api_tokens")).content.decode())
    assert "Backup" in client.get(reverse("portal:api_tokens")).content.decode()


def test_token_that_is_asked_for_twice_at_once_is_made_once(world: World) -> None:
    client = at_the_door(world.people["agent"])
    (key,) = re.findall(r'name="key" value="([\w-]+)"', client.get(reverse("portal:api_tokens")).content.decode())
    first, second = make(client, key=key), make(client, key=key)
    assert "sent twice" not in first.content.decode()
    assert "sent twice and made once" in second.content.decode()
    row = ApiToken.objects.get()
    # The browser showed the second answer alone.
    statuses = [
        Client(headers={"Authorization": f"Bearer {secret_in(answer)}"}).get("/api/v1/me/").status_code
        for answer in (first, second)
    ]
    assert statuses == [401, 200]
    # What is in use is nobody's to see again, nor what was made a while ago.
    refused = make(client, key=key)
    assert refused.status_code == 409
    assert "was made already" in refused.content.decode()
    assert not _TEXT.search(refused.content.decode())
    ApiToken.objects.update(last_used_at=None, created_at=timezone.now() - timedelta(minutes=2))
    assert make(client, key=key).status_code == 409
    # Another text under the same key is not what was asked for.
    assert make(client, key=key, name="Other").status_code == 409
    assert ApiToken.objects.get().digest == ApiToken.objects.get(pk=row.pk).digest
    assert make(client).status_code == make(client).status_code == 200
    assert ApiToken.objects.count() == 3


def test_whoever_only_found_an_open_browser_makes_none(world: World) -> None:
    client = Client()
    client.force_login(world.people["agent"])
    answer = make(client)
    assert answer.status_code == 302
    assert "/reauthenticate/" in answer["Location"]
    assert not ApiToken.objects.exists()


def test_requester_is_offered_what_a_requester_does(world: World) -> None:
    client = at_the_door(world.people["owner"])
    page = client.get(reverse("portal:api_tokens")).content.decode()
    assert "tickets:write" in page
    assert "people:read" not in page
    assert make(client, scopes=["people:read"]).status_code == 422


def test_replacing_and_revoking(world: World) -> None:
    client = at_the_door(world.people["agent"])
    make(client)
    old = ApiToken.objects.get()
    secret = secret_in(client.post(reverse("portal:token_rotate", args=[old.pk]), {"overlap": "0"}))
    assert Client(headers={"Authorization": f"Bearer {secret}"}).get("/api/v1/me/").status_code == 200
    new = ApiToken.objects.get(replaces=old)
    client.post(reverse("portal:token_revoke", args=[new.pk]))
    assert Client(headers={"Authorization": f"Bearer {secret}"}).get("/api/v1/me/").status_code == 401


@pytest.mark.parametrize("overlap", ["0", "7"])
def test_token_that_is_replaced_twice_at_once_is_replaced_once(world: World, overlap: str) -> None:
    client = at_the_door(world.people["agent"])
    make(client)
    old, turn = ApiToken.objects.get(), reverse("portal:token_rotate", args=[ApiToken.objects.get().pk])
    page = client.get(reverse("portal:api_tokens")).content.decode()
    (key,) = re.findall(rf'action="{turn}".*?name="key" value="([\w-]+)"', page, re.DOTALL)
    first, second = (client.post(turn, {"overlap": overlap, "key": key}) for _number in range(2))
    assert "sent twice" not in first.content.decode()
    assert "sent twice and made once" in second.content.decode()
    assert ApiToken.objects.get(replaces=old).revoked_at is None
    statuses = [
        Client(headers={"Authorization": f"Bearer {secret_in(answer)}"}).get("/api/v1/me/").status_code
        for answer in (first, second)
    ]
    assert statuses == [401, 200]
    # What is in use is nobody's to see again, nor what was made a while ago.
    for _case in ("used", "old"):
        refused = client.post(turn, {"overlap": overlap, "key": key}, follow=True)
        assert "was made already" in refused.content.decode()
        assert not _TEXT.search(refused.content.decode())
        ApiToken.objects.update(last_used_at=None, created_at=timezone.now() - timedelta(minutes=2))
    # Without the key, and for what is no choice, nothing is made.
    assert client.post(turn, {"overlap": overlap}).status_code == 302
    assert client.post(turn, {"overlap": "3"}).status_code == 302
    assert ApiToken.objects.count() == 2


def test_tokens_of_others_are_not_there(world: World) -> None:
    row = Caller(world.people["agent"]).row
    for name in ("owner", "other_agent", "administrator"):
        client = at_the_door(world.people[name])
        for route in ("token_rotate", "token_revoke"):
            assert client.post(reverse(f"portal:{route}", args=[row.pk]), {"overlap": "0"}).status_code == 404
    row.refresh_from_db()
    assert row.revoked_at is None
