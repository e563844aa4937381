"""The desk's site: Django's admin in Unfold's frame, entered by the desk's own rights and login."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, reverse
from django.utils.http import urlencode
from unfold.sites import UnfoldAdminSite

from helpdesk.models import User
from helpdesk.permissions import Right, holds
from helpdesk.requests import actor_of


class DeskSite(UnfoldAdminSite):  # type: ignore[misc] # Unfold ships no types
    """Set-up pages by Django's admin, all others by the desk's own views."""

    def has_permission(self, request: HttpRequest) -> bool:
        """Who may enter the desk at all."""
        return isinstance(request.user, User) and holds(
            actor_of(request), Right.ENTER_DESK
        )

    def login(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """Login is allauth's, for everybody; Django's own form is nowhere to be reached."""
        if request.user.is_authenticated:
            return HttpResponseRedirect(reverse("portal:home"))
        return HttpResponseRedirect(
            f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}"
        )

    def get_urls(self) -> list[URLPattern | URLResolver]:
        from helpdesk.views.desk import urls as desk

        return [*desk.urlpatterns(self), *super().get_urls()]
