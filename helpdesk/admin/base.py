"""The one base of all set-up pages: rights from `permissions`, saving by an action, nothing deleted."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import SimpleListFilter
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Model, Q, QuerySet
from django.forms import BaseInlineFormSet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_protect
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from helpdesk.actions import setup
from helpdesk.actions.setup import Change
from helpdesk.admin.suggesting import Suggests
from helpdesk.admin.translated import with_languages
from helpdesk.domain.ids import id_in
from helpdesk.errors import DomainError
from helpdesk.forms.setup import ZoneWidget
from helpdesk.models import User
from helpdesk.permissions import Right, holds
from helpdesk.requests import actor_of, place_asked
from helpdesk.selectors.history import history
from helpdesk.views.desk.frame import page
from helpdesk.views.desk.history import entries
from helpdesk.views.refusals import STATUSES


class SetupForm(forms.ModelForm):  # type: ignore[type-arg] # one form for rows of every kind
    """A form that can be shown again with what an action refused, and that knows which state of the row it shows."""

    refusal: DomainError | None = None
    # Columns that the form fills from fields of other names.
    derived: ClassVar[Sequence[str]] = ()
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound and not self.instance._state.adding and type(self.instance) in setup.RIGHTS:
            self.initial["seen"] = setup.state_of(self.instance)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.refusal is not None:
            field = self.refusal.field if self.refusal.field in self.fields else None
            self.add_error(field, str(self.refusal))
        return cleaned


class _NoTransaction(admin.ModelAdmin):  # type: ignore[type-arg] # one base for rows of every kind
    """Django puts a whole form into one transaction; here an action opens its own, which must be the outermost."""

    @method_decorator(csrf_protect)
    def changeform_view(self, *asked: Any, **more: Any) -> HttpResponse:
        answer: HttpResponse = self._changeform_view(*asked, **more)  # type: ignore[attr-defined] # what Django wraps
        return answer


class Rights:
    """Django's questions about rights, answered by the desk's own table. Nothing is ever deleted."""

    right_to_see: Right = Right.SEE_SETUP
    right_to_change: Right | None = None

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return holds(actor_of(request), self.right_to_see)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.right_to_change is not None and holds(actor_of(request), self.right_to_change)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)


def _in_our_words(field: Any) -> Any:
    """A field to choose from, which says what choosing nothing means."""
    if field is None:
        return None
    nothing = _("Choose one") if field.required else _("None")
    if getattr(field, "empty_label", None):
        field.empty_label = nothing
    elif not hasattr(field, "empty_label"):
        field.choices = [(value, nothing if value == "" else words) for value, words in field.choices]
    return field


class DeskModelAdmin(Rights, Suggests, ModelAdmin, _NoTransaction):  # type: ignore[misc] # Unfold ships no types
    """A page for rows of one kind. What is in `actions.setup.RIGHTS` may be edited by who holds that right."""

    form = SetupForm
    actions: Sequence[Any] = ()
    # Fields by which others name the row: set once, when it is added.
    set_once: Sequence[str] = ()
    # What an address may narrow the list by, beyond the filters that the list shows.
    lookups: Sequence[str] = ()
    # What fields mean, by their names, where the row itself does not say it.
    helps: Mapping[str, Any] = MappingProxyType({})
    show_full_result_count = False
    list_per_page = 50
    warn_unsaved_form = True
    change_form_after_template = "desk/setup/seen.html"

    class Media:
        js = ("js/desk-fields.js",)

    def __init__(self, model: type[Model], site: admin.AdminSite) -> None:
        super().__init__(model, site)
        self.right_to_change = setup.RIGHTS.get(model)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        fields = super().get_readonly_fields(request, obj)
        return (*fields, *(() if obj is None or obj._state.adding else self.set_once))

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Whether an address may narrow the list by this.

        Django lets any column through, so that who sees a list could find out, letter by letter, what it does not show:
        a password's digest, the link in a mail.
        """
        allowed = set(self.lookups)
        for item in self.list_filter:
            if isinstance(item, str):
                allowed |= {item, f"{item}__exact", f"{item}__id__exact", f"{item}__isnull"}
            elif isinstance(item, type) and issubclass(item, SimpleListFilter):
                allowed.add(str(item.parameter_name))
        return lookup in allowed

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any) -> Any:
        # Not by the fields themselves: who may only look sees the same words beside the values.
        texts = {"form": with_languages(self.form, self.model), "help_texts": dict(self.helps)}
        made = super().get_form(request, obj, change, **{**texts, **kwargs})
        assert issubclass(made, SetupForm)
        made.refusal = getattr(request, "setup_refusal", None)
        return made

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """What was closed is offered no more; the row that has it already keeps it."""
        to = db_field.related_model
        if any(column.name == "is_active" for column in to._meta.concrete_fields):
            own = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
            kept = self.model._default_manager.filter(pk=id_in(own))
            offered = Q(is_active=True) | Q(pk__in=kept.values(db_field.attname))
            kwargs.setdefault("queryset", to._default_manager.filter(offered))
        return _in_our_words(super().formfield_for_foreignkey(db_field, request, **kwargs))

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """As Unfold has it, in our words where nothing is chosen."""
        return _in_our_words(super().formfield_for_choice_field(db_field, request, **kwargs))

    def message_user(
        self, request: HttpRequest, message: Any, level: Any = messages.INFO, *more: Any, **so: Any
    ) -> None:
        """Say what was done. Django's words for a row that is saved give its kind, which the page says already."""
        row = getattr(request, "saved_row", None)
        if row is not None and level == messages.SUCCESS:
            message = _("“%(name)s” is saved.") % {"name": row}
        super().message_user(request, message, level, *more, **so)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        rows, doubled = super().get_search_results(request, queryset, search_term)
        # Nothing is suggested that was closed, and nobody who has left.
        is_suggestion = getattr(request.resolver_match, "url_name", "") == "autocomplete"
        can_close = any(column.name == "is_active" for column in self.opts.concrete_fields)
        return (rows.filter(is_active=True) if is_suggestion and can_close else rows), doubled

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name == "time_zone":
            field.widget = ZoneWidget(UnfoldAdminTextInputWidget())
        return field

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The form; what the action refuses is shown in the form again, with all that was typed."""
        if request.method == "POST" and (answer := self.answered_first(request, object_id)) is not None:
            return answer
        try:
            answer = super().changeform_view(request, object_id, form_url, extra_context)
        except DomainError as refusal:
            request.setup_refusal = refusal  # type: ignore[attr-defined] # read by `get_form` above
            answer = super().changeform_view(request, object_id, form_url, extra_context)
            answer.status_code = STATUSES[refusal.code]
        return answer

    def answered_first(self, request: HttpRequest, object_id: str | None) -> HttpResponse | None:
        """What is answered to a form that was sent before anything of it is saved; None where it may be."""
        return None

    def save_model(self, request: HttpRequest, obj: Model, form: SetupForm, change: bool) -> None:
        """Nothing yet: `save_related` knows the rest of it, and all of it is one action."""

    def save_related(
        self,
        request: HttpRequest,
        form: SetupForm,
        formsets: Sequence["BaseInlineFormSet[Any, Any, Any]"],
        change: bool,
    ) -> None:
        row = form.instance
        many = {field.name for field in row._meta.many_to_many}
        children = []
        for formset in formsets:
            formset.save(commit=False)
            derived = getattr(formset.form, "derived", ())
            children += [Change(new, [*_names(formset), *derived]) for new in formset.new_objects]
            children += [Change(changed, [*fields, *derived]) for changed, fields in formset.changed_objects]
        touched = Change(
            row=row,
            fields=[
                *([name for name in form.fields if name not in many] if row._state.adding else form.changed_data),
                *form.derived,
            ],
            links={name: list(form.cleaned_data[name]) for name in form.changed_data if name in many},
            children=children,
            seen=None if row._state.adding else form.cleaned_data["seen"],
        )
        setup.save_setup(change=touched, by=actor_of(request), now=timezone.now())
        request.saved_row = row  # type: ignore[attr-defined] # read by `message_user` above

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What happened to the row, in words. Django's own history, which nobody writes, is nowhere to be reached."""
        if not holds(actor_of(request), Right.SEE_RECORD):
            raise PermissionDenied
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404(_("There is no such row."))
        place = place_asked(request)
        found = history(self.model, row.pk or 1, before=place)
        context = {
            "title": _("History of %(name)s") % {"name": row},
            "own_heading": True,
            "crumbs": [
                {"title": self.opts.verbose_name_plural, "url": reverse(f"admin:{self._route}_changelist")},
                {"title": str(row), "url": reverse(f"admin:{self._route}_change", args=[object_id])},
            ],
            "here": _("History"),
            "entries": entries(found.rows),
            "older": found.older,
            "is_later": place is not None,
        }
        return page(request, "desk/history.html", context)

    @property
    def _route(self) -> str:
        return f"helpdesk_{self.opts.model_name}"

    # What happened is in our own record; Django's is not written.

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        return None

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        return None


