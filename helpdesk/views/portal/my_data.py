"""All that is kept about the reader, as a file among those that the desk makes for them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from helpdesk.actions import exports
from helpdesk.adapters.my_data import KIND
from helpdesk.errors import DomainError
from helpdesk.requests import actor_of


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Have it made."""
    name = f"{_('my-data')}-{timezone.localdate():%Y-%m-%d}.zip"
    try:
        exports.request_export(kind=KIND, name=name, query={}, by=actor_of(request), now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your file is being made. You get a mail when it is ready."))
    return redirect("portal:exports")
