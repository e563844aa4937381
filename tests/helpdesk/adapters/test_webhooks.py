"""Webhooks against a real receiver: each event arrives, in order, signed, and goes to nobody who may not read it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.urls import reverse
from django.utils import timezone
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from helpdesk.actions import conversation, deliveries, webhooks
from helpdesk.actions.consumers import consume_due
from helpdesk.actions.webhooks import Wanted
from helpdesk.actors import Actor
from helpdesk.choices import Channel, Priority
from helpdesk.domain.sealing import unseal
from helpdesk.errors import Code, DomainError
from helpdesk.models import AuditEvent, Delivery, Message, PendingEvent, Ticket, User, Webhook, WebhookForm, WebhookTry
from helpdesk.selectors import conversation as reading
from helpdesk.selectors import desk, mailbox
from tests.factories import OrganizationFactory, actor
from tests.helpdesk.adapters.hooks import add, ids, run, say, told
from tests.receiver import Receiver, drop, status
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture(autouse=True)
def short_waits(settings: LazySettings) -> None:
    settings.WEBHOOK_SECONDS = 0.2


def test_event_arrives_signed_with_its_ticket(world: World, receiver: Receiver) -> None:
    _hook, secret = add(world, receiver)
    say(world, "It smokes.")
    run()
    ((_path, headers, body),) = receiver.calls
    sent = Verifier(secret).verify(body, headers)
    assert sent["type"] == "ticket.reply_added"
    assert sent["data"]["event"]["kind"] == "reply_added"
    assert sent["data"]["ticket"]["ref"] == world.here.ref
    assert sent["data"]["ticket"]["priority"] == world.here.priority
    assert "It smokes." not in body, "words are read by the API, by who may"
    with pytest.raises(WebhookVerificationError):
        Verifier(secret).verify(body.replace("reply", "relpy"), headers)
    (delivery,) = Delivery.objects.filter(webhook__isnull=False)
    assert (delivery.state, delivery.provider_id) == ("sent", "200")
    (tried,) = WebhookTry.objects.all()
    assert (tried.delivery, tried.status, tried.error) == (delivery, 200, "")


def test_without_a_webhook_nothing_is_put_on_its_list(world: World, receiver: Receiver) -> None:
    say(world, "One")
    assert not PendingEvent.objects.filter(consumer="webhooks").exists()
    add(world, receiver, kinds=["resolved"])
    say(world, "Two")
    assert not PendingEvent.objects.filter(consumer="webhooks").exists()


def test_receiver_flaps_and_each_event_arrives_in_order_under_one_name(world: World, receiver: Receiver) -> None:
    add(world, receiver)
    say(world, "One", "Two", "Three")
    receiver.script = [status(500), drop, receiver.hang, status(200), status(503)]
    for minutes in (0, 1, 10, 30, 60, 120, 300, 600):
        run(minutes=minutes)
    versions = [sent["data"]["event"]["version"] for sent in told(receiver)]
    arrived = list(dict.fromkeys(versions))
    assert arrived == sorted(arrived)
    assert len(arrived) == 3
    # Four tries of the first, then the second twice: nothing passes by what waits.
    assert versions == sorted(versions)
    assert len(versions) == 7
    assert len(set(ids(receiver))) == 3
    assert not Delivery.objects.filter(webhook__isnull=False, sent_at__isnull=True).exists()
    assert Webhook.objects.get().failures == 0


def test_without_order_one_that_fails_holds_up_no_other(world: World, receiver: Receiver) -> None:
    add(world, receiver, is_ordered=False)
    say(world, "One", "Two")
    receiver.script = [status(500)]
    run()
    first, second = [sent["data"]["event"]["version"] for sent in told(receiver)]
    assert first < second
    run(minutes=1)
    assert [sent["data"]["event"]["version"] for sent in told(receiver)] == [first, second, first]
    assert ids(receiver)[0] == ids(receiver)[2]


def test_after_some_failures_in_a_row_the_others_wait_without_a_try(world: World, receiver: Receiver) -> None:
    add(world, receiver, is_ordered=False)
    say(world, *"abcdefgh")
    receiver.script = [status(500)] * 8
    run()
    assert len(receiver.calls) == 3
    assert (
        sorted(Delivery.objects.filter(webhook__isnull=False).values_list("attempts", flat=True)) == [0] * 5 + [1] * 3
    )
    receiver.script.clear()
    run(minutes=2)
    assert not Delivery.objects.filter(webhook__isnull=False, sent_at__isnull=True).exists()


def test_private_ticket_is_told_to_nobody_outside_its_circle(world: World, receiver: Receiver) -> None:
    add(world, receiver)
    say(world, "Hush", ticket=world.secret)
    run()
    assert receiver.calls == []
    assert not Delivery.objects.filter(webhook__isnull=False).exists()


def test_ticket_that_becomes_private_before_it_leaves_is_not_told(world: World, receiver: Receiver) -> None:
    add(world, receiver)
    say(world, "One")
    consume_due(now=timezone.now(), limit=1000)
    Ticket.objects.filter(pk=world.here.pk).update(category=world.secret.category)
    run()
    assert receiver.calls == []
    assert Delivery.objects.get(webhook__isnull=False).state == "cancelled"


def test_nothing_is_told_by_the_rights_of_somebody_who_left(world: World, receiver: Receiver) -> None:
    add(world, receiver)
    say(world, "One")
    consume_due(now=timezone.now(), limit=1000)
    User.objects.filter(pk=world.people["administrator"].pk).update(is_active=False)
    say(world, "Two")
    run()
    assert receiver.calls == []


def test_filter_narrows_to_what_all_of_it_says(world: World, receiver: Receiver) -> None:
    add(world, receiver, queue_ids=[world.queue.pk], priorities=[world.here.priority], name="Fits")
    add(world, receiver, queue_ids=[world.elsewhere.queue_id], name="Another queue")
    other = next(one for one in Priority.values if one != world.here.priority)
    add(world, receiver, queue_ids=[world.queue.pk], priorities=[other], name="Another priority")
    add(world, receiver, organization_ids=[OrganizationFactory.create().pk], name="Another organisation")
    say(world, "One")
    run()
    queued = Delivery.objects.filter(webhook__isnull=False)
    assert list(queued.values_list("webhook__name", flat=True)) == ["Fits"]


def test_what_leads_to_one_queue_tells_nothing_of_a_ticket_that_left_it(world: World, receiver: Receiver) -> None:
    hook, _secret = add(world, receiver, queue_ids=[world.queue.pk])
    add(world, receiver, organization_ids=[world.here.organization_id])
    say(world, "One", "Two")
    consume_due(now=timezone.now(), limit=1000)
    assert deliveries.send_due(now=timezone.now(), limit=2)
    before = len(receiver.calls)
    Ticket.objects.filter(pk=world.here.pk).update(queue=world.elsewhere.queue, organization=None)
    run()
    assert len(receiver.calls) == before
    by = actor(world.people["administrator"], Channel.DESK)
    for row in Delivery.objects.filter(webhook=hook):
        webhooks.replay(webhook=hook, delivery=row, by=by, now=timezone.now())
    run()
    assert len(receiver.calls) == before
    assert {row.state for row in Delivery.objects.filter(webhook=hook)} == {"cancelled"}


def test_while_the_secret_changes_both_sign(world: World, receiver: Receiver) -> None:
    hook, old = add(world, receiver)
    by = actor(world.people["administrator"], Channel.DESK)
    new = webhooks.rotate_secret(webhook=hook, by=by, now=timezone.now())
    say(world, "One")
    run()
    _path, headers, body = receiver.calls[-1]
    for secret in (old, new):
        Verifier(secret).verify(body, headers)
    Webhook.objects.update(old_secret_until=timezone.now())
    say(world, "Two")
    run()
    _path, headers, body = receiver.calls[-1]
    Verifier(new).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Verifier(old).verify(body, headers)


def test_secret_is_sealed_and_sealed_anew(world: World, receiver: Receiver, settings: LazySettings) -> None:
    hook, secret = add(world, receiver)
    assert secret not in hook.secret
    old = settings.ENCRYPTION_KEYS
    settings.ENCRYPTION_KEYS = ["another key", *old]
    assert webhooks.seal_secrets_anew() == 1
    hook.refresh_from_db()
    assert unseal(hook.secret, ["another key"]) == secret


def test_redirect_is_a_failure(world: World, receiver: Receiver) -> None:
    add(world, receiver)
    say(world, "One")
    receiver.script = [status(302, Location="http://169.254.169.254/")]
    run()
    assert WebhookTry.objects.get().status == 302
    assert Delivery.objects.get(webhook__isnull=False).state == "waiting"


def test_test_is_sent_once_also_while_it_is_off(world: World, receiver: Receiver) -> None:
    hook, secret = add(world, receiver, is_active=False)
    by = actor(world.people["administrator"], Channel.DESK)
    webhooks.send_test(webhook=hook, by=by, now=timezone.now())
    run()
    _path, headers, body = receiver.calls[-1]
    assert Verifier(secret).verify(body, headers)["type"] == "webhook.test"
    receiver.script = [status(500, "broken")]
    failed = webhooks.send_test(webhook=hook, by=by, now=timezone.now())
    run()
    failed.refresh_from_db()
    assert (failed.state, len(receiver.calls)) == ("given_up", 2)
    assert failed.tries.get().error == "500 broken"
    assert Webhook.objects.get().failures == 0


def test_address_that_leads_inside_meanwhile_is_not_called(world: World, receiver: Receiver, settings: Any) -> None:
    add(world, receiver)
    say(world, "One")
    settings.WEBHOOK_ALLOWED_NETWORKS = []
    run()
    assert receiver.calls == []
    assert "closed" in WebhookTry.objects.get().error


def test_what_other_systems_are_told_is_no_mail(world: World, receiver: Receiver) -> None:
    """The page of the ticket, the reader's question whether words left by mail, and the mailbox know mails alone."""
    add(world, receiver)
    noted = conversation.add_note(
        ticket=world.here, body="Hm", by=actor(world.people["agent"], Channel.DESK), now=timezone.now()
    )
    run()
    assert len(receiver.calls) == 1
    assert not [one for one in desk.deliveries_of(world.here) if one.webhook_id]
    assert not reading.was_mailed(Message.objects.filter(ticket=noted).latest("pk"))
    assert not [one for one in mailbox.waiting() if one.webhook_id]


