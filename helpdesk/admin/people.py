"""The set-up pages of people and of the organisations they belong to."""

from typing import ClassVar

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from helpdesk.admin.base import DeskModelAdmin, Members, NewMembers, SetupForm
from helpdesk.forms.setup import LanguageField
from helpdesk.models import OrganizationMembership, User
from helpdesk.permissions import Right


class PersonForm(SetupForm):
    """A person's account. Passwords are set by their owners alone."""

    language = LanguageField(widget=UnfoldAdminSelectWidget())

    class Meta:
        model = User
        fields = ("name", "email", "role", "region", "language", "time_zone", "is_active")
        help_texts: ClassVar = {
            "email": _("Where mails go and how they sign in. A new address has to be confirmed by them first."),
            "time_zone": _("For example Europe/Berlin."),
            "is_active": _("Who is not active cannot sign in and gets no mail. What they wrote stays."),
        }

    def clean_email(self) -> str:
        address = str(self.cleaned_data["email"]).strip().lower()
        if User.objects.filter(email__iexact=address).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("There is somebody with this address already."))
        return address


class PersonPage(DeskModelAdmin):
    """Everybody who writes to the desk or works in it."""

    right_to_see = Right.SEE_PEOPLE
    form = PersonForm
    list_display = ("name", "email", "role", "region", "is_active")
    list_select_related = ("region",)
    list_filter = ("role", "region", "is_active")
    search_fields = ("name", "email")
    search_help_text = _("Name or address")
    ordering = ("name", "pk")
    fields = ("name", "email", "role", "region", "language", "time_zone", "is_active")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        rows, doubled = super().get_search_results(request, queryset, search_term)
        # Nobody is suggested who has left.
        is_suggestion = getattr(request.resolver_match, "url_name", "") == "autocomplete"
        return (rows.filter(is_active=True) if is_suggestion else rows), doubled


class OrganizationMembers(Members):
    """Who belongs to the organisation."""

    model = OrganizationMembership


class NewOrganizationMembers(NewMembers):
    """Who shall belong to it."""

    model = OrganizationMembership


class OrganizationPage(DeskModelAdmin):
    """Customers, departments, partners."""

    list_display = ("name", "region", "is_active")
    list_select_related = ("region",)
    list_filter = ("region", "is_active")
    search_fields = ("name",)
    fields = ("name", "region", "is_active")
    inlines = (OrganizationMembers, NewOrganizationMembers)
