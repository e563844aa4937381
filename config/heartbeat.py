"""Signs of life of the Celery workers and of beat, kept in the broker for `/readyz`."""

import logging
import os
import socket
import time
from typing import TYPE_CHECKING, Any

import redis
from celery import bootsteps
from django.conf import settings

if TYPE_CHECKING:
    from celery.worker import WorkController

logger = logging.getLogger(__name__)
NAMES = ("worker", "beat")


def connection() -> redis.Redis:
    """A connection to the broker that gives up soon; opened when it is used first."""
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=settings.BROKER_TIMEOUT,
        socket_connect_timeout=settings.BROKER_TIMEOUT,
        retry=None,
    )


def _key(name: str) -> str:
    return f"watchdesk:heartbeat:{name}"


def missing(client: redis.Redis) -> list[str]:
    """Which of worker and beat gave no sign of life lately."""
    since = time.time() - settings.HEARTBEAT_MISSING_AFTER.total_seconds()
    return [name for name in NAMES if not client.zcount(_key(name), since, "+inf")]


class Pulse:
    """The heartbeat of this process: several workers may run, and each has its own."""

    def __init__(self, name: str) -> None:
        self.client = connection()
        self.name = name
        self.member = f"{socket.gethostname()}:{os.getpid()}"
        self.last = float("-inf")

    def beat(self) -> None:
        """Say that this process is alive. What nobody renews goes away by itself."""
        now, lifetime = time.time(), settings.HEARTBEAT_MISSING_AFTER.total_seconds()
        try:
            with self.client.pipeline() as pipeline:
                pipeline.zadd(_key(self.name), {self.member: now})
                pipeline.zremrangebyscore(_key(self.name), "-inf", now - lifetime)
                pipeline.expire(_key(self.name), settings.HEARTBEAT_MISSING_AFTER)
                pipeline.execute()
        except redis.RedisError as error:
            logger.warning("The heartbeat of %s did not reach the broker: %s", self.name, error)

    def beat_now_and_then(self) -> None:
        """The same for a loop that turns more often than needed."""
        now = time.monotonic()
        if now - self.last >= settings.HEARTBEAT_EVERY.total_seconds():
            self.last = now
            self.beat()

    def end(self) -> None:
        """Say that this process ends, so that nobody counts on it until the sign runs out."""
        try:
            self.client.zrem(_key(self.name), self.member)
        except redis.RedisError as error:
            logger.warning("The end of %s did not reach the broker: %s", self.name, error)


class WorkerHeartbeat(bootsteps.StartStopStep):
    """Records from the worker's own timer, so a worker whose loop hangs counts as missing."""

    requires = ("celery.worker.components:Timer",)

    def __init__(self, parent: "WorkController", **options: Any) -> None:
        super().__init__(parent, **options)
        self.pulse = Pulse("worker")
        self.timer_entry: Any = None

    def start(self, parent: "WorkController") -> None:
        """Record now and from then on."""
        self.pulse.beat()
        timer: Any = parent.timer  # Its stubs know only one of the two kinds.
        every = settings.HEARTBEAT_EVERY.total_seconds()
        self.timer_entry = timer.call_repeatedly(every, self.pulse.beat, priority=10)

    def stop(self, parent: "WorkController") -> None:
        """Stop recording."""
        if self.timer_entry is not None:
            self.timer_entry.cancel()
        self.pulse.end()
