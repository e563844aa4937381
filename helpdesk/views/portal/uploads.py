"""Files that come in one by one while somebody still writes; a script of both rooms sends them."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from helpdesk.actions import files
from helpdesk.errors import DomainError
from helpdesk.middleware import carries_one_file
from helpdesk.permissions import Right, holds
from helpdesk.requests import actor_of
from helpdesk.views.refusals import STATUSES
from helpdesk.waiting_files import seal


# Who has been logged out meanwhile gets words, not the login page: a script asks.
@carries_one_file
@login_not_required
@require_POST
def take(request: HttpRequest) -> JsonResponse:
    """Store one file, and hand out the note by which a form of the same person names it."""
    if not request.user.is_authenticated:
        return _refuse(
            _("You are logged out. Log in again in another tab, then try again here."), HTTPStatus.UNAUTHORIZED
        )
    actor = actor_of(request)
    if not holds(actor, Right.FILE_TICKET):
        return _refuse(_("You may not send files."), HTTPStatus.FORBIDDEN)
    file = request.FILES.get("file")
    if file is None:
        return _refuse(_("The file did not arrive. Please try again."), HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        kept = seal(files.store(content=file, name=file.name or "", by=actor), actor)
    except DomainError as refusal:
        return _refuse(str(refusal), STATUSES[refusal.code])
    blob = kept.file.blob
    return JsonResponse({"note": kept.note, "name": kept.file.name, "size": blob.size})


def _refuse(words: str, status: HTTPStatus) -> JsonResponse:
    return JsonResponse({"error": words}, status=status)
