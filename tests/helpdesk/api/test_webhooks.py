"""Webhooks by the API: for who changes the set-up, within what their token leads to."""

import pytest
from django.conf import LazySettings
from django.utils import timezone

from helpdesk.actions import deliveries, webhooks
from helpdesk.actions.consumers import consume_due
from helpdesk.models import Delivery, Webhook
from tests.helpdesk.api.caller import Caller
from tests.receiver import Receiver, status
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def test_webhook_is_made_changed_tried_and_followed(world: World, receiver: Receiver) -> None:
    caller = Caller(world.people["administrator"], "webhooks:write")
    made = caller.post(
        "webhooks/",
        {"name": "Wiki", "url": receiver.url(), "events": ["ticket.created"], "queues": [world.queue.code]},
    )
    assert made.status_code == 201, made.json()
    told = made.json()
    assert told["secret"].startswith("whsec_")
    where = f"webhooks/{told['id']}/"
    read = caller.get(where).json()
    assert "secret" not in read
    assert (read["events"], read["queues"], read["in_order"]) == (["ticket.created"], [world.queue.code], True)
    changed = caller.patch(where, {"events": [], "in_order": False}).json()
    assert (changed["name"], changed["events"], changed["in_order"]) == ("Wiki", [], False)
    sent = caller.post(f"{where}test/", {})
    assert sent.status_code == 202, sent.json()
    deliveries.send_due(now=timezone.now(), limit=10)
    (row,) = caller.get(f"{where}deliveries/").json()["results"]
    assert (row["type"], row["state"], row["tries"][0]["status"]) == ("webhook.test", "sent", 200)
    assert row["webhook_id"] == receiver.calls[0][1]["webhook-id"]
    again = caller.post(f"{where}deliveries/{row['id']}/replay/", {})
    assert (again.status_code, again.json()) == (202, {"count": 1, "has_more": False})
    assert caller.post(f"{where}replay/", {"since": "2026-01-01T00:00:00Z"}).json() == {"count": 0, "has_more": False}
    assert caller.post(f"{where}rotate/", {}).json()["secret"] != told["secret"]
    assert caller.post(f"{where}rotate/", {}).status_code == 422
    assert caller.get("webhooks/").json()["results"][0]["id"] == told["id"]


def test_who_does_not_change_the_set_up_gets_nothing(world: World, receiver: Receiver) -> None:
    Caller(world.people["administrator"]).post("webhooks/", {"name": "Wiki", "url": receiver.url()})
    where = f"webhooks/{Webhook.objects.get().pk}/"
    for caller in (Caller(world.people["agent"]), Caller(world.people["administrator"], "tickets:write")):
        assert caller.get("webhooks/").status_code == 403
        assert caller.post("webhooks/", {"name": "x", "url": receiver.url()}).status_code == 403
        assert caller.get(where).status_code == 403
        assert caller.post(f"{where}rotate/", {}).status_code == 403


def test_token_for_some_queues_sees_and_makes_what_tells_of_these_alone(world: World, receiver: Receiver) -> None:
    Caller(world.people["administrator"]).post("webhooks/", {"name": "All", "url": receiver.url()})
    caller = Caller(world.people["administrator"], queues=(world.queue,))
    given = {"name": "Mine", "url": receiver.url()}
    assert caller.get("webhooks/").json()["results"] == []
    assert caller.get(f"webhooks/{Webhook.objects.get().pk}/").status_code == 404
    assert caller.post("webhooks/", given).status_code == 403
    assert caller.post("webhooks/", {**given, "queues": [world.queue.code]}).status_code == 201
    (row,) = caller.get("webhooks/").json()["results"]
    assert caller.patch(f"webhooks/{row['id']}/", {"queues": []}).status_code == 403


def test_token_for_some_queues_reads_and_sends_again_nothing_of_others(world: World, receiver: Receiver) -> None:
    whole = Caller(world.people["administrator"])
    where = f"webhooks/{whole.post('webhooks/', {'name': 'All', 'url': receiver.url()}).json()['id']}/"
    whole.post(f"{where}test/")
    receiver.script = [status(500)] * 3
    for ticket in (world.here, world.elsewhere):
        whole.post(f"tickets/{ticket.ref}/messages/", {"body": "Inside.", "visibility": "internal"})
    consume_due(now=timezone.now(), limit=10)
    assert whole.patch(where, {"queues": [world.queue.code]}).status_code == 200
    Delivery.objects.filter(webhook__isnull=False).update(given_up_at=timezone.now())
    rows = whole.get(f"{where}deliveries/").json()["results"]
    assert [row["ticket"] for row in rows] == [None, world.here.ref, world.elsewhere.ref]
    caller = Caller(world.people["administrator"], queues=(world.queue,))
    assert caller.get(f"{where}deliveries/").json()["results"] == rows[:2]
    assert caller.post(f"{where}deliveries/{rows[2]['id']}/replay/").status_code == 404
    assert caller.post(f"{where}replay/", {"since": "2026-01-01T00:00:00Z"}).json()["count"] == 2
    assert Delivery.objects.get(pk=rows[2]["id"]).state == "given_up"


def test_sending_again_says_when_there_may_be_more(
    world: World, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "MAX_REPLAY", 2)
    caller = Caller(world.people["administrator"])
    made = caller.post("webhooks/", {"name": "All", "url": receiver.url()}).json()
    for _number in range(3):
        caller.post(f"webhooks/{made['id']}/test/")
    Delivery.objects.filter(webhook__isnull=False).update(given_up_at=timezone.now())
    since = {"since": "2026-01-01T00:00:00Z"}
    for expected in ({"count": 2, "has_more": True}, {"count": 1, "has_more": False}):
        assert caller.post(f"webhooks/{made['id']}/replay/", since).json() == expected


def test_closed_networks_are_refused_in_words(world: World, receiver: Receiver, settings: LazySettings) -> None:
    settings.WEBHOOK_ALLOWED_PORTS = [443]
    caller = Caller(world.people["administrator"])
    for url in ("https://[::ffff:127.0.0.1]/", "https://0x7f.1/", "https://169.254.169.254/"):
        refused = caller.post("webhooks/", {"name": "x", "url": url})
        assert refused.status_code == 422, refused.json()
        assert [one["field"] for one in refused.json()["errors"]] == ["url"]
