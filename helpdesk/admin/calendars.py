"""The set-up page of calendars: their names. What they say has pages of its own, by versions."""

from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from helpdesk.admin.base import DeskModelAdmin
from helpdesk.models import Calendar
from helpdesk.selectors.calendars import with_hours
from helpdesk.templatetags.desk import when


class CalendarPage(DeskModelAdmin):
    """The calendars by which clocks and shifts count."""

    change_form_outer_after_template = "desk/setup/calendar.html"
    list_display = ("name", "code", "zone", "in_force_since", "hours", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name", "code")
    search_help_text = _("Name or code")
    ordering = ("name",)
    fields = ("name", "code", "is_active")
    set_once = ("code",)
    helps = MappingProxyType(
        {
            "name": _("Whose hours they are, such as “Business hours, Europe”."),
            "code": _("How exports and other programs name it. It stays as it is."),
            "is_active": _("A calendar that is not active is not offered any more. What counts by it goes on."),
        }
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Calendar]:
        return with_hours(super().get_queryset(request), timezone.now())

    @display(description=_("time zone"))  # type: ignore[untyped-decorator] # Unfold ships no types
    def zone(self, calendar: Any) -> str:
        """Whose clocks decide."""
        return str(calendar.zone_now or "–")

    @display(description=_("in force since"))  # type: ignore[untyped-decorator] # Unfold ships no types
    def in_force_since(self, calendar: Any) -> SafeString | str:
        """Since when its hours are as they are."""
        since: datetime | None = calendar.since
        return when(since) if since else str(_("No hours yet"))

    @display(description=_("hours and holidays"))  # type: ignore[untyped-decorator] # Unfold ships no types
    def hours(self, calendar: Calendar) -> SafeString:
        """The way to what it says."""
        words, where = _("Open the hours of %(name)s"), reverse("admin:calendar", args=[calendar.pk])
        label = words % {"name": calendar}
        return format_html('<a class="calendar-open" href="{}" aria-label="{}">{}</a>', where, label, _("Open"))

    def response_add(self, request: HttpRequest, obj: Model, post_url_continue: str | None = None) -> HttpResponse:
        """A name alone counts nothing: the hours come next."""
        return redirect("admin:calendar_edit", obj.pk)
