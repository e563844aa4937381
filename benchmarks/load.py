"""Several programs lean on the API at once, at a real server: answers a second, beside those of an empty view."""

import contextlib
import http.client
import json
import os
import platform
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psutil
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.cases import Cast, api_addresses, api_ticket, api_token, cast
from config import embedded
from config.demo.supervisor import WEB_OPTIONS
from config.embedded.files import BASE_DIR

NAME: Final = "load"
CLIENTS: Final = 4
ABOUT: Final = (
    f"{CLIENTS} programs at once, each on a connection of its own, at gunicorn with `{WEB_OPTIONS}`, on "
    f"{os.cpu_count()} cores that all of it shares with PostgreSQL; Python {platform.python_version()}. "
    "The empty view is asked beside each, on the same server"
)
# What was asked for: times of the empty view.
_GOALS: Final = {"list of 25": 20, "read": 10}
_MEASURED: Final = ("list of 25", "search", "read", "changes")
_WARM, _SECONDS, _PATIENCE = 1.0, 5.0, 40.0
_EMPTY: Final = "/benchmark/empty/"
_LINES: Final = "/api/v1/tickets/changes/?format=ndjson"


@dataclass(frozen=True, slots=True)
class Round:
    """Some seconds of one thing: how long each answer took, and what the server's processes computed for it, in ms."""

    spans: list[float]
    used: float

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.spans) / _SECONDS

    @property
    def p50(self) -> float:
        """What half of them took at most."""
        return statistics.median(self.spans)

    @property
    def p95(self) -> float:
        """What nearly all of them took at most."""
        return sorted(self.spans)[int(len(self.spans) * 0.95)]


def table() -> Iterator[str]:
    """The rows. All of it takes two minutes at most."""
    given = cast()
    token = api_token(given)
    yield "| what | a second | p50 | p95 | of the empty view’s | goal | CPU of Python | of the empty view’s | queries |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|---:|"
    with _serving() as server:
        empties = list[Round]()
        for name, request, status in _requests(given, server.port, token):
            empty = server.asked(_get(server.port, _EMPTY), 200)
            empties.append(empty)
            yield _row(name, server.asked(request, status), empty, _queries(given, name, token))
        usual = sorted(empties, key=lambda one: one.p50)[len(empties) // 2]
        yield _row("empty view, the median of them", usual, usual, 0)
        yield server.lines(token)


def _row(name: str, took: Round, empty: Round, queries: int) -> str:
    goal = f"{_GOALS[name]} ×" if name in _GOALS else ""
    waits = f"{took.p50:.1f} ms | {took.p95:.1f} ms | {took.p50 / empty.p50:.1f} × | {goal}"
    return f"| {name} | {took.rate:,.0f} | {waits} | {took.used:.1f} ms | {took.used / empty.used:.1f} × | {queries} |"


def _requests(given: Cast, port: int, token: str) -> Iterator[tuple[str, str, int]]:
    addresses = api_addresses(given)
    for name in _MEASURED:
        yield name, _get(port, addresses[name], token), 200
    body = json.dumps(api_ticket(given))
    lines = (_head("POST", "/api/v1/tickets/", port, token), "Content-Type: application/json")
    yield "create", "\r\n".join((*lines, f"Content-Length: {len(body)}", "", body)), 201


def _get(port: int, address: str, token: str = "") -> str:
    return f"{_head('GET', address, port, token)}\r\n\r\n"


def _head(method: str, address: str, port: int, token: str) -> str:
    by = f"\r\nAuthorization: Bearer {token}" if token else ""
    return f"{method} {address} HTTP/1.1\r\nHost: 127.0.0.1:{port}{by}"


def _queries(given: Cast, name: str, token: str) -> int:
    """Of one answer, in this process and after a first one."""
    client = Client(headers={"host": "localhost", "authorization": f"Bearer {token}"})
    address = api_addresses(given).get(name)
    for _time in range(2):
        with CaptureQueriesContext(connection) as captured:
            if address is None:
                client.post("/api/v1/tickets/", api_ticket(given), content_type="application/json")
            else:
                client.get(address)
    return len(captured)


@dataclass(frozen=True, slots=True)
class Server:
    """A running one."""

    port: int
    process: psutil.Process

    def asked(self, request: str, status: int) -> Round:
        """What came of asking this for some seconds. Raises AssertionError where an answer was another one."""
        told = {
            "port": self.port, "request": request, "status": status,
            "clients": CLIENTS, "warm": _WARM, "seconds": _SECONDS,
        }  # fmt: skip
        before = self._used()
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.clients"],
            input=json.dumps(told),
            cwd=BASE_DIR,
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=True,
        )
        found: dict[str, Any] = json.loads(done.stdout)
        if found["failures"] or not found["spans"]:
            raise AssertionError(f"{request.partition(' HTTP')[0]}: {found['failures'][:1]}")
        # Also while it warmed up.
        count = len(found["spans"]) * (_WARM + _SECONDS) / _SECONDS
        return Round(found["spans"], (self._used() - before) / count * 1000)

    def lines(self, token: str) -> str:
        """How many tickets a second come as lines, and what memory that takes beyond what the server had."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        line.request("GET", _LINES, headers={"Authorization": f"Bearer {token}"})
        answer = line.getresponse()
        before, began, count, last = self._memory(), time.monotonic(), 0, b""
        most = before
        while time.monotonic() < began + _SECONDS and (last := answer.readline()):
            count += 1
            if count % 1_000 == 0:
                most = max(most, self._memory())
        took = time.monotonic() - began
        line.close()
        how = "all there are" if not last else "then hung up"
        grown = f"{(most - before) / (1 << 20):.0f} MB more memory"
        return f"| changes as lines, {count:,} of them, {how} | {count / took:,.0f} | | | | | {grown} | | |"

    def _used(self) -> float:
        times = [child.cpu_times() for child in self.process.children(recursive=True)]
        return sum(one.user + one.system for one in times)

    def _memory(self) -> int:
        return sum(child.memory_info().rss for child in self.process.children(recursive=True))


@contextlib.contextmanager
def _serving() -> Iterator[Server]:
    """Gunicorn as in production, on a port that nobody else uses, while the block runs."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder, "said")
        with said.open("wb") as out:
            tethered = [sys.executable, "-m", "config.tether", sys.executable, "-m"]
            process = subprocess.Popen(
                [*tethered, "gunicorn", "benchmarks.server", "--bind", f"127.0.0.1:{port}", *WEB_OPTIONS.split()],
                cwd=BASE_DIR,
                env={**os.environ, **_production(port, folder)},
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        try:
            _wait(port, process, said)
            yield Server(port, psutil.Process(process.pid))
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def _production(port: int, folder: str) -> Mapping[str, str]:
    """The settings of production, on the desk that was filled here."""
    return {
        "WATCHDESK_ENV": "production",
        "BASE_URL": f"http://127.0.0.1:{port}",
        "DATABASE_URL": embedded.database_url(),
        "REDIS_URL": embedded.redis_url(),
        "SECRET_KEY": settings.SECRET_KEY,
        "ENCRYPTION_KEYS": ",".join(settings.ENCRYPTION_KEYS),
        "EMAIL_URL": "dummymail://",
        "MEDIA_ROOT": folder,
        "DB_POOL_SIZE": "8",
        "LOG_LEVEL": "WARNING",
    }


def _wait(port: int, process: subprocess.Popen[bytes], said: Path) -> None:
    ends = time.monotonic() + _PATIENCE
    while time.monotonic() < ends and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise AssertionError(f"The server does not answer: {said.read_text(errors='replace')[-2000:]}")
