"""What templates need to show what is to be done, and until when."""

from datetime import date

from django import template
from django.utils import formats, timezone
from django.utils.translation import pgettext

from helpdesk.models import SubTask

register = template.Library()


@register.filter
def on_day(day: date) -> str:
    """A day in words; its year only where it is not this one."""
    is_near = day.year == timezone.localdate().year
    return formats.date_format(day, pgettext("date format", "j M") if is_near else pgettext("date format", "j M Y"))


@register.filter
def is_overdue(task: SubTask) -> bool:
    """Whether its day has passed where the reader is."""
    return task.is_overdue(timezone.localdate())
