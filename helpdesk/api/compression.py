"""Answers in fewer bytes for who takes them: by Django's own gzip.

Only what is answered to a token. An answer tells by its length what of it repeats itself (BREACH); to make use of that
somebody has to let a browser ask in its person's name, and a browser sends cookies by itself, but no token.
"""

import re
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

# Files are packed already, or may be asked for in parts.
_TEXTS: Final = frozenset({"application/json", "application/problem+json", "application/x-ndjson", "text/csv"})
_REFUSED: Final = re.compile(r"\bgzip\s*;\s*q=0(?:\.0*)?\s*(?:,|\Z)", re.IGNORECASE)
# It leaves alone what is too short to become shorter, and makes a strong ETag a weak one.
_gzip: Final = GZipMiddleware(lambda _request: HttpResponse())


def compressed(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The answer as it was made, or packed where the caller takes that."""
    kind = response.get("Content-Type", "").partition(";")[0]
    if kind not in _TEXTS or _REFUSED.search(request.headers.get("Accept-Encoding", "")):
        return response
    return _gzip.process_response(request, response)
