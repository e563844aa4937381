"""The settings of the desk."""

from helpdesk.models import DeskSettings


def desk_settings() -> DeskSettings:
    """The one row, or its defaults while nobody has set anything."""
    return DeskSettings.objects.filter(pk=1).first() or DeskSettings()
