"""What a desk asks about a topic or a queue beyond subject and text, and what was answered."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from helpdesk.choices import FieldKind
from helpdesk.domain.answers import Asks
from helpdesk.models.queues import Category, Queue
from helpdesk.models.tickets import Ticket
from helpdesk.models.translated import Translated


class CustomField(Translated):
    """A question about the tickets of a category or of a queue. `options` are the answers of a choice, in order.

    `translations` may hold `label`, `help_text` and `options`, these in the same order. An internal one is the desk's
    own: who asked neither fills it in nor reads its answer.
    """

    category = models.ForeignKey(
        Category,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="fields",
        verbose_name=_("category"),
    )
    queue = models.ForeignKey(
        Queue,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="fields",
        verbose_name=_("queue"),
    )
    code = models.SlugField(_("code"), max_length=40)
    label = models.CharField(_("question"), max_length=120)
    help_text = models.CharField(_("help text"), max_length=200, blank=True)
    kind = models.CharField(_("kind of answer"), max_length=10, choices=FieldKind.choices, default=FieldKind.TEXT)
    options = models.JSONField(_("answers to choose from"), default=list, blank=True)
    minimum = models.DecimalField(_("smallest number"), max_digits=20, decimal_places=6, null=True, blank=True)
    maximum = models.DecimalField(_("largest number"), max_digits=20, decimal_places=6, null=True, blank=True)
    decimals = models.PositiveSmallIntegerField(_("decimal places"), default=0, db_default=0)
    is_required = models.BooleanField(_("has to be answered when filing"), default=False)
    is_required_to_resolve = models.BooleanField(
        _("has to be answered before resolving"), default=False, db_default=False
    )
    is_internal = models.BooleanField(_("internal"), default=False, db_default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint(fields=["category", "code"], name="custom_field_unique"),
            models.UniqueConstraint(fields=["queue", "code"], name="custom_field_of_queue_unique"),
            models.CheckConstraint(condition=Q(kind__in=FieldKind.values), name="custom_field_kind_known"),
            models.CheckConstraint(
                condition=Q(category__isnull=False, queue__isnull=True) | Q(category__isnull=True, queue__isnull=False),
                name="custom_field_one_home",
            ),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def key(self) -> str:
        """What names it among those of a ticket: its code, marked where it is a queue's."""
        return self.code if self.queue_id is None else f"queue.{self.code}"

    @property
    def asks(self) -> Asks:
        """What an answer has to be."""
        return Asks(
            kind=FieldKind(self.kind),
            options=tuple(self.options),
            minimum=self.minimum,
            maximum=self.maximum,
            decimals=self.decimals,
        )

    def applies_to(self, ticket: Ticket) -> bool:
        """Whether the ticket is where this is asked."""
        return ticket.queue_id == self.queue_id or (self.queue_id is None and ticket.category_id == self.category_id)


class FieldValue(models.Model):
    """An answer, see `domain.answers.Value`; a person's stands in `person` alone. What was not answered has no row.

    The other columns follow from it, for lists and the search: `words` are the texts, `picks` each chosen answer
    behind its question's id.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, db_index=False, related_name="field_values")
    field = models.ForeignKey(CustomField, on_delete=models.PROTECT, related_name="values", db_index=False)
    value = models.JSONField(_("answer"), null=True)
    words = models.TextField(default="", db_default="", blank=True)
    picks = ArrayField(models.CharField(max_length=160), null=True, blank=True)
    number = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    day = models.DateField(null=True, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person"),
    )

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = (models.UniqueConstraint(fields=["ticket", "field"], name="field_value_unique"),)
        indexes = (
            models.Index(fields=["field", "number"], condition=Q(number__isnull=False), name="field_value_number"),
            models.Index(fields=["field", "day"], condition=Q(day__isnull=False), name="field_value_day"),
            GinIndex(fields=["picks"], name="field_value_picks"),
            GinIndex(OpClass(Upper("words"), name="gin_trgm_ops"), name="field_value_words"),
        )

    def __str__(self) -> str:
        return f"{self.field_id}: {self.value}"

    @classmethod
    def of(cls, ticket: Ticket, field: CustomField, value: Any) -> "FieldValue":
        """The row of an answer that was checked."""
        row = cls(ticket=ticket, field=field)
        row.fill(value)
        return row

    def fill(self, value: Any) -> None:
        """Take another answer that was checked."""
        kind = self.field.kind
        is_person = kind == FieldKind.PERSON
        self.value, self.person_id = (None, value) if is_person else (value, None)
        listed = value if isinstance(value, list) else [value]
        self.words = "" if is_person or kind in (FieldKind.DATE, FieldKind.BOOLEAN) else "\n".join(listed)
        self.picks = [pick(self.field_id, one) for one in listed] if kind in PICKED else None
        self.number = Decimal(value) if kind == FieldKind.NUMBER else None
        self.day = value if kind == FieldKind.DATE else None

    @property
    def answer(self) -> Any:
        """The answer as actions take it."""
        return self.value if self.person_id is None else self.person_id


PICKED = frozenset({FieldKind.CHOICE, FieldKind.MULTI, FieldKind.BOOLEAN})


def pick(field_id: int, option: Any) -> str:
    """A chosen answer as `FieldValue.picks` holds it."""
    words = ("yes" if option else "no") if isinstance(option, bool) else option
    return f"{field_id}:{words}"