def _names(formset: "BaseInlineFormSet[Any, Any, Any]") -> list[str]:
    return [name for name in formset.form.base_fields if name not in {"id", formset.fk.name}]


class OneRow(DeskModelAdmin):
    """The page of a row that there is one of. While nobody has saved it, its defaults are shown."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect(f"admin:helpdesk_{self.opts.model_name}_change", 1)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Model | None:
        """The row or its defaults."""
        if object_id != "1":
            return None
        row: Model = self.model._default_manager.filter(pk=1).first() or self.model()
        return row

    def response_post_save_change(self, request: HttpRequest, obj: Model) -> HttpResponseRedirect:
        return redirect(f"admin:helpdesk_{self.opts.model_name}_change", 1)


class ReadOnly(DeskModelAdmin):
    """Rows to look at."""

    def __init__(self, model: type[Model], site: admin.AdminSite) -> None:
        super().__init__(model, site)
        self.right_to_change = None


class WithMembers(DeskModelAdmin):
    """A page for rows in which people have places, and whose list says how many have."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        members = Count("memberships", filter=Q(memberships__is_active=True))
        rows: QuerySet[Any] = super().get_queryset(request).annotate(people_count=members)
        return rows

    @display(description=_("members"))  # type: ignore[untyped-decorator] # Unfold ships no types
    def people(self, row: Any) -> int:
        """How many people have a place there."""
        return int(row.people_count)


