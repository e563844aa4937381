"""The app's place in Django, and what it registers."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HelpdeskAppConfig(AppConfig):
    name = "helpdesk"
    verbose_name = _("Desk")

    def ready(self) -> None:
        from helpdesk import wiring

        wiring.register()
