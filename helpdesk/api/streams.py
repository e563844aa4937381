"""Long answers: line by line, a part read, sent and forgotten before the next one is read.

The last line says that it is the last one, since not everything between here and the reader lets a cut be seen. Each
line tells where one who has it, and no more, goes on.
"""

import csv
import io
import json
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import structlog
from django.conf import settings
from django.http import HttpRequest, StreamingHttpResponse

from helpdesk.api import limits
from helpdesk.api.shapes.base import Shape
from helpdesk.domain.spreadsheets import harmless

log = structlog.get_logger(__name__)

# What the last line says: all is told, or there is more to ask for.
COMPLETE, MORE = "complete", "more"
# The name of what to go on with, in each line, and of how it ended, in the last one.
_MARK, _END = "changed_after", "end"
# A reader has to take so much within the time that senders have: each of them keeps a thread.
_PIECE: Final = 1 << 16
# Seconds after which it ends with `more`, however slowly it was taken: others need the thread, and it goes on at once.
LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows, each with the mark after which one goes on who has it; the mark after all; whether there is more."""

    rows: Sequence[tuple[str, Mapping[str, Any]]]
    mark: str
    has_more: bool


class Form(Protocol):
    """How rows become lines."""

    media_type: str

    def head(self) -> str:
        """What comes before the first row."""
        ...

    def line(self, row: Mapping[str, Any], mark: str) -> str:
        """A row."""
        ...

    def last(self, end: str, mark: str) -> str:
        """What comes after the last one."""
        ...


class NdJson:
    """A JSON object in each line. All beyond ASCII is escaped: of some characters programs think that a line ends."""

    media_type = "application/x-ndjson"

    def head(self) -> str:
        """Nothing."""
        return ""

    def line(self, row: Mapping[str, Any], mark: str) -> str:
        """The row, as in a page, and its mark."""
        return f"{json.dumps({**row, _MARK: mark}, separators=(',', ':'))}\n"

    def last(self, end: str, mark: str) -> str:
        """How it ended."""
        return self.line({_END: end}, mark)


class Csv:
    """A table: what is inside of another object has a column of its own, `queue.code`; lists are JSON.

    The mark is the last column, so that whoever has the mark of a line has all of it.
    """

    media_type = "text/csv; charset=utf-8"

    def __init__(self, shape: type[Shape], only: Sequence[str] | None) -> None:
        self._columns = tuple(shape.columns(only))

    def head(self) -> str:
        """The names of the columns."""
        return _row([*map(".".join, self._columns), _END, _MARK])

    def line(self, row: Mapping[str, Any], mark: str) -> str:
        """The row; texts as a spreadsheet shows them and never runs them."""
        return _row([*(_cell(row, path) for path in self._columns), "", mark])

    def last(self, end: str, mark: str) -> str:
        """How it ended, in a line without a ticket."""
        return _row([*("" for _path in self._columns), end, mark])


def _row(cells: Sequence[str | int]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()


def _cell(row: Mapping[str, Any], path: tuple[str, ...]) -> str | int:
    value: Any = row
    for name in path:
        value = None if value is None else value.get(name)
    if isinstance(value, list):
        value = json.dumps(value, ensure_ascii=False)
    return value if isinstance(value, int) else harmless(value or "")


def streamed(
    request: HttpRequest, form: Form, first: Part, following: Callable[[Part], Part | None], *, person: int
) -> StreamingHttpResponse:
    """The lines of the first part, and of those that follow it. `following` finds none where it may not go on now.

    Raises a problem (429) where the person has as many under way as they may.
    """
    if (connection := request.META.get("gunicorn.socket")) is not None:
        connection.settimeout(settings.UPLOAD_SILENCE)
    if request.method == "HEAD":
        return StreamingHttpResponse((), content_type=form.media_type)
    # The last pieces, which began in time, may take as long as pieces may.
    give_back = limits.hold(f"user-{person}", LONGEST + 3 * settings.UPLOAD_SILENCE)
    pieces = _Pieces(_pieces(request, _texts(form, first, following)), give_back)
    return StreamingHttpResponse(pieces, content_type=form.media_type)


class _Pieces:
    """What is sent; its place is given back as soon as nobody takes more of it, be it before the first piece."""

    def __init__(self, pieces: Generator[bytes, None, None], give_back: Callable[[], object]) -> None:
        self._pieces, self._give_back = pieces, give_back

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces

    def close(self) -> None:
        """Let go of it."""
        self._pieces.close()
        self._give_back()


def _texts(form: Form, first: Part, following: Callable[[Part], Part | None]) -> Iterator[str]:
    """Some whole lines at a time, and the last one: after all parts, or as soon as the time is up."""
    until = time.monotonic() + LONGEST
    part: Part | None = first
    last, text = first, form.head()
    while part is not None:
        last = part
        for mark, row in part.rows:
            text += form.line(row, mark)
            if len(text) >= _PIECE:
                yield text
                text = ""
                if time.monotonic() >= until:
                    yield form.last(MORE, mark)
                    return
        yield text
        text = ""
        part = following(last) if last.has_more and time.monotonic() < until else None
    yield form.last(MORE if last.has_more else COMPLETE, last.mark)


def _pieces(request: HttpRequest, texts: Iterator[str]) -> Generator[bytes, None, None]:
    try:
        for text in texts:
            data = text.encode()
            for begin in range(0, len(data), _PIECE):
                yield data[begin : begin + _PIECE]
    except Exception:
        # The server ends the connection then, before the last line.
        log.exception("A stream was cut.", request_id=getattr(request, "request_id", ""))
        raise
