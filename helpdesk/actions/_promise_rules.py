"""What a rule, a phase and a policy must not become, and that the clocks of open tickets follow each change of them."""

from typing import Final, cast

from django.db import connection
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from helpdesk.actions._saving import Saving, check_span, refuse
from helpdesk.actions.recounts import ask_for
from helpdesk.models import Phase, PolicyRule, PolicyVersion, SLAPolicy
from helpdesk.selectors.promise_rules import overlapping, twin

# Of this desk's own choice; it only has to differ from those of other advisory locks.
_PROMISES: Final = 0x50726F6D


def lock_promises() -> None:
    """Until the end of the transaction nobody else changes rules or phases: each has to fit to all the others."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_PROMISES])


def check_policy_rule(saving: Saving) -> None:
    """A rule leads to a policy in use that says something, and no other rule is for the same tickets."""
    rule = cast("PolicyRule", saving.row)
    if not rule.is_active:
        return
    lock_promises()
    if rule.policy_id is not None and {"policy", "is_active"} & set(saving.fields):
        # Locked, so that nobody takes it out of use meanwhile.
        policy = SLAPolicy.objects.select_for_update().get(pk=rule.policy_id)
        if not policy.is_active:
            raise refuse(_("“%(name)s” is out of use. Choose another policy.") % {"name": policy}, "policy")
        if not PolicyVersion.objects.filter(policy=policy, valid_from__lte=saving.now).exists():
            words = _("“%(name)s” promises nothing yet. Write its targets first.")
            raise refuse(words % {"name": policy}, "policy")
    if (other := twin(rule)) is not None:
        words = _("There is a rule for the same tickets already, which leads to “%(name)s”. Change that one.")
        raise refuse(words % {"name": other.policy or _("No SLA")}, "")


def check_policy(saving: Saving) -> None:
    """Rules that are asked lead to no policy that promises nothing any more."""
    policy = cast("SLAPolicy", saving.row)
    if saving.before is None or "is_active" not in saving.fields or policy.is_active:
        return
    count = PolicyRule.objects.filter(policy=policy.pk, is_active=True).count()
    if count:
        words = ngettext(
            "%(count)d rule leads to this policy. Let it lead to another one first, or take it out of use.",
            "%(count)d rules lead to this policy. Let them lead to another one first, or take them out of use.",
            count,
        )
        raise refuse(words % {"count": count}, "is_active")


def check_phase(saving: Saving) -> None:
    """A phase ends after it starts, and no other one of its kind and place lasts meanwhile."""
    check_span(saving)
    phase = cast("Phase", saving.row)
    if phase.ends_at <= phase.starts_at:
        raise refuse(_("A phase ends after it starts."), "ends_at")
    if not phase.is_active:
        return
    lock_promises()
    if (other := overlapping(phase)) is not None:
        words = _("“%(name)s” is of the same kind and place and lasts meanwhile. Let one end before the other begins.")
        raise refuse(words % {"name": other}, "starts_at")


def count_anew(saving: Saving) -> None:
    """The clocks of open tickets follow what is promised to whom from now on."""
    if saving.fields or saving.before is None:
        ask_for((str(saving.row._meta.model_name), saving.row.pk), saving.now)


def count_anew_in_phase(saving: Saving) -> None:
    """They follow when a phase begins, and when it ends; and at once where it began before, or was to."""
    phase, before, cause = cast("Phase", saving.row), cast("Phase | None", saving.before), ("phase", saving.row.pk)
    starts = min(phase.starts_at, before.starts_at) if before is not None else phase.starts_at
    ask_for(cause, max(starts, saving.now))
    if before is not None and phase.starts_at > max(starts, saving.now):
        ask_for(cause, phase.starts_at)
    if phase.ends_at > saving.now:
        ask_for(cause, phase.ends_at)


def count_anew_of_policy(saving: Saving) -> None:
    """They follow when a policy is taken out of use, and when it comes back."""
    if saving.before is not None and "is_active" in saving.fields:
        count_anew(saving)


def count_anew_of_organization(saving: Saving) -> None:
    """They follow what an organisation bought."""
    if saving.before is not None and "service_tier" in saving.fields:
        count_anew(saving)
