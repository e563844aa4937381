"""Figures of served systems come in, and go when they are old."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from helpdesk.actions._base import action
from helpdesk.actions._claim import delete_first
from helpdesk.actors import Actor
from helpdesk.domain.words import clean_line
from helpdesk.errors import Code, DomainError
from helpdesk.models import Figure
from helpdesk.permissions import Right, holds

LIFE: Final = timedelta(days=90)
MAX_COMPONENTS: Final = 100
# Clocks of other systems go wrong by a little.
_AHEAD: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Measured:
    """One component as its system measured it; see `models.figures`."""

    component: str
    health: str
    error_rate: float | None = None
    p95_ms: float | None = None
    throughput: float | None = None
    sessions: int | None = None


@action
def take_figures(
    *, system: str, measured_at: datetime, components: Sequence[Measured], by: Actor, now: datetime
) -> int:
    """Keep what a system says of its components. What was told before of the same moment stays as it is.

    Returns how many were new.
    """
    if not holds(by, Right.PUSH_FIGURES):
        raise DomainError(_("You may not send figures."), Code.FORBIDDEN)
    if not now - LIFE < measured_at <= now + _AHEAD:
        raise DomainError(_("This was measured too long ago, or is still to come."), Code.WRONG, field="measured_at")
    names = [clean_line(one.component) for one in components]
    if not clean_line(system) or not all(names):
        raise DomainError(_("Write the name."), Code.MISSING, field="components" if clean_line(system) else "system")
    if len(components) > MAX_COMPONENTS or len(set(names)) < len(names):
        words = _("Name up to %(limit)d components, each once.") % {"limit": MAX_COMPONENTS}
        raise DomainError(words, Code.WRONG, field="components")
    before = Figure.objects.filter(system=clean_line(system), measured_at=measured_at, component__in=names).count()
    rows = [
        Figure(
            system=clean_line(system),
            component=name,
            measured_at=measured_at,
            health=one.health,
            error_rate=one.error_rate,
            p95_ms=one.p95_ms,
            throughput=one.throughput,
            sessions=one.sessions,
            sent_by=by.person,
        )
        for name, one in zip(names, components, strict=True)
    ]
    Figure.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows) - before


@action
def forget_figures(*, now: datetime, limit: int) -> int:
    """Forget up to `limit` figures that are older than anybody looks at. Returns how many."""
    return delete_first(Figure.objects.filter(recorded_at__lt=now - LIFE).order_by("recorded_at"), limit)
