"""One's second step at log-in: what there is of it, where allauth's own pages say too little."""

from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import IndexView
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from helpdesk.models import User
from helpdesk.selectors.second_step import owes


class Overview(IndexView):  # type: ignore[misc] # allauth ships no types
    """App, passkeys and recovery codes; and whether one has to set one up before going on."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        person = self.request.user
        context["is_owed"] = isinstance(person, User) and owes(person)
        context["onward"] = get_next_redirect_url(self.request)
        return context


class RemovePasskey(RemoveWebAuthnView):  # type: ignore[misc] # allauth ships no types
    """Asks once before a passkey goes; the last second step of who needs one stays."""

    def form_valid(self, form: Any) -> HttpResponse:
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            messages.error(self.request, str(adapter.error_messages["cannot_delete_authenticator"]))
            return redirect("mfa_index")
        answer: HttpResponse = super().form_valid(form)
        return answer


def passkeys(_request: HttpRequest) -> HttpResponse:
    """Where allauth leads after a passkey changed: they are listed on the one page of the second step."""
    return redirect("mfa_index")


overview = Overview.as_view()
remove_passkey = RemovePasskey.as_view()
