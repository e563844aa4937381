"""Several at once, for tests of races: each call in a thread and on a connection of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection

from helpdesk.selectors.transactions import horizon, own_number
from tests.processes import wait_until


def together(*calls: Callable[[], Any]) -> list[Any]:
    """Start all calls at the same moment. Returns their results in order, an exception where one was raised."""
    gate = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            gate.wait(timeout=10)
            return call()
        except Exception as error:  # noqa: BLE001 - whatever it is, the test wants to see it
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def all_told() -> None:
    """Wait until what was written so far is older than every transaction that is open.

    Changes are told up to the oldest one of the whole server, on which other tests work at the same time.
    """

    written = own_number()
    wait_until(lambda: horizon() > written, "an open transaction ends", seconds=120)
