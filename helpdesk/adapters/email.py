"""Mail leaves: a delivery becomes a message in its reader's language and goes to the mail server."""

import smtplib
from collections.abc import Callable
from email.utils import formataddr, parseaddr
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import mark_safe

from helpdesk.actions.exports import EXPORT_MAIL
from helpdesk.actions.letters import ACCOUNT_MAIL
from helpdesk.adapters import mail_wire
from helpdesk.adapters.export_mail import export_message
from helpdesk.adapters.letters import compose
from helpdesk.adapters.mail_words import TicketMail, ticket_mail
from helpdesk.domain.colours import palette
from helpdesk.domain.markup import to_html
from helpdesk.models import Brand, Delivery, User
from helpdesk.registry import PermanentFailure, Sender
from helpdesk.selectors.brand import brand

_PERMANENT: Final = range(500, 600)


def send(delivery: Delivery) -> str:
    """Hand the mail to the server and return its Message-ID, which every try of this delivery carries."""
    message = _MESSAGES.get(delivery.kind, _ticket_message)(delivery)
    message_id = f"<{delivery.token}@{_domain()}>"
    message.from_email = _sender()
    message.extra_headers |= {
        "Message-ID": message_id,
        "Auto-Submitted": "auto-generated",
    }
    try:
        mail_wire.send(message)
    except smtplib.SMTPRecipientsRefused as error:
        if all(code in _PERMANENT for code, _reason in error.recipients.values()):
            raise PermanentFailure(str(error)) from error
        raise
    except smtplib.SMTPDataError as error:
        if error.smtp_code in _PERMANENT:
            raise PermanentFailure(str(error)) from error
        raise
    return message_id


SENDER: Final = Sender("email", send, mail_wire.session)


def _sender() -> str:
    """The desk's address under its brand's name; while nobody has set one, under the name in the settings."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    ours = brand().name
    return formataddr((name if ours == Brand().name else ours, address))


def _domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


def _account_mail(delivery: Delivery) -> EmailMultiAlternatives:
    subject, body = compose(delivery)
    return EmailMultiAlternatives(subject, body, to=[delivery.payload["address"]])


_MESSAGES: Final[dict[str, Callable[[Delivery], EmailMultiAlternatives]]] = {
    ACCOUNT_MAIL: _account_mail,
    EXPORT_MAIL: export_message,
}


def _ticket_message(delivery: Delivery) -> EmailMultiAlternatives:
    """Rendered when it leaves: in the reader's language and zone, and from rows that may be erased by then."""
    person = delivery.recipient
    if not isinstance(person, User):
        raise PermanentFailure("A mail about a ticket has nobody to go to.")
    with translation.override(person.spoken_language), timezone.override(person.time_zone):
        mail = ticket_mail(delivery, person)
        context = _context(mail, person)
        message = EmailMultiAlternatives(
            mail.subject,
            render_to_string("mail/ticket.txt", context),
            to=[person.email],
            headers={"References": f"<ticket-{mail.ticket.number}@{_domain()}>"},
        )
        message.attach_alternative(render_to_string("mail/ticket.html", context), "text/html")
    return message


def _context(mail: TicketMail, person: User) -> dict[str, Any]:
    body, row = mail.message.body if mail.message else "", brand()
    return {
        "mail": mail,
        "person": person,
        "brand": row,
        "accent": palette(row.accent.lower()).light.accent,
        "body": body,
        "body_html": mark_safe(to_html(body)),  # noqa: S308 - `to_html` cleaned it
        "link": f"{settings.BASE_URL}{mail.path}",
    }