@pytest.mark.parametrize("form", [WebhookForm.SLACK, WebhookForm.TEAMS])
def test_channels_of_people_get_a_line_that_names_nobody(world: World, receiver: Receiver, form: str) -> None:
    add(world, receiver, form=form)
    Ticket.objects.filter(pk=world.here.pk).update(subject="<!channel> *Fire* [x](http://evil.example) & co")
    say(world, "It smokes.")
    run()
    ((_path, _headers, body),) = receiver.calls
    assert world.here.ref in body
    assert settings.BASE_URL + reverse("admin:ticket", args=[world.here.ref]) in body
    for secret in ("<!channel>", "owner", "smokes", " [x](" if form == WebhookForm.TEAMS else "owner@", "example.org"):
        assert secret not in body
    assert ("&lt;!channel&gt;" if form == WebhookForm.SLACK else "\\\\[x\\\\]\\\\(http") in body


def test_only_who_changes_the_set_up_sets_webhooks_up(world: World, receiver: Receiver) -> None:
    hook, _secret = add(world, receiver)
    wanted, now = Wanted("x", receiver.url()), timezone.now()
    acts: list[Callable[[Actor], object]] = [
        lambda by: webhooks.add_webhook(wanted=wanted, by=by, now=now),
        lambda by: webhooks.change_webhook(webhook=hook, wanted=wanted, by=by, now=now),
        lambda by: webhooks.rotate_secret(webhook=hook, by=by, now=now),
        lambda by: webhooks.send_test(webhook=hook, by=by, now=now),
        lambda by: webhooks.replay_failed(webhook=hook, since=now, by=by, now=now),
    ]
    for name in set(world.people) - {"administrator", "head_of_support"}:
        for act in acts:
            with pytest.raises(DomainError) as refused:
                act(actor(world.people[name], Channel.DESK))
            assert refused.value.code is Code.FORBIDDEN, name


