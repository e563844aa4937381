"""The files that the desk made for somebody, or is making."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Now

from helpdesk.actors import Actor
from helpdesk.models import Export

# Older ones are of no use to anybody; the record keeps that they were.
_SHOWN_FOR: Final = timedelta(days=30)
_SHOWN: Final = 50


def exports_of(actor: Actor) -> QuerySet[Export]:
    """The actor's own: nobody sees another's."""
    return Export.objects.filter(owner=actor.person).select_related("blob")


def latest_exports(actor: Actor) -> list[Export]:
    """What a page of them lists, the newest first."""
    lately = exports_of(actor).filter(created_at__gt=Now() - _SHOWN_FOR)
    return list(lately.order_by("-created_at", "-pk")[:_SHOWN])


def export_of(actor: Actor, key: UUID) -> Export | None:
    """The actor's own one of this key."""
    return exports_of(actor).filter(pk=key).first()
