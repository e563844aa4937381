"""Long keys and codes, as people can read and type them."""

from django import template

register = template.Library()


@register.filter
def in_fours(code: str) -> str:
    """The code in groups of four."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))
