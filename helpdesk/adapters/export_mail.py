"""The mail that says that a file is ready."""

from typing import Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from helpdesk.actions.exports import EXPORT_MAIL
from helpdesk.choices import Channel
from helpdesk.models import Delivery, Export
from helpdesk.registry import DeliveryKind, PermanentFailure
from helpdesk.selectors.brand import brand


def export_message(delivery: Delivery) -> EmailMultiAlternatives:
    """The mail, in its reader's language and zone. It leads to the file's page, which asks who is there."""
    export = _export_of(delivery)
    if export is None:
        raise PermanentFailure("The file that this mail is about is gone.")
    person = export.owner
    with translation.override(person.spoken_language), timezone.override(person.time_zone):
        path = reverse("admin:exports" if export.channel == Channel.DESK else "portal:exports")
        context = {"person": person, "export": export, "brand": brand(), "link": f"{settings.BASE_URL}{path}"}
        subject = _("Your file is ready: %(name)s") % {"name": export.name}
        return EmailMultiAlternatives(subject, render_to_string("mail/export.txt", context), to=[person.email])


def _export_of(delivery: Delivery) -> Export | None:
    """The file, where it can still be loaded. A delivery that was given up has forgotten which it was."""
    ready = Export.objects.select_related("owner").filter(pk=delivery.payload.get("export"))
    return next((export for export in ready if export.is_ready), None)


def _is_still_wanted(delivery: Delivery) -> bool:
    export = _export_of(delivery)
    return export is not None and export.owner.is_active


KIND: Final = DeliveryKind(EXPORT_MAIL, _is_still_wanted)
