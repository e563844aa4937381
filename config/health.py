"""`/healthz`: the process answers. `/readyz`: all that the desk needs is there, or 503 with the reason.

Both are answered before any other middleware, so that they work without a session, whatever name the prober
uses for the host, and while the database is away.
"""

import hmac
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import psycopg
import redis
from django.conf import settings
from django.contrib import auth
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from config import heartbeat
from helpdesk.registry import due_probes

logger = logging.getLogger(__name__)


@dataclass
class Report:
    """What was found: reasons for a 503 that anybody may read, and details for those who run the desk."""

    reasons: list[str] = field(default_factory=list)
    details: dict[str, Any] = field(default_factory=dict)


class HealthMiddleware:
    """Answers the two addresses and lets everything else through."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == "/healthz":
            return _never_stored(JsonResponse({"status": "ok"}))
        if request.path_info == "/readyz":
            return _never_stored(readyz(request))
        return self.get_response(request)


def _never_stored(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


def readyz(request: HttpRequest) -> HttpResponse:
    """200 when everything is there, otherwise 503 with the reasons."""
    report = examine()
    body: dict[str, Any] = {"status": "unavailable" if report.reasons else "ok"}
    if report.reasons:
        body["reasons"] = report.reasons
    if _may_see_details(request):
        body["details"] = report.details
    return JsonResponse(body, status=503 if report.reasons else 200)


def examine() -> Report:
    """Look at everything once. It takes a few seconds at most, whatever is broken."""
    report = Report()
    if _examine_database(report):
        _examine_due_rows(report)
    _examine_broker(report)
    return report


def _examine_database(report: Report) -> bool:
    # Not through the pool, which would wait for a connection much longer than a prober does.
    parameters = {**connection.get_connection_params(), "connect_timeout": 2}
    try:
        with psycopg.connect(**parameters) as probe:
            probe.execute("SELECT 1")
    except psycopg.Error as error:
        report.reasons.append("The database does not answer.")
        report.details["database"] = str(error).strip()
        return False
    report.details["database"] = "ok"
    return True


def _examine_due_rows(report: Report) -> None:
    now = timezone.now()
    for probe in due_probes:
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL statement_timeout = '1s'")
                oldest = probe.oldest_due()
        except DatabaseError as error:
            logger.exception("The probe %s failed.", probe.name)
            report.reasons.append(f"{probe.name}: cannot be read.")
            report.details[probe.name] = str(error).strip()
            continue
        report.details[probe.name] = {"oldest_due": oldest, "late_after_seconds": probe.late_after.total_seconds()}
        if oldest is not None and now - oldest > probe.late_after:
            minutes = int((now - oldest).total_seconds() // 60)
            report.reasons.append(f"{probe.name}: the oldest has been due for {minutes} min.")


def _examine_broker(report: Report) -> None:
    client = heartbeat.connection()
    try:
        missing = heartbeat.missing(client)
    except redis.RedisError as error:
        report.reasons.append("The broker does not answer.")
        report.details["broker"] = str(error)
        return
    finally:
        client.close()
    report.details["broker"] = "ok"
    for name in heartbeat.NAMES:
        report.details[name] = "missing" if name in missing else "ok"
    report.reasons += [f"The {name} gives no sign of life." for name in missing]


def _may_see_details(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    if settings.READYZ_TOKEN and hmac.compare_digest(given, settings.READYZ_TOKEN.encode()):
        return True
    session_key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if not session_key:
        return False
    try:
        request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
        return bool(getattr(auth.get_user(request), "is_staff", False))
    except (DatabaseError, redis.RedisError):
        return False
