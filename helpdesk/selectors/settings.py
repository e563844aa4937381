"""The settings of the desk."""

from django.db.models import QuerySet

from helpdesk.keeping import kept
from helpdesk.models import DeskSettings
from helpdesk.prepared import prepared


def desk_settings() -> DeskSettings:
    """The one row, or its defaults while nobody has set anything."""
    return kept("desk settings", _read)


def _read() -> DeskSettings:
    rows: list[DeskSettings] = list(_settings())
    return rows[0] if rows else DeskSettings()


@prepared
def _settings() -> QuerySet[DeskSettings]:
    return DeskSettings.objects.filter(pk=1)
