"""The app's place in Django."""

from django.apps import AppConfig


class ConfigAppConfig(AppConfig):
    name = "config"
