"""Files leave the desk as files: to be saved, never to be shown or run inside the site."""

from uuid import UUID

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from helpdesk import access
from helpdesk.actors import Actor
from helpdesk.requests import actor_of
from helpdesk.serving import serve


@require_safe
def download(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The bytes of an attachment, for whoever may read its message."""
    return attached(request, actor_of(request), key)


def attached(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponseBase:
    """The same for whoever asks."""
    attachment = access.get_attachment(actor, key)
    try:
        # A browser may keep it, and asks here each time whether its reader still may.
        options = {"as_attachment": True, "filename": attachment.name}
        return serve(request, attachment.blob, keep="private, no-cache", **options)
    except FileNotFoundError as error:
        raise Http404(_("This file is lost on our side. Please ask for it again.")) from error


@require_safe
def small(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The small picture of an attachment, for the same readers: of our own making, and so shown inside pages."""
    return small_of(request, actor_of(request), key)


def small_of(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponseBase:
    """The same for whoever asks."""
    picture = access.get_attachment(actor, key).blob.picture
    if picture is None or picture.small is None:
        raise Http404(_("There is no small picture of this file."))
    try:
        return serve(request, picture.small, keep="private, max-age=3600")
    except FileNotFoundError as error:
        raise Http404(_("This file is lost on our side. Please ask for it again.")) from error
