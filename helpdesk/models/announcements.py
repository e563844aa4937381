"""What the desk tells everybody."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.choices import AnnouncementLevel, Audience
from helpdesk.models.organizations import Organization
from helpdesk.models.translated import Translated


class Announcement(Translated):
    """Some words on the first page of those whom they are for, from one moment until another."""

    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("text"), blank=True, help_text=_("Markdown. Leave it empty where the title says it all."))
    level = models.CharField(
        _("weight"), max_length=8, choices=AnnouncementLevel.choices, default=AnnouncementLevel.INFO
    )
    audience = models.CharField(
        _("for"), max_length=12, choices=Audience.choices, default=Audience.EVERYBODY, db_default=Audience.EVERYBODY
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True, help_text=_("Empty: until somebody ends it."))
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ("-starts_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(level__in=AnnouncementLevel.values), name="announcement_level_known"
            ),
            models.CheckConstraint(
                condition=models.Q(audience__in=Audience.values), name="announcement_audience_known"
            ),
            models.CheckConstraint(
                condition=models.Q(audience=Audience.ORGANIZATION, organization__isnull=False)
                | (~models.Q(audience=Audience.ORGANIZATION) & models.Q(organization__isnull=True)),
                name="announcement_organization_fits",
                violation_error_message=_("Choose an organisation exactly where the announcement is for its people."),
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__isnull=True) | models.Q(ends_at__gt=models.F("starts_at")),
                name="announcement_ends_after_start",
                violation_error_message=_("It has to end after it starts."),
            ),
        )

    def __str__(self) -> str:
        return self.title
