"""What the demo has mailed, for whoever looks around in it."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from helpdesk.domain.mails import pieces
from helpdesk.requests import actor_of
from helpdesk.selectors import mailbox as mails
from helpdesk.selectors.privacy import hidden_from
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
    waiting = [] if before else list(mails.waiting())
    outgoing = [letter.delivery for letter in shown.letters if letter.delivery] + waiting
    hidden = hidden_from(actor_of(request), [row.ticket for row in outgoing if row.ticket])
    context = {
        "title": _("Mailbox"),
        "letters": [
            (letter, list(pieces(letter.mail.text, base)))
            for letter in shown.letters
            if letter.delivery is None or letter.delivery.ticket_id not in hidden
        ],
        "older": shown.older,
        "is_first": not before,
        "waiting": [(row, delivery_kind(row)) for row in waiting if row.ticket_id not in hidden],
    }
    return page(request, "desk/mailbox.html", context)
