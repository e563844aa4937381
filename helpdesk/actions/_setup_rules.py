"""What a row of the set-up must not become. Each rule sees the row as it stands, locked, and as it shall be."""

from collections.abc import Callable, Mapping
from typing import Final, cast

from allauth.account.models import EmailAddress
from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _

from helpdesk.actions import _belonging, _sessions, _tokens
from helpdesk.actions._privacy import keep_merged_private
from helpdesk.actions._promise_rules import (
    check_phase,
    check_policy,
    check_policy_rule,
    count_anew,
    count_anew_in_phase,
    count_anew_of_organization,
    count_anew_of_policy,
)
from helpdesk.actions._quiet import put_off_anew
from helpdesk.actions._record import audit
from helpdesk.actions._saving import Saving, check_span, refuse
from helpdesk.choices import Role
from helpdesk.domain import mail_domains
from helpdesk.domain.words import clean_line
from helpdesk.models import (
    Announcement,
    Brand,
    Category,
    Criterion,
    CustomField,
    FieldValue,
    Organization,
    OrganizationDomain,
    Phase,
    PolicyRule,
    Queue,
    SLAPolicy,
    StaffRole,
    Ticket,
    Tier,
    User,
)


def check_person(saving: Saving) -> None:
    """Prepare a new person; nobody saws off the branch they sit on, and one administrator always remains."""
    person = cast("User", saving.row)
    if saving.before is not None and cast("User", saving.before).merged_into_id is not None:
        raise refuse(_("This account was merged into %(name)s. Change that one.") % {"name": person}, "")
    if saving.before is None:
        person.set_unusable_password()
        person.created_at = saving.now
    elif {"role", "is_active"} & set(saving.fields):
        _check_standing(person, cast("User", saving.before), saving)
    if "email" in saving.fields:
        person.email = person.email.strip().lower()
        if EmailAddress.objects.filter(email__iexact=person.email).exclude(user_id=person.pk).exists():
            raise refuse(_("This address belongs to somebody already."), "email")


def _check_standing(person: User, before: User, saving: Saving) -> None:
    field = "role" if "role" in saving.fields else "is_active"
    if person == saving.by.user:
        words = _("You cannot take away your own role or close your own account. Ask another administrator.")
        raise refuse(words, field)
    was, stays = (p.is_active and p.role == Role.ADMINISTRATOR for p in (before, person))
    # One that is another system mends nothing here.
    people = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True, is_integration=False)
    others = people.exclude(pk=person.pk)
    if was and not stays and not others.exists():
        words = _("%(name)s is the last administrator. Make somebody else administrator first.")
        raise refuse(words % {"name": before}, field)


def settle_person(saving: Saving) -> None:
    """What follows from an account as it is now."""
    keep_address(saving)
    if saving.before is not None and "time_zone" in saving.fields:
        put_off_anew(cast("User", saving.row), saving.now)


def keep_address(saving: Saving) -> None:
    """The person's address is where they sign in; a new one has to be confirmed by them first."""
    person = cast("User", saving.row)
    if "is_active" in saving.fields and not person.is_active:
        _shut_out(person, saving)
    if "email" not in saving.fields:
        return
    own = EmailAddress.objects.filter(user=person)
    if known := own.filter(email__iexact=person.email).first():
        own.exclude(pk=known.pk).update(primary=False)
        known.primary = True
        known.save(update_fields=["primary"])
    else:
        # A new row, since a link that was mailed to the old address confirms a row, whatever address it holds by then.
        own.filter(primary=True).delete()
        EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=False)


def _shut_out(person: User, saving: Saving) -> None:
    """End the sessions and tokens of an account that closes, and every link to a new password. Who comes back chooses
    one anew.
    """
    person.set_unusable_password()
    person.save(update_fields=["password"])
    _sessions.end_of(person)
    _tokens.end_of(person, by=saving.by, now=saving.now)


def check_queue(saving: Saving) -> None:
    """There is one default queue, and it is open: the mark moves, it is never taken away."""
    queue, before = cast("Queue", saving.row), cast("Queue | None", saving.before)
    if before is not None and before.is_default and not queue.is_default:
        raise refuse(_("One queue is the default. Mark another one, and this one loses the mark."), "is_default")
    if queue.is_default and not queue.is_active:
        raise refuse(_("The default queue stays open. Make another queue the default first."), "is_active")
    if queue.is_default and "is_default" in saving.fields:
        for other in Queue.objects.select_for_update().filter(is_default=True).exclude(pk=queue.pk):
            other.is_default = False
            other.save(update_fields=["is_default"])
            data = {"fields": ["is_default"], "values": {"is_default": [True, False]}}
            audit("setup_changed", ("queue", other.pk), data, by=saving.by, now=saving.now)


