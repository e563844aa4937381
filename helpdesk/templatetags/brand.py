"""The brand where a template has to find it by itself, and the addresses of what belongs to it."""

from django import template
from django.template import Context
from django.urls import reverse

from helpdesk.models import Brand
from helpdesk.selectors.brand import last_known

register = template.Library()


@register.simple_tag(takes_context=True)
def brand_of_page(context: Context) -> Brand:
    """The brand in force; on a page that was rendered without a request the last one that was seen."""
    known: Brand = context.get("brand") or last_known()
    return known


@register.filter
def stylesheet_of(brand: Brand) -> str:
    """The address of the brand's style sheet; empty for the colour that `tokens.css` itself has."""
    accent = brand.accent.lower()
    return "" if accent == Brand().accent else reverse("portal:brand_stylesheet", args=[accent.lstrip("#")])


@register.filter
def logo_of(brand: Brand) -> str:
    """The address of the brand's logo, or nothing."""
    return reverse("portal:brand_logo", args=[brand.logo.sha256]) if brand.logo else ""
