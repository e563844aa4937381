"""How the desk presents itself: one row."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.models.files import Blob


class Brand(models.Model):
    """Name, colour and logo. While the row does not exist yet, its defaults are in force."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(
        _("name"),
        max_length=40,
        default="Watchdesk",
        help_text=_("Stands on top of each page and in each mail."),
    )
    accent = models.CharField(
        _("colour"),
        max_length=7,
        default="#0f766e",
        validators=[RegexValidator(r"\A#[0-9a-fA-F]{6}\Z", _("Write a colour as six digits, such as #0f766e."))],
        help_text=_("Of links and buttons. What is read on it, and its shades for dark pages, follow from it."),
    )
    logo = models.ForeignKey(
        Blob,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="brands",
        verbose_name=_("logo"),
    )

    class Meta:
        verbose_name = _("brand")
        verbose_name_plural = _("brand")
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="brand_one_row"),)

    def __str__(self) -> str:
        return self.name
