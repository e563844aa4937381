"""Days as calendars name them."""

from datetime import date

from django import template
from django.utils import formats
from django.utils.translation import pgettext

register = template.Library()


@register.filter
def full_day(day: date) -> str:
    """A date with the day of its week."""
    return formats.date_format(day, pgettext("date format", "l j F Y"))
