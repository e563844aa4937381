"""The files that people attach in the demo: small, and what their names say."""

import io
import struct
import zlib
from typing import IO, Final

_WIDE, _HIGH = 480, 270
Colour = tuple[int, int, int]
_TEXTS: Final = {
    "csv": "room;from;until;name\nRoom 4;10:00;10:30;Visit 1881\nRoom 4;10:00;11:00;Visit 18",
    "log": "\n".join(
        f"09:{minute:02d}:07 sync  GET /v1/visits?page={minute} -> {504 if minute > 18 else 200}"
        for minute in range(10, 26)
    ),
    "json": '{\n  "event": "booking.changed",\n  "id": "bk_5521",\n  "attempt": 3,\n  "status": 401\n}\n',
    "txt": "Almanac 9.4\nzone: local\ncalendar: two-way\nlast sync: failed (token expired)\n",
    "ics": "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nSUMMARY:Visit\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
}


def sheet(name: str) -> IO[bytes]:
    """The content of a file of this name; the same name is always the same file."""
    ending = name.rpartition(".")[2]
    return io.BytesIO(_window(name) if ending == "png" else _TEXTS[ending].encode())


def _window(name: str) -> bytes:
    """A picture as of a screen: a bar, a side, some rows, and one of them in red."""
    red = zlib.crc32(name.encode()) % 6
    rows = []
    for y in range(_HIGH):
        line = (y - 50) // 34
        inside = y >= 50 and (y - 50) % 34 < 22 and line < 6
        colour: Colour = (178, 58, 52) if line == red else (206, 214, 219)
        rows.append(_row(y, colour if inside else (250, 251, 251)))
    return _png(rows)


def _row(y: int, colour: Colour) -> bytes:
    if y < 30:
        return bytes((15, 118, 110)) * _WIDE
    return (
        bytes((235, 240, 240)) * 110 + bytes((250, 251, 251)) * 20 + bytes(colour) * 320 + bytes((250, 251, 251)) * 30
    )


def _png(rows: list[bytes]) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", _WIDE, _HIGH, 8, 2, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
