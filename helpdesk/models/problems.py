"""Problems: what the tickets of one root cause have in common."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from helpdesk.choices import ProblemState
from helpdesk.domain.references import PROBLEM, format_ref
from helpdesk.models.queues import Category
from helpdesk.models.translated import Translated

_NEXT_NUMBER = models.Func(
    models.Value("helpdesk_problem_number"),
    function="nextval",
    output_field=models.BigIntegerField(),
)


class Problem(Translated):
    """One root cause, with the way around it and the fix. Its tickets point to it.

    `title`, `cause`, `workaround` and `fix` are the desk's own words. What the portal shows of a known issue stands in
    `public_title` and `public_words`, which have translations, from `published_at` on. `version` rises with each change
    and tells a form that was filled in on an older state. A problem of a private category is seen by who sees that.
    """

    number = models.BigIntegerField(_("number"), unique=True, db_default=_NEXT_NUMBER, editable=False)
    title = models.CharField(_("title"), max_length=200)
    state = models.CharField(_("state"), max_length=8, choices=ProblemState.choices, default=ProblemState.OPEN)
    cause = models.TextField(_("cause"), blank=True)
    workaround = models.TextField(_("workaround"), blank=True)
    fix = models.TextField(_("fix"), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    category = models.ForeignKey(
        Category,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("category"),
    )
    public_title = models.CharField(_("title for requesters"), max_length=120, blank=True)
    public_words = models.TextField(_("what requesters can do meanwhile"), blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=0)
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("last change"))

    class Meta:
        verbose_name = _("problem")
        verbose_name_plural = _("problems")
        constraints = (
            models.CheckConstraint(condition=Q(state__in=ProblemState.values), name="problem_state_known"),
            models.CheckConstraint(condition=~Q(title=""), name="problem_title_filled"),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | (~Q(public_title="") & ~Q(public_words="")),
                name="problem_published_with_words",
            ),
        )
        indexes = (
            models.Index(F("updated_at").desc(), F("id").desc(), name="problem_latest"),
            models.Index("state", F("updated_at").desc(), F("id").desc(), name="problem_of_state"),
            models.Index(
                F("published_at").desc(),
                F("id").desc(),
                condition=Q(published_at__isnull=False),
                name="problem_published",
            ),
        )

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"

    @property
    def ref(self) -> str:
        """The problem's name among people, `PRB-12`."""
        return format_ref(self.number, PROBLEM)

    @property
    def is_closed(self) -> bool:
        """Whether nothing is gathered under it any more."""
        return self.state == ProblemState.CLOSED
