"""The customers' organisations, and the regions of the world that the desk is divided into."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from helpdesk.choices import OrganizationRole
from helpdesk.models.zones import InZone


class Region(InZone):
    """A part of the world with people of its own, awake together."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class ServiceTier(models.Model):
    """What a customer bought: what is promised to them can follow from it."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=60)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("service tier")
        verbose_name_plural = _("service tiers")
        ordering = ("position", "name")

    def __str__(self) -> str:
        return self.name


class Organization(models.Model):
    """A customer, a department, a partner: people who share their tickets with those who manage it."""

    name = models.CharField(_("name"), max_length=120)
    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("region"),
    )
    service_tier = models.ForeignKey(
        ServiceTier,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("service tier"),
    )
    is_active = models.BooleanField(_("active"), default=True)
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        through="OrganizationMembership",
        related_name="organizations",
    )

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ("name",)
        constraints = (models.UniqueConstraint(Lower("name"), name="organization_name_unique"),)

    def __str__(self) -> str:
        return self.name


class OrganizationMembership(models.Model):
    """A person's place in an organisation."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(
        _("role"),
        max_length=10,
        choices=OrganizationRole.choices,
        default=OrganizationRole.MEMBER,
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = (
            models.UniqueConstraint(fields=["user", "organization"], name="organization_membership_unique"),
            models.CheckConstraint(
                condition=models.Q(role__in=OrganizationRole.values),
                name="organization_membership_role_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.organization}"


class OrganizationDomain(models.Model):
    """A domain of mail addresses: whoever confirms an address there belongs to the organisation.

    It is kept as `domain.mail_domains.normal` writes it.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="domains")
    domain = models.CharField(_("mail domain"), max_length=253)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("mail domain")
        verbose_name_plural = _("mail domains")
        constraints = (
            models.UniqueConstraint(
                fields=["domain"],
                condition=models.Q(is_active=True),
                name="organization_domain_of_one",
                violation_error_message=_("Another organisation has this domain."),
            ),
            models.CheckConstraint(condition=models.Q(domain=Lower("domain")), name="organization_domain_is_lower"),
        )

    def __str__(self) -> str:
        return self.domain
