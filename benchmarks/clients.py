"""Programs that ask one thing again and again, each on a connection that it keeps: a process of its own.

It knows nothing of Django, and no more of HTTP than it needs: what it took from the cores, the server would miss.
"""

import json
import re
import socket
import sys
import threading
import time
from typing import Any, Final

_LENGTH: Final = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)
_HEAD_ENDS: Final = b"\r\n\r\n"
# Who waits for longer waits in vain.
_PATIENCE: Final = 20.0


def main() -> None:
    """Read from standard input what to ask, how often at once and for how long; write what came of it."""
    told = json.load(sys.stdin)
    begins = time.monotonic() + told["warm"]
    ends = begins + told["seconds"]
    found: list[list[float]] = [[] for _client in range(told["clients"])]
    failures = list[str]()

    def run(spans: list[float]) -> None:
        try:
            _ask(told, begins, ends, spans)
        except (OSError, ValueError) as error:
            failures.append(str(error))

    threads = [threading.Thread(target=run, args=(spans,)) for spans in found]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spans = [span for own in found for span in own]
    json.dump({"spans": spans, "used": time.process_time(), "failures": failures}, sys.stdout)


def _ask(told: dict[str, Any], begins: float, ends: float, spans: list[float]) -> None:
    request, wanted = told["request"].encode(), f" {told['status']} ".encode()
    with socket.create_connection(("127.0.0.1", told["port"]), timeout=_PATIENCE) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while (before := time.monotonic()) < ends:
            head = _answer(line, request)
            if before >= begins:
                spans.append((time.monotonic() - before) * 1000)
            if wanted not in head.partition(b"\r\n")[0]:
                raise ValueError(head.decode(errors="replace"))


def _answer(line: socket.socket, request: bytes) -> bytes:
    """The head of the answer, after all of its body has come."""
    line.sendall(request)
    came = b""
    while _HEAD_ENDS not in came:
        came += _more(line)
    head, _end, body = came.partition(_HEAD_ENDS)
    length = _LENGTH.search(head + b"\r\n")
    if length is None:
        raise ValueError("An answer without a length.")
    left = int(length[1]) - len(body)
    while left > 0:
        left -= len(_more(line))
    return head


def _more(line: socket.socket) -> bytes:
    data = line.recv(1 << 16)
    if not data:
        raise ValueError("The server hung up.")
    return data


if __name__ == "__main__":
    main()
