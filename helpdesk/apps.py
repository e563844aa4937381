"""The app's place in Django."""

from django.apps import AppConfig


class HelpdeskAppConfig(AppConfig):
    name = "helpdesk"