def check_tier(saving: Saving) -> None:
    """A report finds its tier at the planned level or below it, so the lowest one stays in use."""
    tier = cast("Tier", saving.row)
    is_closed = saving.before is not None and "is_active" in saving.fields and not tier.is_active
    if is_closed and not Tier.objects.filter(is_active=True, level__lt=tier.level).exists():
        raise refuse(_("Reports need a lowest tier to start at; this is the last one."), "is_active")


def check_brand(saving: Saving) -> None:
    """A colour is written in one way, so that its address is one; the name is one line, which mails take as sender."""
    brand = cast("Brand", saving.row)
    brand.name = clean_line(brand.name)
    if not brand.name:
        raise refuse(_("Write the name."), "name")
    brand.accent = brand.accent.lower()


def check_role(saving: Saving) -> None:
    """A ladder ends somewhere, and only those who work for the desk stand on it."""
    role = cast("StaffRole", saving.row)
    if "escalates_to" in saving.fields and role.escalates_to_id is not None:
        above = dict(StaffRole.objects.select_for_update().order_by("pk").values_list("pk", "escalates_to"))
        step: int | None = role.escalates_to_id
        for _step in above:
            if step is None or step == role.pk:
                break
            step = above.get(step)
        if step is not None:
            raise refuse(_("This ladder would lead back to where it begins. Choose another role."), "escalates_to")
    for name in ("primary", "backup"):
        person = getattr(role, name)
        if name in saving.fields and person is not None and not person.is_staff:
            raise refuse(_("%(name)s does not work for the desk.") % {"name": person}, name)


def check_domain(saving: Saving) -> None:
    """A domain is written in one way, is no public one, and belongs to one organisation."""
    row = cast("OrganizationDomain", saving.row)
    if "domain" in saving.fields:
        row.domain = mail_domains.checked(row.domain)
    taken = OrganizationDomain.objects.filter(domain=row.domain, is_active=True).exclude(pk=row.pk)
    if row.is_active and (other := taken.select_related("organization").first()):
        words = _("“%(domain)s” belongs to %(name)s. Take it away there first.")
        raise refuse(words % {"domain": row.domain, "name": other.organization}, "domain")


def take_in(saving: Saving) -> None:
    """Who confirmed an address at a domain before belongs to the organisation as who confirms one from now on."""
    if saving.before is None or "is_active" in saving.fields:
        _belonging.take_in_all(cast("OrganizationDomain", saving.row), by=saving.by, now=saving.now)


def close_circle(saving: Saving) -> None:
    """A category that is private now is so for what was merged into its tickets, too."""
    category = cast("Category", saving.row)
    if category.restricted_to.exists():
        into = Ticket.objects.filter(category=category.pk, has_merged=True)
        keep_merged_private(Q(merged_into__in=into.values("pk")), category, by=saving.by, now=saving.now)


def check_question(saving: Saving) -> None:
    """What was answered keeps its kind: a date is no number, whatever the question becomes."""
    field = cast("CustomField", saving.row)
    if saving.before is not None and "kind" in saving.fields and FieldValue.objects.filter(field=field).exists():
        words = _("This was answered already. Close this question, and add another one of the other kind.")
        raise refuse(words, "kind")


def check_criterion(saving: Saving) -> None:
    """What is worse has to be more: a bound of P3 above that of P2 would leave some values out."""
    criterion = cast("Criterion", saving.row)
    if not criterion.is_case and not criterion.scale.is_in_order:
        raise refuse(_("Each bound has to be lower than the one of a higher priority."), "medium_from")


Rule = Callable[[Saving], None]
BEFORE: Final[Mapping[type[Model], Rule]] = {
    User: check_person,
    Queue: check_queue,
    Tier: check_tier,
    Brand: check_brand,
    Announcement: check_span,
    StaffRole: check_role,
    CustomField: check_question,
    Criterion: check_criterion,
    OrganizationDomain: check_domain,
    Phase: check_phase,
    PolicyRule: check_policy_rule,
    SLAPolicy: check_policy,
}
AFTER: Final[Mapping[type[Model], Rule]] = {
    User: settle_person,
    PolicyRule: count_anew,
    SLAPolicy: count_anew_of_policy,
    Phase: count_anew_in_phase,
    Organization: count_anew_of_organization,
    OrganizationDomain: take_in,
}
# Once a row points to other rows.
LINKED: Final[Mapping[tuple[type[Model], str], Rule]] = {(Category, "restricted_to"): close_circle}
