"""Each answer in its reader's language and zone; what is sent to us, in bounds."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final, TypeVar

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from helpdesk import keeping
from helpdesk.models import DeskSettings, User
from helpdesk.requests import is_measured, length_of
from helpdesk.selectors.settings import desk_settings

V = TypeVar("V", bound=Callable[..., Any])

# All that a form without files holds, with its escapes; who is not known to us sends no more.
_SMALL: Final = 4 << 20
# What surrounds the files in a form: its other fields, and the words between the parts.
_AROUND: Final = 1 << 20
_ONE_FILE: Final = "carries_one_file"


class ReadersPlace:
    """Turn on the zone and the language that a signed-in person chose, and the set-up that was read with them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            return self.get_response(request)
        language = request.LANGUAGE_CODE = user.spoken_language
        mark = getattr(user, "setup_mark", None)
        with timezone.override(user.time_zone), translation.override(language), keeping.under(mark):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def carries_one_file(view: V) -> V:
    """Mark a view to which one file at a time is sent."""
    setattr(view, _ONE_FILE, True)
    return view


class BodyLimit:
    """Refuse what is too large by what its head says of it, before a byte of it is read or written anywhere.

    A body whose length is not told would be taken for empty, and is refused; one that is longer than told is cut there.
    A sender that falls silent in the middle is given up after a while.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """The refusal, or nothing where the view may have it."""
        length = length_of(request)
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            return None
        if not length:
            # The API says so by itself.
            taken = is_measured(request) or hasattr(view, "cls")
            return None if taken else HttpResponse(status=HTTPStatus.LENGTH_REQUIRED)
        if (connection := request.META.get("gunicorn.socket")) is not None:
            connection.settimeout(settings.UPLOAD_SILENCE)
        if length <= _AROUND or hasattr(view, "cls"):
            # The API looks at it by itself, once it knows who comes by a token.
            return None
        if not isinstance(request.user, User):
            return None if length <= _SMALL else _refuse(request, 1, _SMALL)
        row = desk_settings()
        files = 1 if getattr(view, _ONE_FILE, False) else row.max_files
        if length > max(files * (row.max_file_mb << 20) + _AROUND, _SMALL):
            return _refuse(request, files, row.max_file_mb << 20)
        request.upload_handlers = [BoundedFiles(request, row), *request.upload_handlers]
        return None


def too_large(files: int, each: int) -> str:
    """What is said where so many files of so many bytes each would be taken."""
    limit = {"limit": each >> 20, "files": files}
    if files == 1:
        return _("This file is larger than %(limit)d MB, which is the limit. Share a link or split it.") % limit
    return _("Your files are too large together: one message takes %(files)d of up to %(limit)d MB each.") % limit


def _refuse(request: HttpRequest, files: int, each: int) -> HttpResponse:
    words = too_large(files, each)
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"error": words}, status=status)
    return render(request, "413.html", {"words": words}, status=status)


class BoundedFiles(FileUploadHandler):
    """Lets so much of each file through that the action sees it is too large, and so many files that it sees it are
    too many: nobody fills the disk with what will be refused.
    """

    def __init__(self, request: HttpRequest, row: DeskSettings) -> None:
        super().__init__(request)
        self._most = row.max_file_mb << 20
        self._files_left = row.max_files + 1

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A file begins."""
        super().new_file(*args, **kwargs)
        self._files_left -= 1
        if self._files_left < 0:
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """The chunk, for the handlers that keep it, or nothing where there is more than enough of it."""
        return raw_data if start <= self._most else None

    def file_complete(self, file_size: int) -> None:
        """The file is another handler's."""
