"""The set-up pages of what people choose from and are asked when they ask for help."""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Any, Final

from django import forms
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from unfold.admin import StackedInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from helpdesk.admin.base import DeskModelAdmin, Rights, SetupForm
from helpdesk.admin.translated import InLanguages, TranslatedTexts, with_languages
from helpdesk.choices import FieldKind
from helpdesk.domain.answers import MOST_DECIMALS
from helpdesk.forms.setup import LinesField
from helpdesk.models import Category, CustomField
from helpdesk.permissions import Right

_FEWEST_ANSWERS: Final = 2


_HELPS: Final = {
    "label": _("In the words of those who are asked, such as “Since when?”."),
    "help_text": _("A sentence under the question, where it needs one."),
    "code": _("How exports and other programs name the answer. Empty: it follows from the question. It stays."),
    "kind": _("What people type or pick."),
    "minimum": _("For numbers. Empty: there is none."),
    "maximum": _("For numbers. Empty: there is none."),
    "decimals": _("For numbers: how many digits may stand behind the decimal sign, 0 for whole numbers."),
    "is_required": _("Nobody can ask for help here without an answer. An agent who files for somebody can."),
    "is_required_to_resolve": _("Nobody can resolve a ticket without an answer; the form asks for it there."),
    "is_internal": _("Only the desk fills it in and reads it. It never stands in the portal or in a mail."),
    "position": _("Questions are asked in this order, the smallest number first."),
    "is_active": _("A question that is not active is not asked any more. Answers that were given stay."),
}


_TEXTS: Final = ("label", "help_text", "kind", "options")
_RULES: Final = (
    "minimum", "maximum", "decimals", "is_required", "is_required_to_resolve", "is_internal", "position",
)  # fmt: skip


class QuestionForm(TranslatedTexts):
    """A question of a category or a queue."""

    translated = ("label", "help_text", "options")
    options = LinesField(
        label=_("Answers to choose from"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text=_("One a line, where one or several of them are picked. Other kinds of answer need none."),
    )

    class Meta:
        model = CustomField
        fields = (*_TEXTS, *_RULES, "is_active")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        typed = self.cleaned_data
        too_few = "options" in typed and len(typed["options"]) < _FEWEST_ANSWERS
        if typed.get("kind") in {FieldKind.CHOICE, FieldKind.MULTI} and too_few:
            self.add_error("options", _("Write at least two answers, one a line."))
        low, high = typed.get("minimum"), typed.get("maximum")
        if low is not None and high is not None and low > high:
            self.add_error("maximum", _("Write a number that is not smaller than the smallest one."))
        if typed.get("is_internal") and typed.get("is_required"):
            self.add_error("is_required", _("Who files does not see what is internal. Take one of the two away."))
        if (typed.get("decimals") or 0) > MOST_DECIMALS:
            self.add_error("decimals", _("Write a number from 0 to %(most)d.") % {"most": MOST_DECIMALS})
        return cleaned


class NewQuestionForm(QuestionForm):
    """A question that is not asked yet; its code follows from its words where none is given."""

    code = forms.SlugField(
        label=_("Code"),
        max_length=40,
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_HELPS["code"],
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        taken = self._taken()
        code = self.cleaned_data.get("code") or ""
        if code in taken:
            self.add_error("code", _("There is a question of this code here already."))
        elif not code and "code" in self.cleaned_data:
            stem = slugify(self.cleaned_data.get("label", ""))[:36].strip("-") or "question"
            free = (f"{stem}-{number}" if number > 1 else stem for number in range(1, len(taken) + 2))
            self.cleaned_data["code"] = next(code for code in free if code not in taken)
        return cleaned

    def _taken(self) -> frozenset[str]:
        home = Q(category=self.instance.category_id) if self.instance.category_id else Q(queue=self.instance.queue_id)
        if self.instance.category_id is None and self.instance.queue_id is None:
            return frozenset()
        asked = CustomField.objects.filter(home)
        return frozenset(asked.values_list("code", flat=True))


class _Asked(InLanguages, Rights, StackedInline):  # type: ignore[misc] # Unfold ships no types
    model = CustomField
    right_to_change = Right.CHANGE_SETUP

    def get_formset(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> Any:
        texts = {"form": with_languages(self.form, CustomField), "help_texts": _HELPS}
        return super().get_formset(request, obj, **{**texts, **kwargs})


class Questions(_Asked):
    """What is asked already: it changes, or is closed, and is never deleted."""

    form = QuestionForm
    extra = 0
    collapsible = True
    verbose_name_plural = _("Questions")
    fields: Sequence[str] = ("label", "code", *_TEXTS[1:], *_RULES, "is_active")
    readonly_fields: Sequence[str] = ("code",)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class NewQuestions(_Asked):
    """What shall be asked too."""

    form = NewQuestionForm
    extra = 1
    max_num = 1
    verbose_name = _("new question")
    verbose_name_plural = _("New question")
    fields: Sequence[str] = ("label", "code", *_TEXTS[1:], *_RULES)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_add_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.none()


class CategoryForm(TranslatedTexts, SetupForm):
    """A category and its name in every language."""

    translated = ("name", "description")

    class Meta:
        model = Category
        fields = ("name", "code", "description", "queue", "kind", "restricted_to", "position", "is_active")


class CategoryPage(InLanguages, DeskModelAdmin):
    """What people choose from when they ask for help, and what each choice asks them."""

    form = CategoryForm
    list_display = ("name", "queue", "kind", "questions", "position", "is_active")
    list_select_related = ("queue", "kind")
    list_filter = ("queue", "kind", "is_active")
    search_fields = ("name", "code")
    search_help_text = _("Name or code")
    ordering = ("position", "name")
    fields = ("name", "code", "description", "queue", "kind", "restricted_to", "position", "is_active")
    autocomplete_fields = ("queue", "restricted_to")
    inlines = (Questions, NewQuestions)
    set_once = ("code",)
    helps = MappingProxyType(
        {
            "name": _("In the words of those who ask, such as “Something does not work”."),
            "code": _("How exports and other programs name it. It stays as it is."),
            "description": _("A few words under the name that help to choose the right one."),
            "queue": _("Where tickets of this category go."),
            "kind": _("What a ticket of this category is at first; agents can change it."),
            "restricted_to": _(
                "Empty: whoever works the queue sees its tickets. With teams in it the category is private: only their "
                "members, who asked, and auditors see its tickets, older ones too. Managers and administrators do not."
            ),
            "position": _("Categories are offered in this order, the smallest number first."),
            "is_active": _("A category that is not active is not offered any more. Its tickets stay as they are."),
        }
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        rows: QuerySet[Category] = super().get_queryset(request)
        return rows.annotate(question_count=Count("fields", filter=Q(fields__is_active=True)))

    @display(description=_("questions"))  # type: ignore[untyped-decorator] # Unfold ships no types
    def questions(self, category: Any) -> int:
        return int(category.question_count)
