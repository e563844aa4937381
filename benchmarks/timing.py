"""Asking again and again, and what can be said of how long it took."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from django.test.utils import CaptureQueriesContext

# A case ends after so many seconds, however often it was to be asked.
_PATIENCE = 20.0


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of many askings, and the queries of one."""

    spans: list[float]
    queries: int = 0
    sql: float | None = None

    @property
    def p50(self) -> float:
        """What half of them took at most."""
        return statistics.median(self.spans)

    @property
    def p95(self) -> float:
        """What nearly all of them took at most."""
        return sorted(self.spans)[int(len(self.spans) * 0.95)]

    @property
    def quick(self) -> float:
        """What the quickest tenth took at most: other work on the machine disturbs it least."""
        return sorted(self.spans)[len(self.spans) // 10]


def timed(call: Callable[[], object], times: int) -> list[float]:
    """How long each call took, in milliseconds."""
    spans = list[float]()
    ends = time.monotonic() + _PATIENCE
    gc.collect()
    while len(spans) < times and time.monotonic() < ends:
        began = time.perf_counter()
        call()
        spans.append((time.perf_counter() - began) * 1000)
    return spans


def measured(call: Callable[[], object], times: int, *, reads: bool) -> Timing:
    """Time a call after some for warming up, count its queries, and where it only reads time these alone."""
    for _number in range(3):
        call()
    with CaptureQueriesContext(connection) as captured:
        call()
    statements = [query["sql"] for query in captured.captured_queries]
    spans = timed(call, times)
    return Timing(spans, len(statements), statistics.median(timed(_replay(statements), times)) if reads else None)


def _replay(statements: list[str]) -> Callable[[], None]:
    """The same queries by the driver alone: what no Python of ours could make quicker."""
    reading = [sql for sql in statements if sql.startswith(("SELECT", "(SELECT", "WITH"))]

    def run() -> None:
        with connection.cursor() as cursor:
            # Without Django's wrapper, and without parameters: the driver leaves a percent sign alone.
            raw = cursor.cursor
            for sql in reading:
                raw.execute(sql)
                raw.fetchall()

    return run
