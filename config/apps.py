"""The app's place in Django."""

from django.apps import AppConfig

from config.celery import app as celery_app

__all__ = ["ConfigAppConfig", "celery_app"]


class ConfigAppConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        """Register the system checks."""
        from config import checks

        checks.register()
