"""How tickets are sorted beside their queue: kinds and tags."""

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Kind(models.Model):
    """What sort of report a ticket is: a question, a bug, a complaint."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=60)
    description = models.CharField(_("description"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("kind")
        verbose_name_plural = _("kinds")
        ordering = ("position", "name")
        constraints = (models.UniqueConstraint(Lower("name"), name="kind_name_unique"),)

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    """A word by which agents find tickets again."""

    name = models.CharField(_("name"), max_length=40)
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("A tag that is not active stays where it is and is not offered.")
    )

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ("name",)
        constraints = (models.UniqueConstraint(Lower("name"), name="tag_name_unique"),)

    def __str__(self) -> str:
        return self.name
