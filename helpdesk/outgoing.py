"""Calling addresses that somebody gave: the one way by which the desk does that, made so that it leads nowhere else.

The name is resolved once. Every address that it has must be open (`domain.addresses`), and the connection is made to
one of these, never to the name again, so that a name server that answers otherwise a moment later changes nothing. The
certificate is checked for the name. Nothing is followed, no proxy of the environment is asked, and all of it together,
resolving and reading too, ends after some seconds: who answers drop by drop holds up nobody for longer.
"""

import contextlib
import functools
import http.client
import io
import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings

from helpdesk.domain.addresses import Fault, Ip, Rules, Target, WrongAddress, is_open, read

_ANSWER: Final = 64 << 10
_CHUNK: Final = 16 << 10
_LOOK: Final = 3.0
# One machine among several that are away shall not use up the time of the others.
_CONNECT: Final = 4.0

Resolve = Callable[[str, int], Sequence[str]]


class CallFailed(Exception):
    """Nothing was answered that could be read; the words are for who looks after the address."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back: the status, and the beginning of the text."""

    status: int
    text: str


def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a name, as the system knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(row[4][0]) for row in found))


@functools.cache
def _certificates() -> ssl.SSLContext:
    return ssl.create_default_context()


class Deadline:
    """The moment at which all of a call has to be over."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    def left(self) -> float:
        """The seconds until then. Raises TimeoutError where it is over."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("It took too long.")
        return left


@dataclass(frozen=True)
class Wire:
    """How addresses are called. Tests give it names and certificates of their own."""

    rules: Rules
    resolve: Resolve = resolve
    certificates: Callable[[], ssl.SSLContext] = _certificates
    seconds: float = 10.0

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answered:
        """Send the body there. Raises `WrongAddress` for what is not called, and `CallFailed` where nothing came."""
        target, deadline = read(url, self.rules), Deadline(self.seconds)
        try:
            with contextlib.closing(self._connected(target, deadline)) as line:
                _send(line, _request(target, body, headers), deadline)
                return _answer(line, deadline)
        except (TimeoutError, OSError, http.client.HTTPException) as error:
            raise CallFailed(_told(error)) from error

    def check(self, url: str) -> None:
        """Whether it is called, as far as can be told now: raises `WrongAddress`. A name may come to be later."""
        target = read(url, self.rules)
        with contextlib.suppress(OSError):
            self._addresses(target, Deadline(_LOOK))

    def _connected(self, target: Target, deadline: Deadline) -> socket.socket:
        """A connection to one of the addresses of the name, all of which are open."""
        failed: OSError = OSError("The name has no address.")
        for ip in self._addresses(target, deadline):
            try:
                line = socket.create_connection((str(ip), target.port), timeout=min(_CONNECT, deadline.left()))
            except OSError as error:
                failed = error
                continue
            try:
                return self._secured(line, target, deadline) if target.is_secure else line
            except BaseException:
                line.close()
                raise
        raise failed

    def _addresses(self, target: Target, deadline: Deadline) -> Sequence[Ip]:
        found = _in_time(lambda: self.resolve(target.host, target.port), deadline)
        addresses = [ipaddress.ip_address(text) for text in found]
        if not all(is_open(ip, self.rules.networks) for ip in addresses):
            raise WrongAddress(Fault.CLOSED)
        return addresses

    def _secured(self, line: socket.socket, target: Target, deadline: Deadline) -> socket.socket:
        line.settimeout(deadline.left())
        return self.certificates().wrap_socket(line, server_hostname=target.host)


def wire() -> Wire:
    """The wire by the settings."""
    return Wire(_rules(), seconds=settings.WEBHOOK_SECONDS)


def _rules() -> Rules:
    return Rules(
        ports=frozenset(settings.WEBHOOK_ALLOWED_PORTS),
        plain_http=settings.WEBHOOK_PLAIN_HTTP,
        networks=[ipaddress.ip_network(text) for text in settings.WEBHOOK_ALLOWED_NETWORKS],
    )


def _in_time(ask: Callable[[], Sequence[str]], deadline: Deadline) -> Sequence[str]:
    """What is found, or nothing after the deadline: the system's own search for a name cannot be told to hurry."""
    results: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()

    def run() -> None:
        try:
            results.put(ask())
        except Exception as error:  # noqa: BLE001 - it is raised where it is waited for
            results.put(error)

    threading.Thread(target=run, daemon=True).start()
    try:
        found = results.get(timeout=deadline.left())
    except queue.Empty as error:
        raise TimeoutError("Its name was not found in time.") from error
    if isinstance(found, Exception):
        raise found
    return found


def _request(target: Target, body: bytes, headers: Mapping[str, str]) -> bytes:
    own = {
        "Host": target.authority,
        "User-Agent": "Watchdesk",
        "Content-Length": str(len(body)),
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    lines = [f"POST {target.path} HTTP/1.1", *(f"{name}: {value}" for name, value in {**own, **headers}.items())]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body


def _send(line: socket.socket, data: bytes, deadline: Deadline) -> None:
    rest = memoryview(data)
    while rest:
        line.settimeout(deadline.left())
        rest = rest[line.send(rest[:_CHUNK]) :]


class _Bounded(io.RawIOBase):
    """What is read from a connection: no longer than until the deadline, and no more than the limit."""

    def __init__(self, line: socket.socket, deadline: Deadline) -> None:
        self._line, self._deadline, self._left = line, deadline, _ANSWER

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        room = memoryview(buffer)[: self._left]
        if not room:
            return 0
        self._line.settimeout(self._deadline.left())
        count = self._line.recv_into(room)
        self._left -= count
        return count


@dataclass(frozen=True, slots=True)
class _Readable:
    """As much of a socket as the library's reader of answers asks for."""

    raw: _Bounded

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self.raw, _CHUNK)


def _answer(line: socket.socket, deadline: Deadline) -> Answered:
    readable: Any = _Readable(_Bounded(line, deadline))
    response = http.client.HTTPResponse(readable, method="POST")
    response.begin()
    text = b""
    # The status is known; whether its text comes whole makes no difference.
    with contextlib.suppress(OSError, http.client.HTTPException):
        text = response.read(_ANSWER)
    return Answered(response.status, text.decode(errors="replace"))


def _told(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return str(error) if error.args and isinstance(error.args[0], str) else "It took too long."
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"Its certificate does not hold: {error.verify_message}"
    return f"{type(error).__name__}: {error}"
