"""What forms that people write in need beyond their fields."""

from dataclasses import dataclass
from datetime import timedelta

from django import template
from django.template import Context
from django.utils.translation import ngettext, npgettext

from helpdesk.selectors.settings import desk_settings

register = template.Library()


@dataclass(frozen=True, slots=True)
class FileLimits:
    """How many files one message takes, and how large one may be."""

    max_files: int
    max_bytes: int


@register.simple_tag(takes_context=True)
def file_limits(context: Context) -> FileLimits:
    """The limits of the desk, read once for a page, however many forms it has."""
    request = context["request"]
    limits: FileLimits | None = getattr(request, "file_limits", None)
    if limits is None:
        settings = desk_settings()
        limits = FileLimits(settings.max_files, settings.max_file_mb << 20)
        request.file_limits = limits
    return limits


@register.filter
def span_words(span: timedelta) -> str:
    """A span as people say it: 30 minutes, 2 hours, 3 days."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    if minutes < 1440:
        return ngettext("%(count)d hour", "%(count)d hours", minutes // 60) % {"count": minutes // 60}
    # In many languages days change their ending after “within”.
    return npgettext("within a span", "%(count)d day", "%(count)d days", minutes // 1440) % {"count": minutes // 1440}
