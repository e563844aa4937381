"""The product's addresses, and two empty views: what Django itself takes, and what a signed-in answer takes here."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import include, path


@login_not_required
def empty(_request: HttpRequest) -> HttpResponse:
    """Nothing, for anybody."""
    return HttpResponse("")


def signed_in(request: HttpRequest) -> HttpResponse:
    """Nothing, for who is signed in: the session and the person are read."""
    return HttpResponse(str(request.user.pk))


urlpatterns = [
    path("benchmark/empty/", empty),
    path("benchmark/signed-in/", signed_in),
    path("", include("config.urls")),
]
