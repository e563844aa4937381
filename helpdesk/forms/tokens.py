"""New tokens, as their owners ask for them."""

from datetime import datetime, timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from helpdesk.actors import Actor
from helpdesk.forms.tickets import OnceForm
from helpdesk.models import ApiToken, Queue
from helpdesk.scopes import TokenScope
from helpdesk.selectors import desk

_NEVER: Final = "0"
_DAYS: Final = (
    ("30", _("in 30 days")),
    ("90", _("in 90 days")),
    ("365", _("in a year")),
    (_NEVER, _("when it is revoked")),
)
# What nobody can do without working here.
_OF_STAFF: Final = frozenset(TokenScope) - {TokenScope.TICKETS_READ, TokenScope.TICKETS_WRITE}


class TokenForm(OnceForm):
    """A name, what it is for, where, and for how long."""

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("By which you will know it: the system or the script that uses it."),
        error_messages={"required": _("Write a name by which you will know it.")},
    )
    scopes = forms.MultipleChoiceField(
        label=_("It may"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Never more than you may do yourself."),
        error_messages={"required": _("Choose what the token may be used for.")},
    )
    queues = forms.MultipleChoiceField(
        label=_("Only in these queues"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: wherever you see tickets."),
    )
    ends = forms.ChoiceField(label=_("It ends"), choices=_DAYS, initial="90")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._whose = actor.person
        if actor.person.is_integration:
            self.fields["scopes"].help_text = _("Never more than the integration may do.")
            self.fields["queues"].help_text = _("None chosen: wherever the integration sees tickets.")
        offered = [one for one in TokenScope if actor.person.is_staff or one not in _OF_STAFF]
        self.fields["scopes"].choices = [(one.value, one.label) for one in offered]  # type: ignore[attr-defined] # a choice field
        self._queues = {str(queue.pk): queue for queue in desk.seen_queues(actor) if queue.is_active}
        if self._queues:
            self.fields["queues"].choices = [(pk, queue.name) for pk, queue in self._queues.items()]  # type: ignore[attr-defined] # as above
        else:
            del self.fields["queues"]

    def chosen(self, now: datetime) -> dict[str, Any]:
        """What the action asks for."""
        given, days = self.cleaned_data, int(self.cleaned_data["ends"])
        queues: list[Queue] = [self._queues[pk] for pk in given.get("queues", ())]
        ends = now + timedelta(days=days) if days else None
        said = {name: value for name, value in given.items() if name != "key"}
        return {
            "name": given["name"],
            "scopes": given["scopes"],
            "queues": queues,
            "expires_at": ends,
            "submission": self.submission(["token", self._whose.pk, said]),
        }


class RotateForm(OnceForm):
    """For how long the old one still works."""

    overlap = forms.TypedChoiceField(
        label=_("The old one still works"),
        coerce=int,
        choices=((0, _("not any more")), (1, _("for a day")), (7, _("for a week")), (30, _("for 30 days"))),
        initial=7,
    )

    def chosen(self, token: ApiToken) -> dict[str, Any]:
        """What the action asks for."""
        overlap = self.cleaned_data["overlap"]
        submission = self.submission(["token_rotated", token.pk, overlap])
        return {"token": token, "overlap": timedelta(days=overlap), "submission": submission}
