"""Asking again and again, and what can be said of how long it took."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor

from helpdesk.prepared import ask

# A case ends after so many seconds, however often it was to be asked.
_PATIENCE = 20.0
# So often PostgreSQL makes a plan for the given values before it keeps one for any, and a little more.
_WARM = 10
# The text of a query, its values, and whether the database has it prepared.
_Asked = tuple[str, Any, bool]


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
    for _number in range(_WARM):
        call()
    asked = list[_Asked]()

    def note(execute: Any, sql: str, params: Any, *rest: Any) -> Any:
        asked.append((sql, params, isinstance(rest[-1]["cursor"].cursor, ServerBindingCursor)))
        return execute(sql, params, *rest)

    with connection.execute_wrapper(note):
        call()
    spans = timed(call, times)
    return Timing(spans, len(asked), statistics.median(timed(_replay(asked), times)) if reads else None)


def _replay(asked: list[_Asked]) -> Callable[[], None]:
    """The same queries by the driver alone, those prepared that were: what no Python of ours could make quicker."""
    reading = [one for one in asked if one[0].startswith(("SELECT", "(SELECT", "WITH"))]

    def run() -> None:
        with connection.cursor() as cursor:
            # Without Django's wrapper.
            raw = cursor.cursor
            for sql, params, is_prepared in reading:
                if is_prepared:
                    ask(sql, params)
                else:
                    raw.execute(sql, params)
                    raw.fetchall()

    return run
