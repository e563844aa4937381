"""How the desk presents itself."""

from typing import Final

from django.db import OperationalError

from helpdesk.keeping import kept
from helpdesk.models import Brand

_last: Final = {"brand": Brand()}


def brand() -> Brand:
    """The one row with its logo, or its defaults while nobody has set anything: one query by the primary key."""
    _last["brand"] = kept("brand", _read)
    return _last["brand"]


def _read() -> Brand:
    return Brand.objects.select_related("logo").filter(pk=1).first() or Brand()


def last_known() -> Brand:
    """What this process saw last, without asking: for pages that tell of a failure."""
    return _last["brand"]


def brand_or_last_known() -> Brand:
    """The row, or what this process saw last while the database cannot be reached."""
    try:
        return brand()
    except OperationalError:
        return last_known()
