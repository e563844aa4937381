"""The set-up pages of what people see: the brand."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminColorInputWidget, UnfoldBooleanSwitchWidget

from helpdesk.actions.files import LOGO_KB, LOGO_TYPES, store_logo
from helpdesk.admin.base import OneRow, SetupForm
from helpdesk.models import Brand
from helpdesk.requests import actor_of


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
