"""Policies and calendars, to be read, and what their drafts would do."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request

from helpdesk.access import require
from helpdesk.api.base import Endpoint, answer
from helpdesk.api.schema import describes
from helpdesk.api.shapes.base import moment
from helpdesk.api.shapes.promises import CalendarShape, HolidayShape, PolicyShape, PreviewShape, targets
from helpdesk.models import Calendar, SLAPolicy
from helpdesk.permissions import Right
from helpdesk.selectors import api, calendars, policies
from helpdesk.selectors.versions import among

R = TypeVar("R", Calendar, SLAPolicy)


class Policies(Endpoint):
    """All policies."""

    @describes("list_policies", "sla", answers={200: PolicyShape(many=True)})
    def get(self, request: Request) -> HttpResponse:
        """List the SLA policies as they are in force."""
        require(self.actor, Right.SEE_SETUP)
        now = timezone.now()
        return answer([_policy(row, now) for row in api.policies()])


class OnePolicy(Endpoint):
    """A policy."""

    @describes("read_policy", "sla", answers={200: PolicyShape})
    def get(self, request: Request, code: str) -> HttpResponse:
        """Read an SLA policy as it is in force."""
        require(self.actor, Right.SEE_SETUP)
        return answer(_policy(_named(api.policies(), code), timezone.now()))


class PolicyPreview(Endpoint):
    """What its draft would do."""

    @describes("preview_policy", "sla", answers={200: PreviewShape})
    def get(self, request: Request, code: str) -> HttpResponse:
        """Tell what the draft of a policy would do to open tickets."""
        require(self.actor, Right.SEE_SETUP)
        now = timezone.now()
        return answer(PreviewShape.write(policies.preview(_draft(api.policies(), code, now), self.actor, now)))


class Calendars(Endpoint):
    """All calendars."""

    @describes("list_calendars", "sla", answers={200: CalendarShape(many=True)})
    def get(self, request: Request) -> HttpResponse:
        """List the calendars as they are in force."""
        require(self.actor, Right.SEE_SETUP)
        now = timezone.now()
        return answer([_calendar(row, now) for row in api.calendars()])


class OneCalendar(Endpoint):
    """A calendar."""

    @describes("read_calendar", "sla", answers={200: CalendarShape})
    def get(self, request: Request, code: str) -> HttpResponse:
        """Read a calendar as it is in force."""
        require(self.actor, Right.SEE_SETUP)
        return answer(_calendar(_named(api.calendars(), code), timezone.now()))


class CalendarPreview(Endpoint):
    """What its draft would do."""

    @describes("preview_calendar", "sla", answers={200: PreviewShape})
    def get(self, request: Request, code: str) -> HttpResponse:
        """Tell what the draft of a calendar would do to open tickets."""
        require(self.actor, Right.SEE_SETUP)
        now = timezone.now()
        return answer(PreviewShape.write(calendars.preview(_draft(api.calendars(), code, now), self.actor, now)))


def _named(rows: Iterable[R], code: str) -> R:
    found = next((row for row in rows if row.code == code), None)
    if found is None:
        raise Http404(_("There is no “%(value)s”.") % {"value": code[:80]})
    return found


def _draft(rows: Iterable[R], code: str, now: datetime) -> Any:
    draft = among(_named(rows, code).versions.all(), now).draft
    if draft is None:
        raise Http404(_("There is no draft."))
    return draft


def _head(row: Calendar | SLAPolicy, version: Any, draft: Any) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "version": version and version.number,
        "valid_from": moment(version and version.valid_from),
        "draft": draft and draft.number,
    }


def _policy(row: SLAPolicy, now: datetime) -> dict[str, Any]:
    known = among(row.versions.all(), now)
    version = known.in_force
    return {
        **_head(row, version, known.draft),
        "description": row.description,
        "is_active": row.is_active,
        "calendar": version and version.calendar.code,
        "targets": targets(version.parsed()) if version else [],
    }


def _calendar(row: Calendar, now: datetime) -> dict[str, Any]:
    known = among(row.versions.all(), now)
    version = known.in_force
    return {
        **_head(row, version, known.draft),
        "time_zone": version and version.time_zone,
        "week": version.week if version else {},
        "holidays": [HolidayShape.write(day) for day in version.holidays.all()] if version else [],
    }
