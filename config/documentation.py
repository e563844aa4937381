"""The contract of the API: as a document for programs, and as pages for people who sign in."""

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from helpdesk.api.authentication import BrowserSession, TokenAuthentication

# What the schema says is no secret: it is the same for every desk.
schema = SpectacularAPIView.as_view(authentication_classes=[TokenAuthentication, BrowserSession], permission_classes=[])
pages = SpectacularSwaggerSplitView.as_view(
    url_name="schema", authentication_classes=[BrowserSession], permission_classes=[]
)
