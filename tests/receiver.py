"""A real web server on loopback that takes webhooks, and behaves as badly as it is told."""

import contextlib
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.conf import LazySettings

Behave = Callable[[BaseHTTPRequestHandler], None]


def status(code: int, text: str = "", **headers: str) -> Behave:
    """Answers so."""

    def behave(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(text)))
        handler.end_headers()
        handler.wfile.write(text.encode())

    return behave


def drop(handler: BaseHTTPRequestHandler) -> None:
    """Hangs up without a word."""
    handler.close_connection = True


@dataclass
class Receiver:
    """What came in, and what the next ones are answered; with nothing told, all is well."""

    port: int = 0
    calls: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    script: list[Behave] = field(default_factory=list)
    # Set at the end: whoever holds a caller lets go.
    over: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str = "/hook", scheme: str = "http", host: str = "127.0.0.1") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def hang(self, _handler: BaseHTTPRequestHandler) -> None:
        """Takes the call and says nothing."""
        self.over.wait(20)

    def drip(self, handler: BaseHTTPRequestHandler) -> None:
        """Answers a byte now and then, for ever."""
        with contextlib.suppress(OSError):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
            while not self.over.wait(0.02):
                handler.wfile.write(b"x")

    @contextlib.contextmanager
    def running(self, tls: ssl.SSLContext | None = None) -> Iterator["Receiver"]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.calls.append((self.path, headers, body))
                (receiver.script.pop(0) if receiver.script else status(200))(self)

            def log_message(self, *_args: Any) -> None:
                """Nothing to standard output."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_args: Any) -> None:
                """Callers that hang up are no news."""

        with Server(("127.0.0.1", 0), Handler) as server:
            if tls is not None:
                server.socket = tls.wrap_socket(server.socket, server_side=True)
            self.port = server.server_address[1]
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
            thread.start()
            try:
                yield self
            finally:
                self.over.set()
                server.shutdown()
                thread.join()


@pytest.fixture
def receiver(settings: LazySettings) -> Iterator[Receiver]:
    """One that the desk may call."""
    with Receiver().running() as running:
        settings.WEBHOOK_PLAIN_HTTP = True
        settings.WEBHOOK_ALLOWED_NETWORKS = ["127.0.0.0/8"]
        settings.WEBHOOK_ALLOWED_PORTS = [running.port]
        yield running
