"""What administrators choose about people's accounts."""

from django import forms
from django.utils.translation import gettext_lazy as _

from helpdesk.actors import Actor
from helpdesk.forms.pick import PickField


class MergeForm(forms.Form):
    """Into which account another one is merged."""

    into = PickField(
        "account",
        label=_("Merge into"),
        help_text=_("The account that stays. Type a name or an address."),
        error_messages={"required": _("Choose the account that stays.")},
    )

    def __init__(self, *args: object, actor: Actor, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type] # handed on as they came
        field = self.fields["into"]
        assert isinstance(field, PickField)
        field.ask(actor)
