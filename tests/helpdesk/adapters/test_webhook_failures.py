"""Webhooks whose receiver fails, is gone or has moved: what follows from it, and what is sent again."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.utils import timezone

from helpdesk.actions import webhooks
from helpdesk.actions.consumers import consume_due
from helpdesk.actions.webhooks import Wanted
from helpdesk.adapters.webhooks import Refused, send
from helpdesk.choices import Channel
from helpdesk.domain import backoff
from helpdesk.domain import webhooks as rules
from helpdesk.errors import Code, DomainError
from helpdesk.models import AuditEvent, Delivery, Webhook, WebhookTry
from tests.factories import actor
from tests.helpdesk.adapters.hooks import add, ids, run, say
from tests.receiver import Receiver, status
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture(autouse=True)
def short_waits(settings: LazySettings) -> None:
    settings.WEBHOOK_SECONDS = 0.2


def test_address_that_is_gone_ends_the_webhook_at_once_and_is_told(world: World, receiver: Receiver) -> None:
    hook, _secret = add(world, receiver)
    say(world, "One", "Two")
    receiver.script = [status(410)]
    run()
    hook.refresh_from_db()
    assert (hook.is_active, hook.ended_why, len(receiver.calls)) == (False, "gone", 1)
    assert AuditEvent.objects.filter(kind="webhook_ended", subject_id=str(hook.pk)).count() == 1
    run(minutes=1)
    assert len(receiver.calls) == 1
    mails = Delivery.objects.filter(kind="account_mail", recipient=world.people["administrator"])
    assert mails.count() == 1


def test_what_an_address_answers_that_it_has_no_more_says_nothing_of_it(world: World, receiver: Receiver) -> None:
    hook, _secret = add(world, receiver)
    by = actor(world.people["administrator"], Channel.DESK)
    say(world, "One")
    consume_due(now=timezone.now(), limit=1000)
    delivery = Delivery.objects.select_related("webhook", "event", "ticket").get(webhook=hook)
    moved = Wanted(name=hook.name, url=receiver.url("/new"))
    webhooks.change_webhook(webhook=hook, wanted=moved, by=by, now=timezone.now())
    # The worker called the old one, as it read it before the change.
    receiver.script = [status(410)]
    with pytest.raises(Refused):
        send(delivery)
    hook.refresh_from_db()
    assert (hook.is_active, hook.failures, WebhookTry.objects.get().status) == (True, 0, 410)
    run()
    assert [path for path, _headers, _body in receiver.calls][1:] == ["/new"]
    assert Delivery.objects.get(webhook=hook).state == "sent"
    # Nor does a success of the old one.
    Webhook.objects.update(failures=2, failing_since=timezone.now())
    send(delivery)
    hook.refresh_from_db()
    assert hook.failures == 2


def test_after_a_day_of_nothing_but_failures_it_is_switched_off(world: World, receiver: Receiver) -> None:
    hook, _secret = add(world, receiver)
    say(world, "One")
    receiver.script = [status(500)]
    run()
    Webhook.objects.update(failing_since=timezone.now() - rules.DEAD_AFTER)
    receiver.script = [status(500)]
    run(minutes=1)
    hook.refresh_from_db()
    assert (hook.is_active, hook.ended_why) == (False, "failing")
    run(minutes=20)
    assert Delivery.objects.get(webhook=hook).state == "cancelled"


def test_tries_end_after_a_day(world: World, receiver: Receiver) -> None:
    hook, _secret = add(world, receiver)
    say(world, "One")
    consume_due(now=timezone.now(), limit=1000)
    Delivery.objects.filter(webhook=hook).update(attempts=rules.MAX_TRIES - 1)
    receiver.script = [status(500)]
    run()
    assert Delivery.objects.get(webhook=hook).state == "given_up"
    waits = sum((backoff.delay(n) for n in range(1, rules.MAX_TRIES)), timedelta())
    assert timedelta(hours=23) < waits < timedelta(hours=25)


def test_what_failed_is_sent_again_under_its_name(world: World, receiver: Receiver) -> None:
    hook, _secret = add(world, receiver)
    by = actor(world.people["administrator"], Channel.DESK)
    begun = timezone.now()
    say(world, "One", "Two")
    receiver.script = [status(410)]
    run()
    run(minutes=1)
    with pytest.raises(DomainError) as refused:
        webhooks.replay_failed(webhook=hook, since=begun, by=by, now=timezone.now())
    assert refused.value.code is Code.ILLEGAL_MOVE
    hook.refresh_from_db()
    again = Wanted(name=hook.name, url=hook.url)
    hook = webhooks.change_webhook(webhook=hook, wanted=again, by=by, now=timezone.now())
    assert (hook.is_active, hook.ended_why, hook.failures) == (True, "", 0)
    assert webhooks.replay_failed(webhook=hook, since=begun, by=by, now=timezone.now()) == 2
    run()
    assert len(receiver.calls) == 3
    first, again_first, second = ids(receiver)
    assert first == again_first != second
    # One that left can be sent again too, and one that is on its way not.
    delivery = Delivery.objects.filter(webhook=hook).earliest("pk")
    assert webhooks.replay(webhook=hook, delivery=delivery, by=by, now=timezone.now())
    assert not webhooks.replay(webhook=hook, delivery=delivery, by=by, now=timezone.now())
    run()
    assert ids(receiver)[-1] == first
