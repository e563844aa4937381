"""Bodies that are too large, cut off, silent or without a length cost nothing, at a real server."""

import contextlib
import re
import socket
import sys
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

import psutil
import pytest
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from config.demo.supervisor import WEB_OPTIONS
from config.embedded.files import BASE_DIR
from helpdesk.models import Attachment, Blob, DeskSettings, Ticket, User
from tests.config.checkout import free_port
from tests.factories import UserFactory, make_ticket
from tests.processes import Running, answers, running, wait_until

MB: Final = 1 << 20
TOKEN: Final = "x" * 32


def small_desk() -> None:
    DeskSettings.objects.update_or_create(pk=1, defaults={"max_files": 2, "max_file_mb": 1})


def post(client: Client, path: str, length: int, **headers: str) -> object:
    """The answer to a body that says it is so long; nothing of it is there to be read."""
    return client.generic(
        "POST", path, b"", content_type=MULTIPART_CONTENT, headers=headers, CONTENT_LENGTH=str(length)
    )


@pytest.mark.django_db
class TestRefusal:
    """By the length that the head tells."""

    @pytest.fixture(autouse=True)
    def desk(self) -> None:
        small_desk()

    @pytest.mark.parametrize(
        ("path", "length", "status"),
        [
            ("/uploads/", 4 * MB, 422),
            ("/uploads/", 4 * MB + 1, 413),
            ("/uploads/", 200 * MB, 413),
            ("/uploads/", 10**15, 413),
            ("/profile/", 200 * MB, 413),
        ],
    )
    def test_signed_in(self, path: str, length: int, status: int) -> None:
        client = Client()
        client.force_login(UserFactory.create())
        assert post(client, path, length).status_code == status  # type: ignore[attr-defined]

    @pytest.mark.parametrize("length", [4 * MB + 1, 200 * MB])
    def test_stranger(self, length: int) -> None:
        answer = post(Client(), "/accounts/login/", length)
        assert answer.status_code == 413  # type: ignore[attr-defined]

    def test_words_say_the_limit_to_people_and_scripts(self) -> None:
        client = Client()
        client.force_login(UserFactory.create())
        page = post(client, "/tickets/new/x/", 200 * MB)
        assert "one message takes 2 of up to 1 MB each" in page.content.decode()  # type: ignore[attr-defined]
        answer = post(client, "/uploads/", 200 * MB, Accept="application/json")
        said = "This file is larger than 1 MB, which is the limit. Share a link or split it."
        assert answer.json() == {"error": said}  # type: ignore[attr-defined]

    def test_length_that_is_no_number_is_no_length(self) -> None:
        answer = Client().generic("POST", "/accounts/login/", b"", CONTENT_LENGTH="-1")
        assert answer.status_code == 200


@pytest.mark.django_db
def test_one_large_file_beside_others_is_refused_by_its_name() -> None:
    DeskSettings.objects.update_or_create(pk=1, defaults={"max_files": 8, "max_file_mb": 1})
    ticket = make_ticket()
    client = Client()
    client.force_login(ticket.requester)
    large, small = BytesIO(b"x" * 4 * MB), BytesIO(b"x" * MB)
    large.name, small.name = "large.txt", "small.txt"
    answer = client.post(f"/tickets/{ticket.ref}/reply/", {"text": "See these.", "files": [large, small]})
    assert answer.status_code == 422
    assert "“large.txt” is larger than 1 MB" in answer.content.decode()
    assert [file.name for file in answer.context["uploads"].files] == ["small.txt"]
    assert Blob.objects.get().size == MB


@pytest.mark.django_db
def test_many_files_many_fields_and_broken_forms_are_refused_in_words() -> None:
    client = Client()
    client.force_login(UserFactory.create())
    tiny = [BytesIO(b"x") for _time in range(101)]
    for number, file in enumerate(tiny):
        file.name = f"{number}.txt"
    too_many_files = client.post("/tickets/new/", {"files": tiny})
    too_many_fields = client.post("/tickets/new/", {f"field{number}": "x" for number in range(1_001)})
    too_long = client.post("/tickets/new/", {"text": "x" * 3 * MB})
    for answer in (too_many_files, too_many_fields, too_long):
        assert answer.status_code == 400
        assert "send less at once" in answer.content.decode()
    for broken in (b"", b"--", encode_multipart(BOUNDARY, {"file": tiny[0]})[:-9], b"\0" * 999):
        assert client.generic("POST", "/uploads/", broken, content_type=MULTIPART_CONTENT).status_code in {400, 422}
    assert not Blob.objects.exists()
    assert not Ticket.objects.exists()


