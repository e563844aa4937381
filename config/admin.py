"""The admin site is the desk."""

from django.contrib.admin.apps import SimpleAdminConfig


class DeskAdminConfig(SimpleAdminConfig):
    """Without autodiscovery: what other apps bring for Django's admin (groups, addresses) has no page in the desk."""

    default_site = "helpdesk.admin.site.DeskSite"
