"""Files leave the desk as files: to be saved, never to be shown or run inside the site."""

from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from helpdesk import access
from helpdesk.requests import actor_of


@require_safe
def download(request: HttpRequest, key: UUID) -> FileResponse:
    """The bytes of an attachment, for whoever may read its message."""
    attachment = access.get_attachment(actor_of(request), key)
    try:
        content = default_storage.open(attachment.blob.storage_name)
    except FileNotFoundError as error:
        raise Http404(_("This file is lost on our side. Please ask for it again.")) from error
    response = FileResponse(
        content, as_attachment=True, filename=attachment.name, content_type=attachment.blob.media_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
