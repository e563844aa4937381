"""Stored bytes leave the desk: never to be run inside the site, whatever they are."""

from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse

from helpdesk.models import Blob


def serve(blob: Blob, *, keep: str, **options: Any) -> FileResponse:
    """The bytes; `keep` says who may keep them for how long, `options` are those of the response.

    Raises FileNotFoundError where the storage lost them.
    """
    content = default_storage.open(blob.storage_name)
    response = FileResponse(content, content_type=blob.media_type, **options)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = keep
    return response
