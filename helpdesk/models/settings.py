"""What administrators set for the whole desk: one typed row."""

from datetime import timedelta
from typing import Final

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.domain.filenames import PROGRAM_ENDINGS, is_blocked, listed_endings
from helpdesk.domain.lifecycle import Windows

_ENDINGS: Final = r"\A[\w\s,;.*-]*\Z"


class DeskSettings(models.Model):
    """The one row of settings. While it does not exist yet, its defaults are in force."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    quiet_days = models.PositiveSmallIntegerField(
        _("quiet days before closing"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text=_("A resolved ticket closes by itself when the requester says nothing for so many days."),
    )
    reopening_days = models.PositiveSmallIntegerField(
        _("days in which a closed ticket can be reopened"),
        default=14,
        validators=[MaxValueValidator(365)],
        help_text=_("A later answer starts a new, linked ticket."),
    )
    edit_minutes = models.PositiveSmallIntegerField(
        _("minutes in which a message can be changed"),
        default=10,
        db_default=10,
        validators=[MaxValueValidator(1440)],
        help_text=_("By who wrote it; what it said before is kept. 0: never."),
    )
    max_file_mb = models.PositiveSmallIntegerField(
        _("largest file in MB"),
        default=25,
        validators=[MinValueValidator(1), MaxValueValidator(200)],
    )
    max_files = models.PositiveSmallIntegerField(
        _("files in one message"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
    )
    blocked_endings = models.TextField(
        _("endings of files that are not taken"),
        default=PROGRAM_ENDINGS,
        blank=True,
        max_length=2000,
        validators=[RegexValidator(_ENDINGS, _("Write endings like “exe” and “bat”, with spaces between them."))],
    )
    allowed_endings = models.TextField(
        _("the only endings of files that are taken"),
        blank=True,
        max_length=2000,
        validators=[RegexValidator(_ENDINGS, _("Write endings like “exe” and “bat”, with spaces between them."))],
    )

    staff_need_second_step = models.BooleanField(
        _("who works here logs in with a second step"),
        default=False,
        help_text=_(
            "A code from an app, or a passkey, beside the password. Who has none yet is led to set one up before "
            "anything else, you too."
        ),
    )

    class Meta:
        verbose_name = _("settings of the desk")
        verbose_name_plural = _("settings of the desk")
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="desk_settings_one_row"),)

    def __str__(self) -> str:
        return str(_("Settings of the desk"))

    @property
    def windows(self) -> Windows:
        """The spans that the lifecycle asks for."""
        return Windows(
            quiet=timedelta(days=self.quiet_days),
            reopening=timedelta(days=self.reopening_days),
        )

    def blocks(self, name: str, head: bytes) -> bool:
        """Whether a file of this name and with these first bytes is not taken."""
        blocked, allowed = listed_endings(self.blocked_endings), listed_endings(self.allowed_endings)
        return is_blocked(name, head, blocked=blocked, allowed=allowed)
