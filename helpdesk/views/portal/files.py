"""Files leave the desk as files: to be saved, never to be shown or run inside the site."""

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from helpdesk import access
from helpdesk.requests import actor_of
from helpdesk.views.serving import serve


@require_safe
def download(request: HttpRequest, key: UUID) -> FileResponse:
    """The bytes of an attachment, for whoever may read its message."""
    attachment = access.get_attachment(actor_of(request), key)
    try:
        return serve(attachment.blob, keep="private, no-store", as_attachment=True, filename=attachment.name)
    except FileNotFoundError as error:
        raise Http404(_("This file is lost on our side. Please ask for it again.")) from error
