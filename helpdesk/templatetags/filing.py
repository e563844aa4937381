"""What forms that people write in need beyond their fields."""

from dataclasses import dataclass
from datetime import timedelta

from django import template
from django.template import Context
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext

from helpdesk.selectors.filing import Answer
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


@register.filter
def within(answer: Answer) -> str:
    """Within what time we answer: “We usually answer within 4 working hours.” What is less than a minute is one."""
    least, most = (_promised(span, is_steady=answer.is_steady) for span in (answer.least, answer.most))
    if least == most:
        return _("We usually answer within %(span)s.") % {"span": most}
    words = _("We usually answer within %(most)s, and sooner the more it stops: within %(least)s at best.")
    return words % {"most": most, "least": least}


def _promised(span: timedelta, *, is_steady: bool) -> str:
    """A span as exactly as it counts. A day of working hours is no day, so that these are told in hours."""
    minutes = max(1, -(-span // timedelta(minutes=1)))
    hours, rest = divmod(minutes, 60)
    days, odd = divmod(hours, 24)
    if rest:
        words = ngettext("%(count)d minute", "%(count)d minutes", minutes)
        working = ngettext("%(count)d working minute", "%(count)d working minutes", minutes)
        return (words if is_steady else working) % {"count": minutes}
    if is_steady and days > 1 and not odd:
        return npgettext("within a span", "%(count)d day", "%(count)d days", days) % {"count": days}
    words = ngettext("%(count)d hour", "%(count)d hours", hours)
    working = ngettext("%(count)d working hour", "%(count)d working hours", hours)
    return (words if is_steady else working) % {"count": hours}
