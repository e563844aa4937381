"""What a desk asks about a topic beyond subject and text, and what was answered."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.choices import FieldKind
from helpdesk.models.queues import Category
from helpdesk.models.tickets import Ticket
from helpdesk.models.translated import Translated


class CustomField(Translated):
    """A question that the form asks when a category was chosen. `options` are the answers of a choice, in order.

    `translations` may hold `label`, `help_text` and `options`, these in the same order.
    """

    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="fields", verbose_name=_("category"))
    code = models.SlugField(_("code"), max_length=40)
    label = models.CharField(_("question"), max_length=120)
    help_text = models.CharField(_("help text"), max_length=200, blank=True)
    kind = models.CharField(_("kind of answer"), max_length=10, choices=FieldKind.choices, default=FieldKind.TEXT)
    options = models.JSONField(_("answers to choose from"), default=list, blank=True)
    is_required = models.BooleanField(_("has to be answered"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint(fields=["category", "code"], name="custom_field_unique"),
            models.CheckConstraint(condition=models.Q(kind__in=FieldKind.values), name="custom_field_kind_known"),
        )

    def __str__(self) -> str:
        return self.label


class FieldValue(models.Model):
    """An answer: a string, or the ISO form of a date. What was not answered has no row."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="field_values")
    field = models.ForeignKey(CustomField, on_delete=models.PROTECT, related_name="+")
    value = models.JSONField(_("answer"))

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = (models.UniqueConstraint(fields=["ticket", "field"], name="field_value_unique"),)

    def __str__(self) -> str:
        return f"{self.field_id}: {self.value}"
