"""What a policy promises: what counts now, other terms as a draft, and what these would change."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from helpdesk import access
from helpdesk.actions import policies as actions
from helpdesk.actions.policies import newest, state_of
from helpdesk.forms.policies import RulesForm
from helpdesk.models import PolicyVersion, SLAPolicy
from helpdesk.permissions import Right, holds
from helpdesk.requests import actor_of
from helpdesk.selectors.policies import (
    open_tickets,
    policy_of,
    preview,
    rules_for,
    targets_of,
    updates_of,
    versions_of,
)
from helpdesk.views.desk.frame import page
from helpdesk.views.desk.policy_words import said, where
from helpdesk.views.desk.tellings import tell
from helpdesk.views.desk.versions import (
    count_again,
    discarded,
    frame,
    in_force_form,
    is_put_into_force,
    no_draft,
    shown,
    taken_back,
)
from helpdesk.views.refusals import attempt, status_of


def _policy(request: HttpRequest, pk: int, right: Right) -> SLAPolicy:
    access.require(actor_of(request), right)
    policy = policy_of(pk)
    if policy is None:
        raise Http404
    return policy


def _frame(policy: SLAPolicy, here: str) -> dict[str, object]:
    return frame(policy, "policy", _("SLA policies"), here)


def _content(version: PolicyVersion | None, before: PolicyVersion | None = None) -> dict[str, object]:
    """What a version says, beside another one."""
    if version is None:
        return {}
    rules, old = version.parsed(), before.parsed() if before else None
    return {
        "targets": [row for row in targets_of(rules, old) if row.is_spoken],
        "updates": [row for row in updates_of(rules, old) if row.is_spoken],
        "said": said(rules),
        "calendar": version.calendar,
    }


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """What is promised now, where it applies, and the versions that were, are and will be."""
    policy, now = _policy(request, pk, Right.SEE_SETUP), timezone.now()
    versions = versions_of(policy, now)
    context = {
        **_frame(policy, ""),
        **shown(request, versions, "policy", now),
        **_content(versions.in_force or versions.planned),
        "rules": [(rule, where(rule)) for rule in rules_for(policy)],
        "open": open_tickets([policy.pk]).get(policy.pk, 0),
        "may_read_record": holds(actor_of(request), Right.SEE_RECORD),
    }
    return page(request, "desk/policy.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write other terms; posted to, keep them as the draft and show what they would change."""
    policy, actor = _policy(request, pk, Right.CHANGE_SETUP), actor_of(request)
    base = newest(policy)
    is_sent = request.method == "POST"
    form = RulesForm(request.POST if is_sent else None, version=base, seen=state_of(base), actor=actor)
    if is_sent and "add" not in request.POST and form.is_valid():
        act = partial(
            actions.draft_rules,
            policy=policy,
            terms=form.terms(),
            seen=form.cleaned_data["seen"],
            by=actor,
            now=timezone.now(),
        )
        if attempt(form, act) is not None:
            return redirect("admin:policy_preview", policy.pk)
    context = {**_frame(policy, _("Change")), "form": form, "is_first": base is None}
    return page(request, "desk/policy_edit.html", context, status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """What the draft would change; posted to, put it into force."""
    policy, now = _policy(request, pk, Right.CHANGE_SETUP), timezone.now()
    versions = versions_of(policy, now)
    draft = versions.draft
    if draft is None:
        return no_draft(request, "policy", policy.pk)
    if request.method == "POST" and "again" in request.POST:
        return count_again(request, draft)
    form = in_force_form(request, draft)
    if is_put_into_force(form, partial(actions.put_into_force, policy=policy, by=actor_of(request), now=now)):
        tell(request, _("The policy is put into force. The clocks of open tickets follow."))
        return redirect("admin:policy", policy.pk)
    before = versions.in_force
    context = {
        **_frame(policy, _("What changes")),
        **_content(draft, before),
        "draft": draft,
        "before": before,
        "said_before": said(before.parsed()) if before else None,
        "preview": preview(draft, actor_of(request), now),
        "form": form,
    }
    return page(request, "desk/policy_preview.html", context, status_of(form))


@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw the draft away."""
    policy = _policy(request, pk, Right.CHANGE_SETUP)
    return discarded(request, partial(actions.discard_draft, policy=policy), "policy", policy.pk)


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a version that was planned never count."""
    policy = _policy(request, pk, Right.CHANGE_SETUP)
    return taken_back(request, partial(actions.take_back, policy=policy), "policy", policy.pk)