def test_who_changes_it_answers_for_it(world: World, receiver: Receiver) -> None:
    hook, _secret = add(world, receiver)
    head = actor(world.people["head_of_support"], Channel.DESK)
    hook = webhooks.change_webhook(
        webhook=hook, wanted=Wanted(name="Wiki", url=receiver.url("/mine")), by=head, now=timezone.now()
    )
    assert hook.owner == world.people["head_of_support"]
    assert receiver.url("/mine") not in json.dumps(list(AuditEvent.objects.values_list("data", flat=True)))


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"name": " "}, "name"),
        ({"url": "https://localhost/"}, "url"),
        ({"url": "https://2130706433/"}, "url"),
        ({"kinds": ["nonsense"]}, "kinds"),
        ({"priorities": [9]}, "priorities"),
        ({"form": "fax"}, "form"),
        ({"queue_ids": [0]}, "queue_ids"),
    ],
)
def test_what_is_wrong_is_refused_at_its_place(
    world: World, receiver: Receiver, wanted: dict[str, Any], field: str, settings: LazySettings
) -> None:
    settings.WEBHOOK_ALLOWED_PORTS = [443, receiver.port]
    settings.WEBHOOK_ALLOWED_NETWORKS = []
    with pytest.raises(DomainError) as refused:
        add(world, receiver, **({"url": "https://8.8.8.8/"} | wanted))
    assert refused.value.field == field
