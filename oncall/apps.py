"""The app's place in Django."""

from django.apps import AppConfig


class OnCallAppConfig(AppConfig):
    name = "oncall"
