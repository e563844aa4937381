"""What people say about themselves."""

from collections import defaultdict
from typing import Any, Final
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

_REGIONS: Final = (
    "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
)  # fmt: skip


def zone_choices(current: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The time zones by their part of the world, with the present one, whatever it is."""
    by_region: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for zone in sorted(available_timezones()):
        region, _slash, place = zone.partition("/")
        if place and region in _REGIONS:
            by_region[region].append((zone, place.replace("_", " ").replace("/", ", ")))
    choices = [(region, by_region[region]) for region in _REGIONS if by_region[region]]
    listed = {zone for _region, zones in choices for zone, _label in zones}
    others = [zone for zone in dict.fromkeys(("UTC", current)) if zone not in listed]
    return [*choices, (str(_("Other")), [(zone, zone) for zone in others])]


class ProfileForm(forms.Form):
    """Name, language and zone. The rules are the action's."""

    name = forms.CharField(
        label=_("Your name"),
        help_text=_("It stands beside what you write."),
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": _("Write your name, so that we know how to address you.")},
    )
    language = forms.ChoiceField(label=_("Language"), help_text=_("Of these pages and of the mails that you get."))
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("All times are shown in it."),
        error_messages={"invalid_choice": _("Choose a time zone from the list.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language, zone = self.fields["language"], self.fields["time_zone"]
        assert isinstance(language, forms.ChoiceField)
        assert isinstance(zone, forms.ChoiceField)
        language.choices = settings.LANGUAGES
        zone.choices = zone_choices(str(self.initial.get("time_zone", "UTC")))
