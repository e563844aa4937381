"""The pages of webhooks: set up, tried out, another secret, and what did not arrive sent again."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from helpdesk.actions import conversation, deliveries
from helpdesk.actions.consumers import consume_due
from helpdesk.actions.webhooks import forget_tries, secrets_of, send_test
from helpdesk.models import Delivery, IdempotencyKey, Webhook, WebhookTry
from tests.factories import OrganizationFactory, actor
from tests.receiver import Receiver, status
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def client(world: World) -> Client:
    client = Client()
    client.force_login(world.people["administrator"])
    return client


def run() -> None:
    consume_due(now=timezone.now(), limit=100)
    deliveries.send_due(now=timezone.now(), limit=100)


def test_webhook_is_set_up_tried_out_and_its_secret_shown_once(
    client: Client, world: World, receiver: Receiver
) -> None:
    given = {"name": "Wiki", "url": receiver.url(), "form": "json", "kinds": ["resolved"], "is_active": "on"}
    answer = client.post(reverse("admin:webhook_new"), {**given, "queues": [world.queue.pk]})
    (secret,) = re.findall(r"whsec_[A-Za-z0-9+/=]+", answer.content.decode())
    row = Webhook.objects.get()
    assert (row.kinds, row.queue_ids, row.is_ordered, row.owner) == (
        ["resolved"], [world.queue.pk], False, world.people["administrator"],
    )  # fmt: skip
    where = reverse("admin:webhook", args=[row.pk])
    assert secret not in client.get(where).content.decode()
    receiver.script = [status(500, "<b>broken</b>")]
    client.post(reverse("admin:webhook_test", args=[row.pk]))
    run()
    shown = client.get(where).content.decode()
    assert "500 &lt;b&gt;broken&lt;/b&gt;" in shown
    client.post(reverse("admin:webhook_replay", args=[row.pk]), {"hours": "1"})
    run()
    assert Delivery.objects.get(webhook=row).state == "sent"
    client.post(reverse("admin:webhook_replay_one", args=[row.pk, Delivery.objects.get(webhook=row).pk]))
    run()
    assert len(receiver.calls) == 3
    assert len({headers["webhook-id"] for _path, headers, _body in receiver.calls}) == 1


def test_what_is_wrong_stands_at_its_place_and_loses_nothing(client: Client, receiver: Receiver) -> None:
    answer = client.post(
        reverse("admin:webhook_new"), {"name": "Wiki", "url": "https://169.254.169.254/", "form": "slack"}
    )
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "https://169.254.169.254/" in text
    assert "This port is not among" in text
    assert not Webhook.objects.exists()


def test_second_who_saves_is_told_and_pressing_twice_loses_no_secret(
    client: Client, world: World, receiver: Receiver
) -> None:
    given = {"name": "Wiki", "url": receiver.url(), "form": "json", "is_active": "on"}
    client.post(reverse("admin:webhook_new"), given)
    row = Webhook.objects.get()
    where = reverse("admin:webhook_edit", args=[row.pk])
    (seen,) = re.findall(r'name="seen" value="(\w+)"', client.get(where).content.decode())
    assert client.post(where, {**given, "name": "Mine", "seen": seen}).status_code == 302
    assert client.post(where, {**given, "name": "Theirs", "seen": seen}).status_code == 409
    turn = reverse("admin:webhook_rotate", args=[row.pk])
    assert b"whsec_" in client.post(turn).content
    assert client.post(turn).status_code == 302
    assert b"whsec_" in client.post(turn, {"at_once": "yes"}).content
    row.refresh_from_db()
    assert (row.name, row.old_secret) == ("Mine", "")


def test_secret_that_is_changed_twice_at_once_is_shown_twice_and_no_later(
    client: Client, world: World, receiver: Receiver
) -> None:
    given = {"name": "Wiki", "url": receiver.url(), "form": "json", "is_active": "on"}
    client.post(reverse("admin:webhook_new"), given)
    row = Webhook.objects.get()
    turn, where = (reverse(name, args=[row.pk]) for name in ("admin:webhook_rotate", "admin:webhook"))
    for more in ({}, {"at_once": "yes"}):
        page = client.get(where).content.decode()
        (key,) = re.findall(rf'action="{turn}".*?name="key" value="([\w-]+)"', page, re.DOTALL)
        told = [client.post(turn, {"key": key, **more}).content.decode() for _number in range(2)]
        secrets = [re.findall(r"whsec_[A-Za-z0-9+/=]+", page) for page in told]
        assert secrets[0] == secrets[1]
        row.refresh_from_db()
        assert secrets[0] == secrets_of(row, timezone.now())[:1]
        IdempotencyKey.objects.filter(key=key).update(recorded_at=timezone.now() - timedelta(minutes=2))
        late = client.post(turn, {"key": key, **more}, follow=True).content.decode()
        assert "was made already" in late
        assert "whsec_" not in late


def test_webhook_that_is_set_up_twice_at_once_is_set_up_once(client: Client, world: World, receiver: Receiver) -> None:
    new = reverse("admin:webhook_new")
    (key,) = re.findall(r'name="key" value="([\w-]+)"', client.get(new).content.decode())
    given = {"name": "Wiki", "url": receiver.url(), "form": "json", "is_active": "on", "key": key}
    told = [client.post(new, given).content.decode() for _number in range(2)]
    secrets = [re.findall(r"whsec_[A-Za-z0-9+/=]+", page) for page in told]
    assert secrets[0] == secrets[1] == secrets_of(Webhook.objects.get(), timezone.now())
    IdempotencyKey.objects.filter(key=key).update(recorded_at=timezone.now() - timedelta(minutes=2))
    late = client.post(new, given)
    assert (late.status_code, b"whsec_" in late.content) == (409, False)
    assert client.post(new, {**given, "name": "Other"}).status_code == 409
    assert Webhook.objects.count() == 1


def test_log_asks_as_often_for_one_as_for_many(
    client: Client, world: World, receiver: Receiver, django_assert_max_num_queries: object
) -> None:
    client.post(reverse("admin:webhook_new"), {"name": "W", "url": receiver.url(), "form": "json", "is_active": "on"})
    row = Webhook.objects.get()
    for text in ("One", "Two", "Three"):
        conversation.reply(ticket=world.here, body=text, by=actor(world.people["owner"]), now=timezone.now())
    run()
    where = reverse("admin:webhook", args=[row.pk])
    client.get(where)
    with django_assert_max_num_queries(12) as asked:  # type: ignore[operator] # the fixture's own type is private
        client.get(where)
    Delivery.objects.filter(webhook=row).first()
    before = len(asked)
    conversation.reply(ticket=world.here, body="Four", by=actor(world.people["owner"]), now=timezone.now())
    run()
    with django_assert_max_num_queries(before):  # type: ignore[operator] # as above
        client.get(where)


def test_organisations_are_added_one_by_one_and_nothing_typed_is_lost(client: Client, receiver: Receiver) -> None:
    first, second = (OrganizationFactory.create(name=name) for name in ("Harbour house", "Hill house"))
    given = {"name": "", "url": receiver.url(), "form": "json", "is_active": "on"}
    new = reverse("admin:webhook_new")
    answer = client.post(new, {**given, "organizations": ["harbour"], "add": "yes"})
    text = answer.content.decode()
    # Nothing is saved, and nothing is said of the name that is still to come.
    assert answer.status_code == 200
    assert "Write a name" not in text
    assert re.search(rf'name="organizations" value="{first.pk}" checked', text)
    assert receiver.url() in text
    unclear = client.post(new, {**given, "name": "Wiki", "organizations": [str(first.pk), "house"]})
    assert unclear.status_code == 422
    assert "fits Harbour house, Hill house" in unclear.content.decode()
    assert 'value="house"' in unclear.content.decode()
    client.post(new, {**given, "name": "Wiki", "organizations": [str(first.pk), str(second.pk)]})
    row = Webhook.objects.get()
    assert row.organization_ids == [first.pk, second.pk]
    assert "Harbour house, Hill house" in client.get(reverse("admin:webhook", args=[row.pk])).content.decode()
    where = reverse("admin:webhook_edit", args=[row.pk])
    assert len(re.findall(r'name="organizations" value="\d+" checked', client.get(where).content.decode())) == 2
    (seen,) = re.findall(r'name="seen" value="(\w+)"', client.get(where).content.decode())
    client.post(where, {**given, "name": "Wiki", "organizations": [str(second.pk), ""], "seen": seen})
    row.refresh_from_db()
    assert row.organization_ids == [second.pk]


def test_log_comes_in_pages_and_forgets_old_calls_alone(client: Client, world: World, receiver: Receiver) -> None:
    client.post(reverse("admin:webhook_new"), {"name": "W", "url": receiver.url(), "form": "json", "is_active": "on"})
    row, boss, now = Webhook.objects.get(), actor(world.people["administrator"]), timezone.now()
    for _number in range(52):
        send_test(webhook=row, by=boss, now=now)
    where, again = reverse("admin:webhook", args=[row.pk]), "/replay/"
    text = client.get(where).content.decode()
    (older,) = re.findall(r"\?before=(\d+)", text)
    rest = client.get(f"{where}?before={older}").content.decode()
    assert [page.count("Message to try it out") + page.count(again) > 0 for page in (text, rest)] == [True, True]
    assert "To the newest" in rest
    assert "There are no older ones" in client.get(f"{where}?before=1").content.decode()
    some = list(Delivery.objects.filter(webhook=row).order_by("pk")[:2])
    for delivery, days in zip(some, (29, 31), strict=True):
        WebhookTry.objects.create(delivery=delivery, at=now - timedelta(days=days), milliseconds=1)
    assert forget_tries(now=now, limit=10) == 1
    assert [one.delivery for one in WebhookTry.objects.all()] == some[:1]
    assert Delivery.objects.filter(webhook=row).count() == 52
