"""The settings of the desk."""

from django.db.models import QuerySet

from helpdesk.keeping import kept
from helpdesk.models import DeskSettings
from helpdesk.prepared import prepared


def desk_settings() -> DeskSettings:
    """The one row, or its defaults while nobody has set anything."""
    return kept("desk settings", lambda: next(iter(_settings()), None) or DeskSettings())


@prepared
def _settings() -> QuerySet[DeskSettings]:
    return DeskSettings.objects.filter(pk=1)
