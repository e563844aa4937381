"""What administrators do with people's accounts beyond their fields."""

from allauth.account.models import EmailAddress
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from helpdesk import access, registry
from helpdesk.actions import person_merging
from helpdesk.errors import DomainError
from helpdesk.forms.people import MergeForm
from helpdesk.models import User
from helpdesk.models.person_merges import UNDO_WITHIN
from helpdesk.permissions import Right
from helpdesk.requests import actor_of
from helpdesk.selectors.person_merging import duplicates_of, managed_by
from helpdesk.views.desk.frame import page
from helpdesk.views.refusals import attempt, status_of


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Merge an account into another one: choose it, look at what goes along, then do it."""
    actor = actor_of(request)
    person = access.get_person(actor, pk, Right.CHANGE_PEOPLE)
    given = request.POST if request.method == "POST" else request.GET if "into" in request.GET else None
    form = MergeForm(given, actor=actor)
    target: User | None = None
    if form.is_valid():
        target = form.cleaned_data["into"]
        attempt(form, lambda: person_merging.check(person, form.cleaned_data["into"]))
    if target is not None and form.is_valid() and request.method == "POST":
        into = target
        done = attempt(form, lambda: person_merging.merge(source=person, target=into, by=actor, now=timezone.now()))
        if done is not None:
            words = _("%(name)s was merged into %(other)s. You can take it back for a day, below.")
            messages.success(request, words % {"name": person.account, "other": into.account})
            return redirect("admin:helpdesk_user_change", into.pk)
    context = {
        "title": _("Merge %(name)s into another account") % {"name": person.own_name},
        "own_heading": True,
        "crumbs": [
            {"title": _("People"), "url": reverse("admin:helpdesk_user_changelist")},
            {"title": person.own_name, "url": reverse("admin:helpdesk_user_change", args=[person.pk])},
        ],
        "here": _("Merge"),
        "person": person,
        "form": form,
        "alike": duplicates_of(person),
        **(_preview(person, target) if target is not None and form.is_valid() else {}),
    }
    return page(request, "desk/person_merge.html", context, status_of(form))


def _preview(person: User, target: User) -> dict[str, object]:
    counts = ((part, part.count(person, target)) for part in registry.merge_parts)
    return {
        "target": target,
        "moves": [part.words(count) for part, count in counts if count],
        "addresses": EmailAddress.objects.filter(user=person).order_by("-primary", "email"),
        "managed": managed_by(person),
        "until": timezone.now() + UNDO_WITHIN,
    }


@require_POST
def undo_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a merge back."""
    actor = actor_of(request)
    found = access.get_merge(actor, pk)
    try:
        undone = person_merging.undo(merge=found, by=actor, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:helpdesk_user_change", found.target_id)
    messages.success(request, " ".join(_came(undone)))
    return redirect("admin:helpdesk_user_change", found.source_id)


def _came(undone: person_merging.Undone) -> list[str]:
    """What taking it back did, in sentences."""
    names = {"name": undone.merge.source.account, "other": undone.merge.target.account}
    said = [_("%(name)s is an account of its own again.") % names]
    parts = {part.name: part for part in registry.merge_parts}
    if undone.back:
        things = ", ".join(parts[name].words(count) for name, count in undone.back.items())
        said.append(_("Back with it: %(things)s.") % {"things": things})
    if undone.stays:
        things = ", ".join(parts[name].words(count) for name, count in undone.stays.items())
        said.append(_("Changed since, and left where they are: %(things)s.") % {"things": things})
    if undone.filed_since:
        words = ngettext(
            "%(count)d ticket that was filed since stays with %(other)s.",
            "%(count)d tickets that were filed since stay with %(other)s.",
            undone.filed_since,
        )
        said.append(words % {"count": undone.filed_since, **names})
    return said
