"""The sign of what is private to some teams."""

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from helpdesk.models import Problem, Ticket
from helpdesk.requests import actor_of
from helpdesk.templatetags.desk import icon

register = template.Library()


@register.simple_tag(takes_context=True)
def private_mark(context: Context, row: Ticket | Problem) -> SafeString | str:
    """A lock, and the word for it, beside what is private; nothing beside all else."""
    return lock() if row.category_id in private_ids(context) else ""


def private_ids(context: Context) -> frozenset[int]:
    """The categories whose tickets are private."""
    return actor_of(context["request"]).standing.private_category_ids


def lock() -> SafeString:
    """The sign and its word."""
    word = _("Private")
    return format_html(
        '<span class="private-mark" title="{}">{}<span class="visually-hidden">{} </span></span>',
        word, icon("lock"), word,
    )  # fmt: skip
