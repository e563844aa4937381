"""Long answers: line by line, a part read, sent and forgotten before the next one is read.

The last line says that it is the last one, since not everything between here and the reader lets a cut be seen. Each
line tells where one who has it, and no more, goes on.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import structlog
from django.conf import settings
from django.http import HttpRequest, StreamingHttpResponse

from helpdesk.api.shapes.base import Shape
from helpdesk.domain.spreadsheets import harmless

log = structlog.get_logger(__name__)

# What the last line says: all is told, or there is more to ask for.
COMPLETE, MORE = "complete", "more"
# The name of what to go on with, in each line, and of how it ended, in the last one.
_MARK, _END = "changed_after", "end"
# A reader has to take so much within the time that senders have: each of them keeps a thread.
_PIECE: Final = 1 << 16


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
    request: HttpRequest, form: Form, first: Part, following: Callable[[Part], Part | None]
) -> StreamingHttpResponse:
    """The lines of the first part, and of those that follow it. `following` finds none where it may not go on now."""
    if (connection := request.META.get("gunicorn.socket")) is not None:
        connection.settimeout(settings.UPLOAD_SILENCE)
    pieces = () if request.method == "HEAD" else _pieces(request, _texts(form, first, following))
    return StreamingHttpResponse(pieces, content_type=form.media_type)


def _texts(form: Form, first: Part, following: Callable[[Part], Part | None]) -> Iterator[str]:
    last = first
    yield form.head() + _lines(form, first)
    while last.has_more and (part := following(last)) is not None:
        last = part
        yield _lines(form, part)
    yield form.last(MORE if last.has_more else COMPLETE, last.mark)


def _lines(form: Form, part: Part) -> str:
    return "".join(form.line(row, mark) for mark, row in part.rows)


def _pieces(request: HttpRequest, texts: Iterator[str]) -> Iterator[bytes]:
    try:
        for text in texts:
            data = text.encode()
            for begin in range(0, len(data), _PIECE):
                yield data[begin : begin + _PIECE]
    except Exception:
        # The server ends the connection then, before the last line.
        log.exception("A stream was cut.", request_id=getattr(request, "request_id", ""))
        raise
