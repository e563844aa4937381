"""Stored bytes leave the desk: never to be run inside the site, whatever they are."""

import re
from http import HTTPStatus
from typing import IO, Any, Final

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from helpdesk.models import Blob

_RANGE: Final = re.compile(r"\Abytes=([0-9]{0,15})-([0-9]{0,15})\Z")


def serve(request: HttpRequest, blob: Blob, *, keep: str, **options: Any) -> HttpResponseBase:
    """The bytes; `keep` says who may keep them for how long, `options` are those of the response.

    Who has them already is told so; a part of them is given to who goes on with a broken download. Raises
    FileNotFoundError where the storage lost them.
    """
    tag = f'"{blob.sha256}"'
    answer: HttpResponseBase
    known = get_conditional_response(request, etag=tag)
    if known is not None:
        answer = known
    elif (part := _part_of(request, blob.size, tag)) is None:
        answer = FileResponse(default_storage.open(blob.storage_name), content_type=blob.media_type, **options)
    elif not part:
        answer = HttpResponse(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
        answer["Content-Range"] = f"bytes */{blob.size}"
    else:
        answer = _partial(blob, part, options)
    answer["ETag"] = tag
    answer["Accept-Ranges"] = "bytes"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = keep
    return answer


def _part_of(request: HttpRequest, size: int, tag: str) -> range | None:
    """The bytes that are asked for, an empty range where there are none such, None for all of them.

    Several parts at once, and a part of what has changed since, are answered with the whole.
    """
    asked = _RANGE.match(request.headers.get("Range", ""))
    if asked is None or request.method != "GET" or request.headers.get("If-Range", tag) != tag:
        return None
    first, last = asked.groups()
    if not first:
        return range(max(size - int(last), 0), size) if last else None
    if last and int(last) < int(first):
        return None
    return range(int(first), min(int(last) + 1 if last else size, size))


def _partial(blob: Blob, part: range, options: dict[str, Any]) -> FileResponse:
    content = _Slice(default_storage.open(blob.storage_name), part)
    answer = FileResponse(content, status=HTTPStatus.PARTIAL_CONTENT, content_type=blob.media_type, **options)
    answer["Content-Length"] = str(len(part))
    answer["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{blob.size}"
    return answer


class _Slice:
    """A part of a file, to be read once."""

    def __init__(self, content: IO[bytes], part: range) -> None:
        self._content = content
        self._left = len(part)
        content.seek(part.start)

    def read(self, size: int = -1) -> bytes:
        """The next bytes of the part."""
        wanted = self._left if size < 0 else min(size, self._left)
        chunk = self._content.read(wanted)
        self._left -= len(chunk)
        return chunk

    def close(self) -> None:
        """Close the file itself."""
        self._content.close()
