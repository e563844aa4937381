"""Somebody without an account writes to the demo, and confirms it."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from helpdesk.actions import consumers, guests
from helpdesk.models import GuestFiling, Ticket
from helpdesk.selectors.brand import brand
from helpdesk.selectors.guests import topics

_SUBJECT: Final = "Can a club without an account book your rooms?"
_BODY: Final = (
    "We are a choir of forty and sing in one of the houses that you look after. Could guests like us book a room "
    "by ourselves, without somebody at reception doing it for us?"
)
_FORM: Final = UUID("5f1d0a3e-7c7e-4a51-9a53-0f9b0c6a2d11")


def write(now: datetime) -> None:
    """File the report of a guest, once: the newest ticket of all."""
    topic = topics().filter(code="idea").first()
    if topic is None or Ticket.objects.filter(subject=_SUBJECT).exists():
        return
    report = guests.GuestReport(
        form_key=_FORM,
        email="alma.berg@choir.example",
        name="Alma Berg",
        subject=_SUBJECT,
        body=_BODY,
        category=topic,
        answers={},
    )
    keys = list[UUID]()

    def mail(filing: GuestFiling, key: UUID) -> guests.Words:
        keys.append(key)
        return _mail(filing, key)

    guests.keep_report(report=report, network="192.0.2.0/24", now=now - timedelta(minutes=4), mail=mail)
    for key in keys:
        guests.confirm(key=key, request_id="", now=now)
    consumers.consume_due(now=now, limit=10)


def _mail(filing: GuestFiling, key: UUID) -> guests.Words:
    link = settings.BASE_URL + reverse("portal:guest_confirm", args=[key])
    text = render_to_string("mail/guest_confirm.txt", {"filing": filing, "link": link, "brand": brand()})
    return _("Please confirm your report: %(subject)s") % {"subject": filing.subject}, text
