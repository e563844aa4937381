"""Webhooks, and what became of what they were to tell."""

from django.db.models import Prefetch, QuerySet

from helpdesk.actors import Actor
from helpdesk.models import Delivery, Webhook, WebhookTry
from helpdesk.permissions import Right, holds


def webhooks(actor: Actor) -> QuerySet[Webhook]:
    """All of them, for who changes the set-up; by a token for some queues those that tell of no others."""
    rows = Webhook.objects.select_related("owner").order_by("pk")
    if not holds(actor, Right.CHANGE_SETUP):
        return rows.none()
    if actor.queue_ids is None:
        return rows
    return rows.exclude(queue_ids=[]).filter(queue_ids__contained_by=sorted(actor.queue_ids))


def webhook_of(actor: Actor, pk: int) -> Webhook | None:
    """The webhook of this id."""
    return webhooks(actor).filter(pk=pk).first()


def deliveries_of(webhook: Webhook) -> QuerySet[Delivery]:
    """What was queued for it, the newest first, with each call of its address."""
    tries = Prefetch("tries", queryset=WebhookTry.objects.order_by("pk"))
    rows = Delivery.objects.filter(webhook=webhook).select_related("ticket", "event").prefetch_related(tries)
    return rows.order_by("-pk")


def delivery_of(webhook: Webhook, pk: int) -> Delivery | None:
    """One of these."""
    return deliveries_of(webhook).filter(pk=pk).first()
