"""Signs of life of the Celery worker and of beat, kept in the broker for `/readyz`."""

import logging
import time
from typing import TYPE_CHECKING, Any

import redis
from celery import bootsteps
from django.conf import settings

if TYPE_CHECKING:
    from celery.worker import WorkController

logger = logging.getLogger(__name__)
NAMES = ("worker", "beat")


def connection() -> "redis.Redis[bytes]":
    """A connection to the broker that gives up soon; opened when it is used first."""
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=settings.BROKER_TIMEOUT,
        socket_connect_timeout=settings.BROKER_TIMEOUT,
        retry=None,
    )


def _key(name: str) -> str:
    return f"watchdesk:heartbeat:{name}"


def record(client: "redis.Redis[bytes]", name: str) -> None:
    """Say that `name` is alive; the sign goes away by itself."""
    try:
        client.set(_key(name), "1", ex=settings.HEARTBEAT_MISSING_AFTER)
    except redis.RedisError as error:
        logger.warning("The heartbeat of %s did not reach the broker: %s", name, error)


def missing(client: "redis.Redis[bytes]") -> list[str]:
    """Which of worker and beat gave no sign of life lately."""
    found = client.mget([_key(name) for name in NAMES])
    return [name for name, sign in zip(NAMES, found, strict=True) if sign is None]


class WorkerHeartbeat(bootsteps.StartStopStep):
    """Records from the worker's own timer, so a worker whose loop hangs counts as missing."""

    requires = {"celery.worker.components:Timer"}

    def __init__(self, parent: "WorkController", **options: Any) -> None:
        super().__init__(parent, **options)
        self.client = connection()
        self.timer_entry: Any = None

    def start(self, parent: "WorkController") -> None:
        """Record now and from then on."""
        record(self.client, "worker")
        self.timer_entry = parent.timer.call_repeatedly(
            settings.HEARTBEAT_EVERY.total_seconds(), record, (self.client, "worker"), priority=10
        )

    def stop(self, parent: "WorkController") -> None:
        """Stop recording."""
        if self.timer_entry is not None:
            self.timer_entry.cancel()


class Pulse:
    """Beat's heartbeat: recorded from its loop, but not more often than needed."""

    def __init__(self) -> None:
        self.client = connection()
        self.last = float("-inf")

    def beat(self) -> None:
        """Record when the last record is old enough."""
        now = time.monotonic()
        if now - self.last >= settings.HEARTBEAT_EVERY.total_seconds():
            self.last = now
            record(self.client, "beat")
