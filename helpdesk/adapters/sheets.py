"""Tables as files: written row by row, in the same memory however long they are."""

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from types import TracebackType
from typing import IO, Any, Final, Protocol, Self

import xlsxwriter
from django.utils import timezone

from helpdesk.domain.spreadsheets import harmless, plain

Cell = str | int | Decimal | datetime | date | None
CSV: Final = "csv"
XLSX: Final = "xlsx"
TYPES: Final = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_WIDEST: Final = 60
_NARROWEST: Final = 12


class Sheet(Protocol):
    """A table on its way into a file. Leaving it finishes the file."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None: ...

    def row(self, cells: Sequence[Cell]) -> None:
        """Add a row; moments are written in the zone in force."""
        ...


class CsvSheet:
    """Text with commas, in UTF-8 with the mark by which Excel knows it."""

    def __init__(self, out: IO[bytes]) -> None:
        out.write(b"\xef\xbb\xbf")
        self._text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
        self._writer = csv.writer(self._text)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._text.detach()

    def row(self, cells: Sequence[Cell]) -> None:
        """Add a row."""
        self._writer.writerow([_as_text(cell) for cell in cells])


def _as_text(cell: Cell) -> str | int:
    if isinstance(cell, datetime):
        return f"{timezone.localtime(cell):%Y-%m-%d %H:%M}"
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        return f"{cell.normalize():f}"
    return cell if isinstance(cell, int) else harmless(cell or "")


class XlsxSheet:
    """A workbook of one sheet, whose first row stays in sight. Texts are texts, whatever they begin with."""

    def __init__(self, out: IO[bytes], title: str) -> None:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(out, options)
        self._sheet = self._book.add_worksheet(title[:31])
        self._sheet.freeze_panes(1, 0)
        self._head = self._book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._row = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            self._sheet.autofilter(0, 0, max(self._row - 1, 0), self._columns - 1)
        self._book.close()

    def row(self, cells: Sequence[Cell]) -> None:
        """Add a row; the first one is the head."""
        if not self._row:
            self._columns = len(cells)
            for place, cell in enumerate(cells):
                self._sheet.set_column(place, place, min(max(len(str(cell)) + 4, _NARROWEST), _WIDEST))
        for place, cell in enumerate(cells):
            self._write(place, cell)
        self._row += 1

    def _write(self, place: int, cell: Cell) -> None:
        where: Any = (self._row, place)
        if isinstance(cell, datetime):
            self._sheet.write_datetime(*where, timezone.make_naive(cell), self._moment)
        elif isinstance(cell, date):
            self._sheet.write_datetime(*where, cell, self._day)
        elif isinstance(cell, int | Decimal):
            self._sheet.write_number(*where, cell)
        elif cell:
            self._sheet.write_string(*where, plain(cell), None if self._row else self._head)


def sheet(form: str, out: IO[bytes], title: str) -> Sheet:
    """A table of this form (`csv`, `xlsx`) into the file."""
    return XlsxSheet(out, title) if form == XLSX else CsvSheet(out)
