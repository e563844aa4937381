"""Files: sent one at a time before the message that carries them, and loaded by whoever may read that."""

import hashlib
from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from django.core.files import File
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.request import Request

from helpdesk.actions import files
from helpdesk.actions.files import NewFile
from helpdesk.api import repeats
from helpdesk.api.base import Endpoint, answer
from helpdesk.api.problems import Problem
from helpdesk.api.schema import describes
from helpdesk.api.shapes.base import Told
from helpdesk.middleware import BoundedFiles, too_large
from helpdesk.requests import length_of
from helpdesk.selectors.settings import desk_settings
from helpdesk.views.portal.files import attached
from helpdesk.waiting_files import is_there, seal

# What surrounds the file in a form.
_AROUND = 64 << 10
_FORM = "multipart/form-data"


class UploadInput(serializers.Serializer[object]):
    """One file."""

    file = serializers.FileField()


class UploadShape(Told):
    """A file that waits for its message, for less than a day."""

    upload = serializers.CharField(help_text="Its name for `uploads` of a message or a ticket; of use to you alone.")
    name = serializers.CharField()
    size = serializers.IntegerField()
    media_type = serializers.CharField()


class Uploads(Endpoint):
    """Files on their way."""

    parser_classes = ()

    def refuse_large(self, request: Request) -> None:
        """Let so much come that one file of the largest size fits, and let it end there."""
        row = desk_settings()
        if self.plain.content_type != _FORM:
            words = _("Send one file as a form (%(type)s), in the field “file”.") % {"type": _FORM}
            raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", words)
        if length_of(self.plain) > (most := row.max_file_mb << 20) + _AROUND:
            raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", too_large(1, most))
        self.plain.upload_handlers = [BoundedFiles(self.plain, row), *self.plain.upload_handlers]

    @describes("create_upload", "files", sends={_FORM: UploadInput}, answers={201: UploadShape}, repeatable=True)
    def post(self, request: Request) -> HttpResponse:
        """Send a file. It waits for the message or the ticket that names it."""
        self.sent = UploadInput().fields.keys()
        file = self.plain.FILES.get("file")
        if file is None:
            words = _("The file did not arrive. Send it in the field “file”.")
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "missing", words, (("file", words),))

        def parts() -> dict[str, object]:
            return {"file": [file.name, _digest(file)], "others": dict(self.plain.POST.lists())}

        once = repeats.Once.of(request, self.actor, still=self._still_there, parts=parts)
        before = once.answered()
        if before is not None:
            return before
        with files.written(content=file, name=file.name or "", by=self.actor) as new:
            return once.carry_out(lambda: self._kept(new))

    def _still_there(self, told: Any) -> None:
        files.require_sender(self.actor)
        if not is_there(told["upload"], self.actor):
            raise Http404(_("This file waited too long and is gone. Send it again, by another key."))

    def _kept(self, file: NewFile) -> HttpResponse:
        files.keep(file=file, by=self.actor)
        kept = seal(file, self.actor)
        blob = kept.file.blob
        told = {"upload": kept.note, "name": kept.file.name, "size": blob.size, "media_type": blob.media_type}
        return answer(told, HTTPStatus.CREATED)


def _digest(file: "File[bytes]") -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()


class Attachments(Endpoint):
    """The bytes of a file."""

    @describes("download_attachment", "files", answers={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, key: UUID) -> HttpResponse:
        """Load a file that is on a message which the caller may read."""
        return cast("HttpResponse", attached(self.plain, self.actor, key))
