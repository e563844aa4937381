"""The set-up pages of people and of the organisations they belong to."""

from collections.abc import Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.widgets import UnfoldAdminSelectWidget

from helpdesk.actors import Actor
from helpdesk.admin.base import DeskModelAdmin, Members, Named, NewMembers, SetupForm, WithMembers
from helpdesk.admin.effects import LooksFirst
from helpdesk.choices import Role
from helpdesk.domain import mail_domains
from helpdesk.errors import DomainError
from helpdesk.forms.setup import LanguageField, languages
from helpdesk.models import Organization, OrganizationDomain, OrganizationMembership, User
from helpdesk.permissions import Right
from helpdesk.selectors.people import would_join
from helpdesk.selectors.person_merging import duplicates_of, merged_into, merges_of
from helpdesk.selectors.previews import Preview
from helpdesk.selectors.promise_rules import preview_of_tier


class PersonForm(SetupForm):
    """A person's account. Passwords are set by their owners alone."""

    language = LanguageField(
        widget=UnfoldAdminSelectWidget(), help_text=_("Of the pages and of the mails that they get.")
    )

    class Meta:
        model = User
        fields = ("name", "email", "role", "is_vip", "region", "language", "time_zone", "is_active")

    def clean_email(self) -> str:
        address = str(self.cleaned_data["email"]).strip().lower()
        if User.objects.filter(email__iexact=address).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("There is somebody with this address already."))
        return address


