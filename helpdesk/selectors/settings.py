"""The settings of the desk."""

from helpdesk.keeping import kept
from helpdesk.models import DeskSettings


def desk_settings() -> DeskSettings:
    """The one row, or its defaults while nobody has set anything."""
    return kept("desk settings", lambda: DeskSettings.objects.filter(pk=1).first() or DeskSettings())
