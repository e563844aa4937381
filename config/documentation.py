"""The contract of the API: as a document for programs, and as pages for people who sign in."""

from typing import cast

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.defaults import server_error as page
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from helpdesk.api import problems
from helpdesk.api.authentication import BrowserSession


class Schema(SpectacularAPIView):
    """The document. What it says is no secret: it is the same for every desk, and nobody is asked who they are."""

    authentication_classes = ()
    permission_classes = ()

    def handle_exception(self, exc: Exception) -> HttpResponse:  # type: ignore[override] # as of all endpoints
        """A refusal as the API tells it."""
        found = problems.problem_of(exc)
        if found is None:
            raise exc
        return problems.answer(found, cast("HttpRequest", self.request))


schema = gzip_page(Schema.as_view())
pages = SpectacularSwaggerSplitView.as_view(
    url_name="schema", template_name="api/docs.html", authentication_classes=[BrowserSession], permission_classes=[]
)


nowhere = csrf_exempt(login_not_required(problems.nowhere))


def server_error(request: HttpRequest) -> HttpResponse:
    """What is answered where we failed: to programs a document, to people a page."""
    return problems.failed(request) if request.path.startswith("/api/v1/") else page(request)
