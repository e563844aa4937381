"""The app's place in Django."""

from django.apps import AppConfig

from config.celery import app as celery_app

__all__ = ["ConfigAppConfig", "celery_app"]


class ConfigAppConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        """Register the system checks, how times are read from the database, and how words are looked up."""
        from config import checks, times
        from config.words import spoken

        checks.register()
        times.register()
        spoken.register()
