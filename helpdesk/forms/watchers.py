"""Who else shall follow a ticket."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _


class WatcherForm(forms.Form):
    """The address of somebody. What makes an address is the action's to say."""

    email = forms.CharField(
        label=_("Their e-mail address"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "off"}),
        error_messages={"required": _("Write the e-mail address.")},
    )

    def __init__(self, data: QueryDict | dict[str, str] | None = None) -> None:
        # Its fields stand on one page with those of the reply.
        super().__init__(data, auto_id="watcher_%s")
