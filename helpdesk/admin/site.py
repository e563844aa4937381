"""The desk's site: Django's admin in Unfold's frame, entered by the desk's own rights and login."""

from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, reverse
from django.utils.http import urlencode
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from unfold.settings import get_config
from unfold.sites import UnfoldAdminSite

from helpdesk.admin.pages import PAGES
from helpdesk.models import User
from helpdesk.permissions import Right, holds
from helpdesk.requests import actor_of, brand_of
from helpdesk.templatetags.brand import stylesheet_of
from helpdesk.views.desk import urls as desk
from helpdesk.views.desk.home import home


@lru_cache(maxsize=1)
def _frame() -> dict[str, Any]:
    """Unfold's settings, with what it puts in the place of those that are not set."""
    merged: dict[str, Any] = get_config("UNFOLD")
    return merged


class Suggestions(AutocompleteJsonView):
    """What fields suggest while somebody types. People of one name are told apart by their addresses."""

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, Any]:
        result: dict[str, Any] = super().serialize_result(obj, to_field_name)
        return {**result, "text": f"{obj} · {obj.email}"} if isinstance(obj, User) else result


class DeskSite(UnfoldAdminSite):  # type: ignore[misc] # Unfold ships no types
    """Set-up pages by Django's admin, all others by the desk's own views."""

    index_title = _("Home")
    empty_value_display = "–"

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.disable_action("delete_selected")
        # Here and not by autodiscovery, which would bring other apps' pages with it.
        for model, page in PAGES.items():
            self.register(model, page)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """What every page of the desk is given: the frame, under the brand's name and in its colour."""
        context: dict[str, Any] = super().each_context(request)
        brand = brand_of(request)
        context["site_title"] = context["site_header"] = brand.name
        # A heading over nothing would tell agents what they may not see.
        context["sidebar_navigation"] = [group for group in context["sidebar_navigation"] if group["items"]]
        context["color_rules"] = self._color_rules
        context["may_file"] = self.has_permission(request) and holds(actor_of(request), Right.FILE_FOR_OTHERS)
        if sheet := stylesheet_of(brand):
            context["styles"] = [*context["styles"], sheet]
        return context

    @cached_property
    def _color_rules(self) -> SafeString:
        """The colours of the frame as rules of style, the same on every page."""
        told = self._get_colors("COLORS")
        rules = (
            f"--color-{name}-{weight}: {one};" for name, weights in told.items() for weight, one in weights.items()
        )
        return mark_safe(" ".join(rules))  # noqa: S308 - the settings' words

    def get_sidebar_list(self, request: HttpRequest) -> list[dict[str, Any]]:
        """What the reader finds in the navigation. Unfold's own copies, imports and parses all of it for each page."""
        home = reverse("admin:index")
        groups = []
        for group in settings.UNFOLD["SIDEBAR"]["navigation"]:
            items = []
            for item in group["items"]:
                if "permission" in item and not import_string(item["permission"])(request):
                    continue
                link = str(item["link"])
                is_here = request.path == home if link == home else link in request.path
                items.append({**item, "link": link, "active": is_here, "has_permission": True})
            groups.append({**group, "items": items})
        return groups

    def _get_config(self, key: str, *args: Any) -> Any:
        """A setting of the frame. Unfold merges all of them anew for each of thirty that a page asks for."""
        value = _frame().get(key)
        return self._get_value(value, *args) if value else None

    def has_permission(self, request: HttpRequest) -> bool:
        """Who may enter the desk at all."""
        return isinstance(request.user, User) and holds(actor_of(request), Right.ENTER_DESK)

    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """Login is allauth's, for everybody; Django's own form is nowhere to be reached."""
        if request.user.is_authenticated:
            return HttpResponseRedirect(reverse("portal:home"))
        return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")

    def logout(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """Signing out is allauth's too."""
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """So is one's password."""
        return redirect("account_change_password")

    def password_change_done(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        return redirect("admin:index")

    def index(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """The desk's own home."""
        return home(request)

    def app_index(
        self, request: HttpRequest, app_label: str, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """Which app a row belongs to is nothing that people need to know."""
        return redirect("admin:index")

    def search(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """Unfold's own search knows no rights of ours and keeps what it found; the ticket list has its own."""
        raise Http404

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """Suggestions, for those who may see the rows that they come from."""
        answer: HttpResponse = Suggestions.as_view(admin_site=self)(request)  # type: ignore[assignment] # it is JSON
        return answer

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [*desk.urlpatterns(self), *super().get_urls()]
