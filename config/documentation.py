"""The contract of the API: as a document for programs, and as pages for people who sign in."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.gzip import gzip_page
from django.views.defaults import server_error as page
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from helpdesk.api import problems
from helpdesk.api.authentication import BrowserSession, TokenAuthentication

# What the schema says is no secret: it is the same for every desk.
schema = gzip_page(
    SpectacularAPIView.as_view(authentication_classes=[TokenAuthentication, BrowserSession], permission_classes=[])
)
pages = SpectacularSwaggerSplitView.as_view(
    url_name="schema", template_name="api/docs.html", authentication_classes=[BrowserSession], permission_classes=[]
)


def server_error(request: HttpRequest) -> HttpResponse:
    """What is answered where we failed: to programs a document, to people a page."""
    return problems.failed(request) if request.path.startswith("/api/v1/") else page(request)
