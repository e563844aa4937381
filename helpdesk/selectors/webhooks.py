"""Webhooks, and what became of what they were to tell."""

from collections.abc import Sequence
from typing import Final

from django.db.models import Prefetch, Q, QuerySet

from helpdesk.actors import Actor
from helpdesk.choices import Priority
from helpdesk.models import Delivery, Organization, Webhook, WebhookTry
from helpdesk.permissions import Right, holds
from helpdesk.selectors import catalogue
from helpdesk.selectors.paging import Latest, latest

PAGE_SIZE: Final = 50


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


def log_of(actor: Actor, webhook: Webhook, *, before: int | None = None) -> Latest[Delivery]:
    """A page of the webhook's log, along the index of its deliveries."""
    return latest(deliveries_of(actor, webhook), size=PAGE_SIZE, before=before)


def told_where(webhook: Webhook) -> list[str]:
    """What narrows the tickets that a webhook tells of, in names; nothing where all are told of."""
    named: list[str] = []
    for rows, ids in (
        (catalogue.queues(), webhook.queue_ids),
        (catalogue.categories(), webhook.category_ids),
    ):
        named += [str(row) for row in rows if row.pk in ids]
    named += [str(Priority(one).label) for one in webhook.priorities]
    return named + [str(row) for row in organizations_of(webhook.organization_ids)]


def organizations_of(ids: Sequence[int]) -> QuerySet[Organization]:
    """The organisations of these ids, by name."""
    return Organization.objects.filter(pk__in=ids).order_by("name", "pk")


def queued_for(actor: Actor, webhook: Webhook) -> QuerySet[Delivery]:
    """What was queued for it; by a token for some queues only what is about tickets there, whatever else was."""
    rows = Delivery.objects.filter(webhook=webhook)
    if actor.queue_ids is None:
        return rows
    return rows.filter(Q(ticket__isnull=True) | Q(ticket__queue__in=sorted(actor.queue_ids)))


def deliveries_of(actor: Actor, webhook: Webhook) -> QuerySet[Delivery]:
    """The same, the newest first, with each call of its address."""
    tries = Prefetch("tries", queryset=WebhookTry.objects.order_by("pk"))
    return queued_for(actor, webhook).select_related("ticket", "event").prefetch_related(tries).order_by("-pk")


def delivery_of(actor: Actor, webhook: Webhook, pk: int) -> Delivery | None:
    """One of these."""
    return deliveries_of(actor, webhook).filter(pk=pk).first()
