"""Every address of the product, composed from the apps."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path

from config import documentation
from helpdesk.urls import ACCOUNT_URLS

handler500 = "config.documentation.server_error"
urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include(ACCOUNT_URLS)),
    path("admin/", admin.site.urls),
    path("api/v1/", include("helpdesk.api.urls")),
    path("api/schema/", documentation.schema, name="schema"),
    path("api/docs/", documentation.pages, name="api_docs"),
    # Whatever else a program asks for: not a page, nor a redirect to one.
    re_path(r"^api/(?P<path>(?!(?:docs|schema)\Z)[\s\S]*)\Z", documentation.nowhere),
    path("", include("helpdesk.urls")),
]
