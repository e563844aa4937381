"""The pages of what happened, what leaves, and what waits: to read, and to try again."""

import json
from typing import Any

from django.apps import apps
from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.paginator import InfinitePaginator

from helpdesk.actions import deliveries
from helpdesk.admin.base import ReadOnly
from helpdesk.models import AuditEvent, Delivery, PendingEvent
from helpdesk.models.deliveries import OPEN
from helpdesk.permissions import Right, holds
from helpdesk.requests import actor_of
from helpdesk.selectors import privacy
from helpdesk.templatetags.desk import when
from helpdesk.views.desk.audit_words import AUDIT_WORDS, audit_words
from helpdesk.views.desk.words import delivery_kind, delivery_state, event_kind


class AuditKind(admin.SimpleListFilter):
    """What happened, from the list of what can."""

    title = _("what")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(AUDIT_WORDS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class DeliveryState(admin.SimpleListFilter):
    """Where a delivery stands."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("waiting", _("Waiting")),
            ("sent", _("Sent")),
            ("given_up", _("Given up")),
            ("cancelled", _("Cancelled")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        conditions = {
            "waiting": OPEN,
            "sent": Q(sent_at__isnull=False),
            "given_up": Q(given_up_at__isnull=False),
            "cancelled": Q(cancelled_at__isnull=False),
        }
        return queryset.filter(conditions.get(self.value() or "", Q()))


class Records(ReadOnly):
    """Rows that grow without end: nothing counts them."""

    paginator = InfinitePaginator
    ordering = ("-pk",)

    def title_of(self, row: Any) -> str:
        """What a row is called on its page."""
        raise NotImplementedError

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        if (row := kwargs.get("obj")) is not None:
            context["row_title"] = context["subtitle"] = self.title_of(row)
        return super().render_change_form(request, context, *args, **kwargs)


class TicketRecords(Records):
    """Those that are about tickets. Of a private one nobody outside is told which it is, whom it concerns, or more."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).annotate(is_hidden=privacy.hides(actor_of(request)))
        return rows

    @display(description=_("ticket"))  # type: ignore[untyped-decorator] # Unfold ships no types
    def ticket_ref(self, row: Any) -> str:
        if row.is_hidden:
            return gettext("A private ticket")
        return row.ticket.ref if row.ticket else "–"

    @display(description=_("last error"))  # type: ignore[untyped-decorator] # Unfold ships no types
    def error(self, row: Any) -> str:
        # What a mail server answers names whom it was for.
        return "–" if row.is_hidden else row.last_error or "–"


class AuditPage(Records):
    """What happened to anything but tickets."""

    right_to_see = Right.SEE_RECORD
    list_display = ("time", "what", "who", "subject", "details")
    list_display_links = ("time", "what")
    list_select_related = ("actor__merged_into",)
    list_filter = (AuditKind,)
    # By these a row's page links to what happened to it.
    lookups = ("subject_type", "subject_id")
    fields = ("time", "what", "who", "subject", "way", "number", "details")

    def title_of(self, row: AuditEvent) -> str:
        return f"{self.what(row)} · {self.who(row)}"

    @display(description=_("when"))  # type: ignore[untyped-decorator] # Unfold ships no types
    def time(self, event: AuditEvent) -> SafeString | str:
        return when(event.effective_at)

    @display(description=_("what"))  # type: ignore[untyped-decorator] # Unfold ships no types
    def what(self, event: AuditEvent) -> str:
        return audit_words(event.kind)

    @display(description=_("who"))  # type: ignore[untyped-decorator] # Unfold ships no types
    def who(self, event: AuditEvent) -> str:
        return str(event.actor or event.get_actor_kind_display())

    @display(description=_("about"))  # type: ignore[untyped-decorator] # Unfold ships no types
    def subject(self, event: AuditEvent) -> str:
        try:
            kind = str(apps.get_model("helpdesk", event.subject_type)._meta.verbose_name)
        except LookupError:
            kind = event.subject_type
        return f"{kind} {event.subject_id}".strip()

    @display(description=_("channel"))  # type: ignore[untyped-decorator] # Unfold ships no types
    def way(self, event: AuditEvent) -> str:
        return str(event.get_channel_display())

    @display(description=_("number of the request"))  # type: ignore[untyped-decorator] # Unfold ships no types
    def number(self, event: AuditEvent) -> str:
        return event.request_id or "–"

    @display(description=_("details"))  # type: ignore[untyped-decorator] # Unfold ships no types
    def details(self, event: AuditEvent) -> SafeString | str:
        return "–" if not event.data else format_html("<code>{}</code>", json.dumps(event.data, ensure_ascii=False))


class DeliveryPage(TicketRecords):
    """Mails and whatever else leaves the desk."""

    right_to_see = Right.SEE_OPERATION
    list_display = ("what", "to", "ticket_ref", "state_in_words", "attempts", "time")
    list_display_links = ("what",)
    list_select_related = ("recipient", "ticket", "webhook")
    list_filter = (DeliveryState,)
    fields = (
        "what",
        "channel",
        "to",
        "ticket_ref",
        "state_in_words",
        "attempts",
        "error",
        "possibly_repeated",
        "time",
        "leaves",
        "ends",
    )
    actions = ("try_again",)

    def title_of(self, row: Delivery) -> str:
        return " · ".join(part for part in (self.what(row), self.ticket_ref(row), self.to(row)) if part != "–")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        rows: QuerySet[Delivery] = super().get_queryset(request)
        # Its text may hold a link that signs somebody in.
        return rows.defer("payload")

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Who may start a delivery anew."""
        return holds(actor_of(request), Right.CHANGE_OPERATION)

    @action(description=_("Try again"), permissions=["retry"])  # type: ignore[untyped-decorator] # Unfold ships no types
    def try_again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        """Give those that were given up another round of tries."""
        by, now = actor_of(request), timezone.now()
        done = sum(deliveries.retry(delivery=delivery, by=by, now=now) for delivery in queryset)
        if not done:
            messages.warning(request, gettext("None of these was given up, so there is nothing to try again."))
            return
        words = ngettext("%(count)d delivery is tried again.", "%(count)d deliveries are tried again.", done)
        messages.success(request, words % {"count": done})

    @display(description=_("what"))  # type: ignore[untyped-decorator] # Unfold ships no types
    def what(self, delivery: Delivery) -> str:
        return delivery_kind(delivery)

    @display(description=_("recipient"))  # type: ignore[untyped-decorator] # Unfold ships no types
    def to(self, delivery: Any) -> str:
        return "–" if delivery.is_hidden else str(delivery.recipient or delivery.webhook or "–")

    @display(description=_("state"))  # type: ignore[untyped-decorator] # Unfold ships no types
    def state_in_words(self, delivery: Delivery) -> str:
        return delivery_state(delivery)

    @display(description=_("created"))  # type: ignore[untyped-decorator] # Unfold ships no types
    def time(self, delivery: Delivery) -> SafeString | str:
        return when(delivery.created_at)

    @display(description=_("not before"))  # type: ignore[untyped-decorator] # Unfold ships no types
    def leaves(self, delivery: Delivery) -> SafeString | str:
        return when(delivery.not_before)

    @display(description=_("expires"))  # type: ignore[untyped-decorator] # Unfold ships no types
    def ends(self, delivery: Delivery) -> SafeString | str:
        return when(delivery.expires_at) or "–"


class PendingPage(TicketRecords):
    """Events that a consumer still has to take: those that failed say why."""

    right_to_see = Right.SEE_OPERATION
    list_display = ("effect", "what", "ticket_ref", "tries", "error", "time")
    list_display_links = ("effect",)
    list_select_related = ("event", "ticket")
    fields = ("effect", "what", "ticket_ref", "tries", "error", "time")

    def title_of(self, row: PendingEvent) -> str:
        return f"{self.what(row)} · {self.ticket_ref(row)}"

    @display(description=_("waiting effect"))  # type: ignore[untyped-decorator] # Unfold ships no types
    def effect(self, pending: PendingEvent) -> str:
        return pending.consumer

    @display(description=_("tries"))  # type: ignore[untyped-decorator] # Unfold ships no types
    def tries(self, pending: PendingEvent) -> int:
        return pending.attempts

    @display(description=_("event"))  # type: ignore[untyped-decorator] # Unfold ships no types
    def what(self, pending: PendingEvent) -> str:
        return event_kind(pending.event.kind)

    @display(description=_("next try"))  # type: ignore[untyped-decorator] # Unfold ships no types
    def time(self, pending: PendingEvent) -> SafeString | str:
        return when(pending.not_before)
