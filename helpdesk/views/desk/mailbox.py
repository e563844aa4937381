"""What the demo has mailed, for whoever looks around in it."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from helpdesk.domain.mails import pieces
from helpdesk.selectors import mailbox as mails
from helpdesk.views.desk.frame import page
from helpdesk.views.desk.words import delivery_kind


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """The mails that went out, the newest first, and what still waits."""
    if not mails.is_open():
        raise Http404
    before = request.GET.get("before", "")
    shown = mails.letters(before)
    base = settings.BASE_URL
    context = {
        "title": _("Mailbox"),
        "letters": [(letter, list(pieces(letter.mail.text, base))) for letter in shown.letters],
        "older": shown.older,
        "is_first": not before,
        "waiting": [] if before else [(row, delivery_kind(row)) for row in mails.waiting()],
    }
    return page(request, "desk/mailbox.html", context)
