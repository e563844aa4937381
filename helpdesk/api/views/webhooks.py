"""Webhooks: set up, tried out, and what became of what they told."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpResponse
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request

from helpdesk import access
from helpdesk.actions import webhooks
from helpdesk.actions.webhooks import MAX_NAME, Wanted, as_wanted
from helpdesk.api import repeats
from helpdesk.api.base import Endpoint, Nothing, answer
from helpdesk.api.inputs import ByCode, YesNo
from helpdesk.api.lists import paged
from helpdesk.api.parameters import Id, ListParameters, Moment
from helpdesk.api.preconditions import Read, tagged, unchanged, webhook_read
from helpdesk.api.schema import describes
from helpdesk.api.shapes.webhooks import CountShape, SecretShape, WebhookDeliveryShape, WebhookShape
from helpdesk.choices import Priority
from helpdesk.domain.addresses import MAX_URL
from helpdesk.domain.webhooks import KIND_OF
from helpdesk.models import Webhook, WebhookForm
from helpdesk.permissions import Right
from helpdesk.selectors import catalogue, paging
from helpdesk.selectors import webhooks as reading

_MOST: Final = 200


class WebhookChange(serializers.Serializer[Any]):
    """What is to change about a webhook; what is not named stays."""

    name = serializers.CharField(max_length=MAX_NAME, required=False)
    url = serializers.CharField(max_length=MAX_URL, required=False, help_text="https:// in the open internet.")
    form = serializers.ChoiceField(choices=WebhookForm.choices, required=False)
    events = serializers.ListField(
        child=serializers.ChoiceField(choices=list(KIND_OF)),
        required=False,
        max_length=_MOST,
        help_text="All if empty.",
    )
    queues = serializers.ListField(child=ByCode(catalogue.queues), required=False, max_length=_MOST)
    priorities = serializers.ListField(
        child=serializers.ChoiceField(choices=Priority.values), required=False, max_length=_MOST
    )
    categories = serializers.ListField(child=ByCode(catalogue.categories), required=False, max_length=_MOST)
    organizations = serializers.ListField(child=Id(), required=False, max_length=_MOST)
    in_order = YesNo(required=False)
    is_active = YesNo(required=False)


class WebhookInput(WebhookChange):
    """A new webhook."""

    name = serializers.CharField(max_length=MAX_NAME)
    url = serializers.CharField(max_length=MAX_URL, help_text="https:// in the open internet.")


class RotateInput(serializers.Serializer[Any]):
    """How the secret changes."""

    at_once = YesNo(required=False, default=False, help_text="The old one signs no more; otherwise for a day.")


class ReplayInput(serializers.Serializer[Any]):
    """Which deliveries are sent again."""

    since = Moment(help_text="All made since then that did not arrive.")


class Webhooks(Endpoint):
    """All webhooks."""

    takes = ListParameters

    @describes("list_webhooks", "webhooks", takes=ListParameters, lists=WebhookShape)
    def get(self, request: Request) -> HttpResponse:
        """List webhooks."""
        access.require(self.actor, Right.CHANGE_SETUP)
        return paged(reading.webhooks(self.actor), self.asked, WebhookShape.write)

    @describes("create_webhook", "webhooks", sends=WebhookInput, answers={201: WebhookShape}, repeatable=True)
    def post(self, request: Request) -> HttpResponse:
        """Set up a webhook. Its secret is told this once."""
        access.require(self.actor, Right.CHANGE_SETUP)

        def still(told: Any) -> None:
            access.get_webhook(self.actor, told["id"])

        once = repeats.Once.of(request, self.actor, still=still, is_secret=True)
        before = once.answered()
        if before is not None:
            return before
        wanted = _changed(Wanted("", ""), self.read(WebhookInput).validated_data)
        webhooks.check(wanted=wanted, by=self.actor)
        return once.carry_out(partial(self._added, wanted))

    def _added(self, wanted: Wanted) -> HttpResponse:
        row, secret = webhooks.add_checked(wanted=wanted, by=self.actor, now=timezone.now())
        where = {"Location": f"/api/v1/webhooks/{row.pk}/"}
        made = answer({**WebhookShape.write(row), "secret": secret}, HTTPStatus.CREATED, where)
        return tagged(made, self.plain, webhook_read(row).mark)


class OneWebhook(Endpoint):
    """One of them."""

    @describes("read_webhook", "webhooks", answers={200: WebhookShape}, tagged=True)
    def get(self, request: Request, pk: int) -> HttpResponse:
        """Read a webhook."""
        return self._told(access.get_webhook(self.actor, pk))

    @describes("change_webhook", "webhooks", sends=WebhookChange, answers={200: WebhookShape}, conditional="webhook")
    def patch(self, request: Request, pk: int) -> HttpResponse:
        """Change a webhook. Who does so owns it: what they may read is told."""

        def find() -> Read[Webhook, str]:
            return webhook_read(access.get_webhook(self.actor, pk))

        def change(row: Webhook, seen: str | None) -> Webhook:
            wanted = _changed(as_wanted(row), self.read(WebhookChange).validated_data)
            return webhooks.change_webhook(webhook=row, wanted=wanted, by=self.actor, now=timezone.now(), seen=seen)

        return self._told(unchanged(self.request, find, change, as_read=True))

    def _told(self, row: Webhook) -> HttpResponse:
        return tagged(answer(WebhookShape.write(row)), self.plain, webhook_read(row).mark)


class Try(Endpoint):
    """Trying it out."""

    @describes("test_webhook", "webhooks", sends=Nothing, answers={202: WebhookDeliveryShape}, repeatable=True)
    def post(self, request: Request, pk: int) -> HttpResponse:
        """Send a `webhook.test`, also while it is switched off."""
        row = access.get_webhook(self.actor, pk)
        self.read(Nothing)
        return repeats.once(request, self.actor, partial(self._tried, row))

    def _tried(self, row: Webhook) -> HttpResponse:
        queued = webhooks.send_test(webhook=row, by=self.actor, now=timezone.now())
        return answer(WebhookDeliveryShape.write(queued), HTTPStatus.ACCEPTED)


class Rotate(Endpoint):
    """Its secret."""

    @describes("rotate_webhook", "webhooks", sends=RotateInput, answers={200: SecretShape}, repeatable=True)
    def post(self, request: Request, pk: int) -> HttpResponse:
        """Give it another secret, told this once."""
        row = access.get_webhook(self.actor, pk)
        at_once = self.read(RotateInput).validated_data["at_once"]

        def rotated() -> HttpResponse:
            how: dict[str, Any] = {"by": self.actor, "now": timezone.now(), "at_once": at_once}
            return answer({"secret": webhooks.rotate_secret(webhook=row, **how)})

        return repeats.once(request, self.actor, rotated, is_secret=True)


class Deliveries(Endpoint):
    """What it told."""

    takes = ListParameters

    @describes("list_webhook_deliveries", "webhooks", takes=ListParameters, lists=WebhookDeliveryShape)
    def get(self, request: Request, pk: int) -> HttpResponse:
        """List what was queued for it, the oldest first, with each try."""
        rows = reading.deliveries_of(self.actor, access.get_webhook(self.actor, pk))
        return paged(rows, self.asked, WebhookDeliveryShape.write, paging.ROWS)


class Replay(Endpoint):
    """Sending again what did not arrive."""

    @describes("replay_webhook", "webhooks", sends=ReplayInput, answers={202: CountShape}, repeatable=True)
    def post(self, request: Request, pk: int) -> HttpResponse:
        """Send all again that did not arrive since a time, under the names that they had: so many at once.

        What happened while the webhook was off was queued for nobody: `/tickets/changes/` tells of it.
        """
        row = access.get_webhook(self.actor, pk)
        since = self.read(ReplayInput).validated_data["since"]
        return _counted(self, partial(webhooks.replay_failed, webhook=row, since=since))


class ReplayOne(Endpoint):
    """Sending one again."""

    @describes("replay_webhook_delivery", "webhooks", sends=Nothing, answers={202: CountShape}, repeatable=True)
    def post(self, request: Request, pk: int, delivery: int) -> HttpResponse:
        """Send one again, also one that arrived; 0 where it is on its way."""
        row = access.get_webhook(self.actor, pk)
        found = access.get_delivery(self.actor, row, delivery)
        self.read(Nothing)
        return _counted(self, partial(webhooks.replay, webhook=row, delivery=found))


def _counted(endpoint: Endpoint, replay: Callable[..., int]) -> HttpResponse:
    """Send again, once for each key, and tell how many that were."""

    def carry_out() -> HttpResponse:
        count = replay(by=endpoint.actor, now=timezone.now())
        return answer({"count": int(count), "has_more": webhooks.may_be_more(count)}, HTTPStatus.ACCEPTED)

    return repeats.once(endpoint.request, endpoint.actor, carry_out)


def _changed(wanted: Wanted, given: Any) -> Wanted:
    """What is wanted, with what the caller gave in its place."""
    values: dict[str, Any] = {name: given[name] for name in ("name", "url", "form", "is_active") if name in given}
    if "in_order" in given:
        values["is_ordered"] = given["in_order"]
    if "events" in given:
        values["kinds"] = [KIND_OF[name] for name in given["events"]]
    if "priorities" in given:
        values["priorities"] = given["priorities"]
    if "organizations" in given:
        values["organization_ids"] = given["organizations"]
    for name, column in (("queues", "queue_ids"), ("categories", "category_ids")):
        if name in given:
            values[column] = [row.pk for row in given[name]]
    return replace(wanted, **values)
