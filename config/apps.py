"""The app's place in Django."""

from django.apps import AppConfig

from config.celery import app as celery_app

__all__ = ["ConfigAppConfig", "celery_app"]


class ConfigAppConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        """Register the system checks, and how times are read from the database."""
        from config import checks, times

        checks.register()
        times.register()