class Named(Rights, Suggests, TabularInline):  # type: ignore[misc] # Unfold ships no types
    """Rows of fields, each named by itself: a heading of the column is no label."""

    hide_title = True
    verbose_name = _("member")
    right_to_change = Right.CHANGE_SETUP

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            field.widget.attrs["aria-label"] = field.label
        return field


class Members(Named):
    """The people who have a place already: their role changes, and a place is closed, never deleted."""

    extra = 0
    verbose_name_plural = _("Members")
    fields: Sequence[str] = ("person", "role", "is_active")
    readonly_fields: Sequence[str] = ("person",)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("user").order_by("user__name", "pk")

    @display(description=_("person"))  # type: ignore[untyped-decorator] # Unfold ships no types
    def person(self, membership: Any) -> str:
        return str(membership.user)


class NewMemberForm(forms.ModelForm):  # type: ignore[type-arg] # one form for places of both kinds
    """A place for somebody who has none here yet."""

    def clean_user(self) -> User:
        person: User = self.cleaned_data["user"]
        owner = "team" if hasattr(self.instance, "team_id") else "organization"
        here = {f"{owner}_id": getattr(self.instance, f"{owner}_id"), "user": person}
        if type(self.instance)._default_manager.filter(**here).exists():
            words = _("%(name)s is among the members already. Change the role there.")
            raise forms.ValidationError(words % {"name": person})
        return person


class NewMembers(Named):
    """Fields for people to join. Apart from the others, so that no field of theirs loads a row for each of them."""

    form = NewMemberForm
    extra = 1
    verbose_name_plural = _("New members: type a few letters of the name")
    fields: Sequence[str] = ("user", "role")
    autocomplete_fields: Sequence[str] = ("user",)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_add_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.none()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_foreignkey(db_field, request, label=_("Person"), **kwargs)
