"""What somebody without an account types: a report, and where the answer shall go."""

import time
from typing import Any, Final

from django import forms
from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.forms.tickets import NewTicketForm

_SALT: Final = "helpdesk.guests.begun"
# Nobody reads and fills in the form within so many seconds.
_QUICKEST: Final = 3


class GuestForm(NewTicketForm):
    """A report with its sender's name and address.

    `website` is seen by nobody, and `begun` says when the form was opened: what a program filled in comes back to be
    sent once more, with everything in it, which costs a person a click and a program its patience.
    """

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=120,
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": gettext_lazy("Write your name, so that we know how to address you.")},
    )
    email = forms.CharField(
        label=gettext_lazy("Your e-mail address"),
        help_text=gettext_lazy("We send a link there. Your report reaches us once you have opened it."),
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={"required": gettext_lazy("Write your e-mail address.")},
    )
    website = forms.CharField(
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}),
        label=gettext_lazy("Leave empty"),
    )
    begun = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        self._was_trapped = bool(data and data.get("website"))
        if self._was_trapped:
            data = data.copy()
            data["website"] = ""
        super().__init__(data, *args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self._was_trapped or not self._took_time():
            self.add_error(None, _("Please look over your report once more, then send it again."))
        return cleaned

    def _took_time(self) -> bool:
        begun = _begun(self.data.get("begun", ""))
        return begun is not None and time.time() - begun >= _QUICKEST

    @property
    def next_begun(self) -> str:
        """When the form was opened, sealed, as the page carries it."""
        sent = self.data.get("begun", "") if self.is_bound else ""
        return sent if _begun(sent) is not None else signing.dumps(time.time(), salt=_SALT)


def _begun(note: str) -> float | None:
    try:
        return float(signing.loads(note, salt=_SALT))
    except (signing.BadSignature, TypeError, ValueError):
        return None
