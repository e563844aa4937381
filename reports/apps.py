"""The app's place in Django."""

from django.apps import AppConfig


class ReportsAppConfig(AppConfig):
    name = "reports"
