"""The desk's own pages inside the admin site."""

from django.contrib.admin import AdminSite
from django.urls import URLPattern


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    """The routes of the pages that agents live in; `site` guards their entrance."""
    return []
