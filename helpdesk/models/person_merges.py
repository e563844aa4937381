"""Two accounts of one person become one."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

# How long it can be taken back.
UNDO_WITHIN: Final = timedelta(days=1)


class PersonMerge(models.Model):
    """`source` was merged into `target`.

    `moved` holds the ids of what went along, by the names of the registry's parts, so that it can be put back.
    """

    source = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    target = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("merged into")
    )
    moved = models.JSONField(default=dict)
    merged_at = models.DateTimeField(_("merged"))
    undone_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    class Meta:
        verbose_name = _("merge of people")
        verbose_name_plural = _("merges of people")
        constraints = (
            models.UniqueConstraint(
                fields=["source"], condition=models.Q(undone_at__isnull=True), name="person_merge_once"
            ),
            models.CheckConstraint(condition=~models.Q(source=models.F("target")), name="person_merge_of_two"),
        )

    def __str__(self) -> str:
        return f"{self.source_id} → {self.target_id}"

    def can_be_undone(self, now: datetime) -> bool:
        """Whether it is still in force, and not too long ago."""
        return self.undone_at is None and now <= self.merged_at + UNDO_WITHIN
