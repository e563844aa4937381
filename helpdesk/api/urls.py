"""The addresses of the API, version 1."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from helpdesk.api import problems
from helpdesk.api.views import changes, doing, figures, files, people, promises, reading, setup, tickets, webhooks

app_name = "api"

urlpatterns = [
    path("me/", setup.Me.as_view(), name="me"),
    path("tickets/", tickets.Tickets.as_view(), name="tickets"),
    path("tickets/changes/", changes.Changes.as_view(), name="changes"),
    path("tickets/<str:ref>/", tickets.OneTicket.as_view(), name="ticket"),
    path("tickets/<str:ref>/transition/", doing.Transition.as_view(), name="transition"),
    path("tickets/<str:ref>/assign/", doing.Assign.as_view(), name="assign"),
    path("tickets/<str:ref>/escalate/", doing.Escalate.as_view(), name="escalate"),
    path("tickets/<str:ref>/deescalate/", doing.Deescalate.as_view(), name="deescalate"),
    path("tickets/<str:ref>/acknowledge/", doing.Acknowledge.as_view(), name="acknowledge"),
    path("tickets/<str:ref>/merge/", doing.Merge.as_view(), name="merge"),
    path("tickets/<str:ref>/links/", doing.Links.as_view(), name="links"),
    path("tickets/<str:ref>/links/<str:relation>/<str:other>/", doing.OneLink.as_view(), name="link"),
    path("tickets/<str:ref>/watchers/", doing.Watchers.as_view(), name="watchers"),
    path("tickets/<str:ref>/watchers/<int:pk>/", doing.OneWatcher.as_view(), name="watcher"),
    path("tickets/<str:ref>/messages/", reading.Messages.as_view(), name="messages"),
    path("tickets/<str:ref>/messages/<int:pk>/", reading.OneMessage.as_view(), name="message"),
    path("tickets/<str:ref>/timeline/", reading.Timeline.as_view(), name="timeline"),
    path("tickets/<str:ref>/sla/", reading.Clocks.as_view(), name="clocks"),
    path("tickets/<str:ref>/sla/<int:pk>/why/", reading.Why.as_view(), name="why"),
    path("uploads/", files.Uploads.as_view(), name="uploads"),
    path("attachments/<uuid:key>/", files.Attachments.as_view(), name="attachment"),
    path("people/", people.People.as_view(), name="people"),
    path("people/<int:pk>/", people.OnePerson.as_view(), name="person"),
    path("organizations/", people.Organizations.as_view(), name="organizations"),
    path("organizations/<int:pk>/", people.OneOrganization.as_view(), name="organization"),
    path("queues/", setup.Queues.as_view(), name="queues"),
    path("categories/", setup.Categories.as_view(), name="categories"),
    path("teams/", setup.Teams.as_view(), name="teams"),
    path("tags/", setup.Tags.as_view(), name="tags"),
    path("fields/", setup.Fields.as_view(), name="fields"),
    path("webhooks/", webhooks.Webhooks.as_view(), name="webhooks"),
    path("webhooks/<int:pk>/", webhooks.OneWebhook.as_view(), name="webhook"),
    path("webhooks/<int:pk>/test/", webhooks.Try.as_view(), name="webhook_test"),
    path("webhooks/<int:pk>/rotate/", webhooks.Rotate.as_view(), name="webhook_rotate"),
    path("webhooks/<int:pk>/replay/", webhooks.Replay.as_view(), name="webhook_replay"),
    path("webhooks/<int:pk>/deliveries/", webhooks.Deliveries.as_view(), name="webhook_deliveries"),
    path(
        "webhooks/<int:pk>/deliveries/<int:delivery>/replay/",
        webhooks.ReplayOne.as_view(),
        name="webhook_delivery_replay",
    ),
    path("sla/policies/", promises.Policies.as_view(), name="policies"),
    path("sla/policies/<str:code>/", promises.OnePolicy.as_view(), name="policy"),
    path("sla/policies/<str:code>/preview/", promises.PolicyPreview.as_view(), name="policy_preview"),
    path("sla/calendars/", promises.Calendars.as_view(), name="calendars"),
    path("sla/calendars/<str:code>/", promises.OneCalendar.as_view(), name="calendar"),
    path("sla/calendars/<str:code>/preview/", promises.CalendarPreview.as_view(), name="calendar_preview"),
    path("figures/", figures.Figures.as_view(), name="figures"),
    path("announcements/", setup.Announcements.as_view(), name="announcements"),
    path("<path:path>", csrf_exempt(login_not_required(problems.nowhere)), name="nowhere"),
]
