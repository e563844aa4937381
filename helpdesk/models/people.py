"""People: everybody who writes to the desk or works in it."""

from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower, Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpdesk.choices import Role
from helpdesk.models.zones import InZone


class UserManager(BaseUserManager["User"]):
    """Finds people by their address whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(InZone, AbstractBaseUser):
    """A person. Who never signed up has an unusable password and can claim the account by a mailed link."""

    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=24, choices=Role.choices, default=Role.REQUESTER)
    region = models.ForeignKey(
        "helpdesk.Region",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("region"),
    )
    language = models.CharField(_("language"), max_length=10, default="en")
    is_vip = models.BooleanField(_("VIP"), default=False, db_default=False)
    is_active = models.BooleanField(_("active"), default=True)
    # Another system, which comes by its tokens alone: it never logs in and gets no mail.
    is_integration = models.BooleanField(_("integration"), default=False, db_default=False, editable=False)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        verbose_name=_("merged into"),
    )
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = (
            models.UniqueConstraint(Lower("email"), name="user_email_unique"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="user_role_known"),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True)
                | (models.Q(is_active=False) & ~models.Q(merged_into=models.F("id"))),
                name="user_merged_is_closed",
            ),
        )
        indexes = (
            models.Index(fields=["name", "id"], name="user_by_name"),
            # By which two accounts of one person are found.
            models.Index(Upper("name"), "id", name="user_by_upper_name"),
            # Few among many, by whose tickets lists are narrowed.
            models.Index(fields=["id"], condition=models.Q(is_vip=True), name="user_vip"),
        )

    def __str__(self) -> str:
        # Two accounts of one person are one person, in whatever they wrote and did.
        return self.present.own_name

    @property
    def own_name(self) -> str:
        """The name of this account, whatever became of it."""
        return self.name or self.email

    @property
    def account(self) -> str:
        """The name of this account with its address, which no other has."""
        return f"{self.own_name} ({self.email})" if self.name else self.email

    @property
    def present(self) -> "User":
        """The person as they are known today: the account itself, or the one that it was merged into."""
        person = self
        while person.merged_into is not None:
            person = person.merged_into
        return person

    @property
    def spoken_language(self) -> str:
        """The person's language, or the desk's own where the desk does not offer theirs."""
        return self.language if self.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE

    def get_full_name(self) -> str:
        """The name by which Django's parts address the person."""
        return str(self)

    @property
    def is_staff(self) -> bool:
        """Whether the person works for the desk; it decides on the way in, never on a right."""
        return self.is_active and self.role != Role.REQUESTER

    # Django's own permissions are unused: whoever asks for them is refused, see `permissions`.
    is_superuser = False

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False
