"""The composition root: settings, URLs, navigation, health and commands that span the apps."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
