"""Every address of the product, composed from the apps."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from helpdesk.urls import ACCOUNT_URLS

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include(ACCOUNT_URLS)),
    path("admin/", admin.site.urls),
    path("", include("helpdesk.urls")),
]