class Server:
    """A real web server, and raw connections to it as one person."""

    def __init__(self, port: int, process: Running, folder: Path, person: User) -> None:
        self.port, self._process, self.folder, self.person = port, process, folder, person
        client = Client()
        client.force_login(person)
        self._cookies = f"sessionid={client.cookies['sessionid'].value}; csrftoken={TOKEN}"

    def head(self, path: str, *lines: str, kind: str = MULTIPART_CONTENT) -> bytes:
        """The head of a request."""
        said = (
            f"POST {path} HTTP/1.1", "Host: localhost", f"Cookie: {self._cookies}", f"X-CSRFToken: {TOKEN}",
            f"Content-Type: {kind}", "Accept: application/json", *lines, "", "",
        )  # fmt: skip
        return "\r\n".join(said).encode()

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=15)

    def ask(self, *parts: bytes) -> str:
        """What comes back; the rest is not sent once the server stops listening."""
        with self.connect() as connection:
            for part in parts:
                try:
                    connection.sendall(part)
                except (BrokenPipeError, ConnectionResetError):
                    break
            return heard(connection)

    @property
    def _processes(self) -> list[psutil.Process]:
        main = psutil.Process(self._process.process.pid)
        return [main, *main.children(recursive=True)]

    @property
    def memory(self) -> int:
        """What all its processes hold."""
        return sum(process.memory_info().rss for process in self._processes)

    def holds(self, connection: socket.socket) -> bool:
        """Whether it still keeps the other end of the connection."""
        ours = connection.getsockname()
        return any(one.raddr == ours for process in self._processes for one in process.net_connections("tcp4"))

    @property
    def on_disk(self) -> int:
        """What it wrote, finished or not."""
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())


def heard(connection: socket.socket) -> str:
    """The answer; nothing where the connection is closed without one."""
    said = b""
    with contextlib.suppress(ConnectionResetError):
        while not is_whole(said) and (more := connection.recv(65536)):
            said += more
    return said.decode()


def is_whole(said: bytes) -> bool:
    """Whether the answer is there to its end."""
    head, _blank, body = said.partition(b"\r\n\r\n")
    told = re.search(rb"(?i)^content-length: (\d+)", head, re.MULTILINE)
    return told is not None and len(body) >= int(told[1])


@pytest.fixture
def server(process_environment: dict[str, str], tmp_path: Path) -> Iterator[Server]:
    small_desk()
    port, folder = free_port(), tmp_path / "written"
    folder.mkdir()
    environment = {
        **process_environment, "TMPDIR": str(folder), "MEDIA_ROOT": str(folder / "files"), "UPLOAD_SILENCE": "1",
    }  # fmt: skip
    options = (*WEB_OPTIONS.split(), "--workers", "1", "--graceful-timeout", "1")
    gunicorn = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", *options]
    with running(gunicorn, tmp_path / "web.log", folder=BASE_DIR, environment=environment) as process:
        wait_until(lambda: answers(f"http://127.0.0.1:{port}/healthz"), process.said, seconds=60)
        yield Server(port, process, folder, UserFactory.create())


@pytest.mark.django_db(transaction=True)
def test_real_server_bounds_what_it_reads_and_writes(server: Server) -> None:
    file_head = b'--%s\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n' % BOUNDARY.encode()
    file_tail = b"\r\n--%s--\r\n" % BOUNDARY.encode()
    at_rest, before = server.on_disk, server.memory
    # 200 MB are refused by their head alone.
    started = time.monotonic()
    assert " 413 " in server.ask(server.head("/uploads/", f"Content-Length: {200 * MB}"))
    assert time.monotonic() - started < 5
    assert " 413 " in server.ask(server.head("/uploads/", f"Content-Length: {10**12}"), file_head, b"x" * 9 * MB)
    # Of a body without a length nothing is taken, nor anything else done than was asked.
    chunk = b"100000\r\n" + b"x" * MB + b"\r\n"
    for path in ("/uploads/", "/api/v1/tickets/"):
        assert " 411 " in server.ask(server.head(path, "Transfer-Encoding: chunked"), *[chunk] * 8, b"0\r\n\r\n")
    # What passes by its length and not by its file: so much of it is written as shows that it is too large.
    size = 3 * MB + MB // 2
    length = f"Content-Length: {len(file_head) + size + len(file_tail)}"
    assert "larger than 1 MB" in server.ask(server.head("/uploads/", length), file_head + b"x" * size + file_tail)
    # Killed half-way, and silent half-way.
    with server.connect() as connection:
        connection.sendall(server.head("/uploads/", length) + file_head + b"x" * MB)
    with server.connect() as connection:
        connection.sendall(server.head("/uploads/", length) + file_head + b"x")
        assert " 200 " not in heard(connection)
    with server.connect() as connection:
        connection.sendall(server.head("/api/v1/tickets/", "Content-Length: 99", kind="application/json") + b'{"sub')
        assert " 408 " in heard(connection)
    wait_until(lambda: server.on_disk == at_rest, "half files to go")
    assert server.memory - before < 60 * MB
    assert not Blob.objects.exists()
    # All threads are free again.
    good = file_head + b"hello" + file_tail
    assert " 200 " in server.ask(server.head("/uploads/", f"Content-Length: {len(good)}"), good)
    assert Blob.objects.get().size == 5
    assert not Attachment.objects.exists()
