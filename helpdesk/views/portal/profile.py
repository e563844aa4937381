"""What people say about themselves: their name, and the language and the time zone that they read in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from helpdesk.actions.people import change_profile
from helpdesk.forms.profile import ProfileForm
from helpdesk.requests import actor_of
from helpdesk.views.refusals import attempt, status_of


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """The reader's own profile."""
    actor = actor_of(request)
    person = actor.person
    known = {"name": person.name, "language": person.spoken_language, "time_zone": person.time_zone}
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=known)
    if form.is_valid():
        changed = attempt(form, lambda: change_profile(**form.cleaned_data, by=actor, now=timezone.now()))
        if changed is not None:
            with translation.override(changed.spoken_language):
                messages.success(request, _("Your profile is saved."))
            return redirect("portal:profile")
    return render(request, "portal/profile.html", {"form": form, "now": timezone.now()}, status=status_of(form))
