"""The set-up pages of what everybody sees: the brand and the announcements."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar, Final

from django import forms
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminColorInputWidget, UnfoldAdminTextInputWidget, UnfoldBooleanSwitchWidget

from helpdesk.actions.files import LOGO_KB, LOGO_TYPES, store_logo
from helpdesk.admin.base import DeskModelAdmin, OneRow, SetupForm
from helpdesk.admin.translated import InLanguages, TranslatedTexts
from helpdesk.choices import Audience
from helpdesk.models import Announcement, Brand
from helpdesk.requests import actor_of
from helpdesk.templatetags.desk import when


class BrandForm(SetupForm):
    """Name, colour and logo. The picture is stored only when all the rest of the form is right."""

    derived = ("logo",)
    logo_file = forms.FileField(
        label=_("New logo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ",".join(LOGO_TYPES), "class": "logo-file"}),
        help_text=format_lazy(
            _("PNG, JPEG or WebP, up to {limit} kB. It stands 32 pixels high beside the name."), limit=LOGO_KB
        ),
    )
    no_logo = forms.BooleanField(
        label=_("Show no logo"),
        required=False,
        widget=UnfoldBooleanSwitchWidget(),
        help_text=_("The name stands alone again."),
    )

    class Meta:
        model = Brand
        fields = ("name", "accent")
        widgets: ClassVar = {"accent": UnfoldAdminColorInputWidget()}


class BrandPage(OneRow):
    """How the desk presents itself."""

    form = BrandForm
    fields = ("name", "accent", "logo_now", "logo_file", "no_logo")
    readonly_fields = ("logo_now",)
    helps: Mapping[str, Any] = MappingProxyType(
        {
            "name": _("Stands on top of each page, in the titles of windows, and in each mail as its sender."),
            "accent": _(
                "Of links and buttons. Where it is too light or too dark to be read, a readable shade of it is taken."
            ),
        }
    )

    @display(description=_("Logo"))  # type: ignore[untyped-decorator] # Unfold ships no types
    def logo_now(self, brand: Brand) -> SafeString:
        return render_to_string("desk/setup/logo.html", {"brand": brand})

    def save_related(
        self,
        request: HttpRequest,
        form: SetupForm,
        formsets: Sequence["BaseInlineFormSet[Any, Any, Any]"],
        change: bool,
    ) -> None:
        brand: Brand = form.instance
        if form.cleaned_data["logo_file"] is not None:
            brand.logo = store_logo(content=form.cleaned_data["logo_file"], by=actor_of(request))
        elif form.cleaned_data["no_logo"]:
            brand.logo = None
        super().save_related(request, form, formsets, change)


_MOMENT: Final = "%Y-%m-%dT%H:%M"


def _moment() -> forms.DateTimeInput:
    """One field for day and time, which the browser itself draws."""
    drawn = UnfoldAdminTextInputWidget().attrs
    return forms.DateTimeInput(attrs={**drawn, "type": "datetime-local"}, format=_MOMENT)


class AnnouncementForm(TranslatedTexts, SetupForm):
    """What is told, from when until when, in the writer's own zone."""

    translated = ("title", "body")
    starts_at = forms.DateTimeField(label=_("From"), widget=_moment(), initial=timezone.now)
    ends_at = forms.DateTimeField(label=_("Until"), widget=_moment(), required=False)

    class Meta:
        model = Announcement
        fields = ("title", "body", "level", "audience", "organization", "starts_at", "ends_at", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = timezone.get_current_timezone_name()
        for name, words in (
            ("starts_at", _("In your time zone, %(zone)s.")),
            ("ends_at", _("In your time zone, %(zone)s. Empty: it stays until somebody ends it.")),
        ):
            if name in self.fields:
                self.fields[name].help_text = words % {"zone": zone}

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        starts, ends = self.cleaned_data.get("starts_at"), self.cleaned_data.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("It has to end after it starts."))
        if "audience" in self.fields:
            self._check_organization()
        return cleaned

    def _check_organization(self) -> None:
        """An organisation is named exactly where its people are meant."""
        is_meant = self.cleaned_data.get("audience") == Audience.ORGANIZATION
        if is_meant and not self.cleaned_data.get("organization"):
            self.add_error("organization", _("Choose the organisation whose people it is for."))
        elif not is_meant and self.cleaned_data.get("organization"):
            self.add_error("organization", _("Leave this empty, or choose above that it is for the people of one."))


class AnnouncementPage(InLanguages, DeskModelAdmin):
    """What the desk tells people on their first page."""

    form = AnnouncementForm
    change_form_outer_after_template = "desk/setup/announcement.html"
    list_display = ("title", "level", "for_whom", "from_when", "until_when", "state")
    list_select_related = ("organization",)
    list_filter = ("level", "audience", "is_active")
    autocomplete_fields = ("organization",)
    search_fields = ("title", "body")
    search_help_text = _("Words of the title or the text")
    ordering = ("-starts_at", "-pk")
    fields = ("title", "body", "level", "audience", "organization", "starts_at", "ends_at", "is_active")
    helps: Mapping[str, Any] = MappingProxyType(
        {
            "title": _("What there is to know, in one line."),
            "body": _("What it means for people, and until when. Markdown; empty where the title says it all."),
            "audience": _("Who works in the desk reads on its home all but what is for one organisation."),
            "organization": _("Whose people read it. Only where it is for the people of one."),
            "level": _("Announcements of something that does not work stand first."),
            "is_active": _("Take the mark away to withdraw it at once."),
        }
    )

    @display(description=_("for"))  # type: ignore[untyped-decorator] # Unfold ships no types
    def for_whom(self, row: Announcement) -> str:
        return str(row.organization or row.get_audience_display())

    @display(description=_("from"), ordering="starts_at")  # type: ignore[untyped-decorator] # Unfold ships no types
    def from_when(self, row: Announcement) -> SafeString | str:
        return when(row.starts_at)

    @display(description=_("until"), ordering="ends_at")  # type: ignore[untyped-decorator] # Unfold ships no types
    def until_when(self, row: Announcement) -> SafeString | str:
        return when(row.ends_at) if row.ends_at else "–"

    @display(description=_("state"))  # type: ignore[untyped-decorator] # Unfold ships no types
    def state(self, row: Announcement) -> Any:
        now = timezone.now()
        if not row.is_active:
            return _("Withdrawn")
        if row.starts_at > now:
            return _("Coming")
        return _("Over") if row.ends_at and row.ends_at <= now else _("Shown now")