class PersonPage(DeskModelAdmin):
    """Everybody who writes to the desk or works in it."""

    right_to_see = Right.SEE_PEOPLE
    form = PersonForm
    list_display = ("name", "email", "role", "is_vip", "region", "is_active")
    list_select_related = ("region",)
    list_filter = ("role", "is_vip", "region", "is_active")
    search_fields = ("name", "email")
    search_help_text = _("Name or address")
    ordering = ("name", "pk")
    change_form_outer_before_template = "desk/setup/person_notice.html"
    change_form_outer_after_template = "desk/setup/person.html"
    fields = ("name", "email", "role", "is_vip", "region", "language", "time_zone", "is_active")
    # Who may only look reads a name, and not its code.
    readonly_preprocess_fields = MappingProxyType({"language": lambda code: dict(languages()).get(code, code)})
    list_before_template = "desk/setup/people_ways.html"
    change_form_before_template = "desk/setup/person_ways.html"
    helps = MappingProxyType(
        {
            "name": _("As everybody reads it beside what they wrote."),
            "email": _("Where mails go and how they sign in. A new address has to be confirmed by them first."),
            "role": _(
                "What they may do in the whole desk. Whoever asks for help is a requester; an auditor reads everything "
                "and writes nothing. Teams and organisations add to it."
            ),
            "is_vip": _("The desk sees a mark beside their tickets. They themselves never do."),
            "region": _("Where they work. A regional manager sees the tickets of this region."),
            "time_zone": _("In which they read all times. Type a city, such as “Berlin”, and choose."),
            "is_active": _(
                "Who is not active cannot sign in and gets no mail. What they wrote stays, and their open work goes "
                "back to the queue. Who comes back chooses a new password."
            ),
        }
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        # Other systems have pages of their own, and stand in no field that suggests people.
        rows: QuerySet[User] = super().get_queryset(request).filter(is_integration=False)
        return rows

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        # What was merged is changed where it went.
        is_merged = isinstance(obj, User) and obj.merged_into_id is not None
        return not is_merged and super().has_change_permission(request, obj)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        if isinstance(person := kwargs.get("obj"), User):
            context["person_side"] = {
                "alike": duplicates_of(person),
                "merged": merged_into(person),
                "undoable": merges_of(person, timezone.now()),
                "can_merge": person.role == Role.REQUESTER,
                "may_merge": super().has_change_permission(request),
            }
        return super().render_change_form(request, context, *args, **kwargs)


class OrganizationMembers(Members):
    """Who belongs to the organisation."""

    model = OrganizationMembership
    verbose_name_plural = _("Members: an organisation manager reads and answers all its tickets")


class NewOrganizationMembers(NewMembers):
    """Who shall belong to it."""

    model = OrganizationMembership


class DomainForm(forms.ModelForm):  # type: ignore[type-arg] # its type takes none while the program runs
    """A domain, which is set once: another one is another line.

    `joining` is how many people the page said would join by it: they are told before, and no others do.
    """

    joining = forms.IntegerField(required=False, widget=forms.HiddenInput, label="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Who may only look is shown no field.
        if field := self.fields.get("domain"):
            field.disabled = not self.instance._state.adding

    def clean_domain(self) -> str:
        try:
            return mail_domains.checked(self.cleaned_data["domain"])
        except DomainError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        begins = cleaned.get("is_active") and (self.instance._state.adding or "is_active" in self.changed_data)
        if not begins or not cleaned.get("domain"):
            return cleaned
        count = len(would_join(cleaned["domain"], self.instance.organization_id))
        if count and count != cleaned.get("joining"):
            sent = self.data.copy()  # type: ignore[attr-defined] # what a page sends
            sent[self.add_prefix("joining")] = str(count)
            self.data = sent
            words = ngettext(
                "%(count)d person with a confirmed address there will join. Save again if that is meant.",
                "%(count)d people with confirmed addresses there will join. Save again if that is meant.",
                count,
            )
            self.add_error("domain", words % {"count": count})
        return cleaned


class OrganizationDomains(Named):
    """The mail domains by which people find into the organisation."""

    model = OrganizationDomain
    form = DomainForm
    extra = 1
    verbose_name = _("mail domain")
    verbose_name_plural = _("Mail domains: who confirms an address there becomes a member")
    fields: Sequence[str] = ("domain", "is_active")

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Sequence[str]:
        # Who may only look is asked nothing.
        may_change = self.has_change_permission(request, obj)
        return (*self.fields, "joining") if may_change else self.fields


class OrganizationPage(LooksFirst, WithMembers):
    """Customers, departments, partners. Another service tier is looked at before it is saved."""

    is_everywhere = False

    list_display = ("name", "region", "service_tier", "people", "is_active")
    list_select_related = ("region", "service_tier")
    list_filter = ("region", "service_tier", "is_active")
    search_fields = ("name",)
    search_help_text = _("Name")
    ordering = ("name",)
    fields = ("name", "region", "service_tier", "is_active")
    inlines = (OrganizationMembers, NewOrganizationMembers, OrganizationDomains)
    helps = MappingProxyType(
        {
            "name": _("A customer, a department, a partner."),
            "region": _("Where its people are."),
            "service_tier": _("What it bought; what its people are promised can follow from it."),
            "is_active": _("Who belongs to one that is not active files tickets for themselves alone."),
        }
    )

    def effect(self, row: Organization, actor: Actor, now: datetime) -> Preview | None:
        return preview_of_tier(row, actor, now)


class StaffRolePage(DeskModelAdmin):
    """Who decides on what, and whom one turns to next."""

    list_display = ("name", "primary", "backup", "escalates_to", "position", "is_active")
    list_select_related = ("primary", "backup", "escalates_to")
    list_filter = ("is_active",)
    search_fields = ("name", "code")
    search_help_text = _("Name or code")
    ordering = ("position", "name")
    fields = ("name", "code", "responsibilities", "escalates_to", "primary", "backup", "position", "is_active")
    autocomplete_fields = ("escalates_to", "primary", "backup")
    set_once = ("code",)
    helps = MappingProxyType(
        {
            "name": _(
                "Such as “Head of support”. A role says whom to turn to; what people may do is set at the person."
            ),
            "code": _("How exports and other programs name it. It stays as it is."),
            "responsibilities": _("What this role decides or looks after."),
            "escalates_to": _("Who decides what this role cannot: the next step of the ladder of management."),
            "primary": _("Who fills it now. Empty: nobody does yet."),
            "backup": _("Who steps in when the primary cannot be reached."),
            "position": _("The order in which roles are listed, the smallest number first."),
            "is_active": _("A role that is not active is not offered any more."),
        }
    )


class PartnerPage(DeskModelAdmin):
    """Others on whom tickets wait."""

    list_display = ("name", "contact_name", "contact_email", "contact_phone", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name", "contact_name", "contact_email")
    search_help_text = _("Name, liaison or address")
    ordering = ("name",)
    fields = ("name", "contact_name", "contact_email", "contact_phone", "description", "is_active")
    helps = MappingProxyType(
        {
            "name": _("A company that works on matters of ours under numbers of its own, such as a carrier."),
            "contact_name": _("Whom agents ask for there."),
            "contact_email": _("Where agents write to. The desk itself sends nothing there."),
            "contact_phone": _("Where agents call."),
            "description": _("What they do for us, and when they can be reached."),
            "is_active": _("A partner that is not active is not offered any more. Tickets that wait on it go on."),
        }
    )
