"""The desk's own pages inside the admin site."""

from django.contrib.admin import AdminSite
from django.urls import URLPattern, path

from helpdesk.views import exporting
from helpdesk.views.desk import (
    answers,
    bulk,
    home,
    invitations,
    live,
    merging,
    people,
    person_access,
    suggest,
    ticket,
    ticket_actions,
    ticket_properties,
    ticket_relations,
    tickets,
)
from helpdesk.views.desk.mailbox import mailbox


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    """The routes of the pages that agents live in; `site` guards their entrance."""
    guard = site.admin_view
    one = "tickets/<str:ref>/"
    return [
        path("suggest/<slug:source>/", guard(suggest.suggest), name="suggest"),
        path("tickets/", guard(tickets.listing), name="tickets"),
        path("tickets/bulk/", guard(bulk.bulk), name="tickets_bulk"),
        path("tickets/export/", guard(exporting.desk_tickets), name="tickets_export"),
        path("exports/", guard(exporting.desk_exports), name="exports"),
        path("exports/<uuid:key>/cancel/", guard(exporting.desk_cancel), name="export_cancel"),
        path("tickets/density/", guard(tickets.density), name="tickets_density"),
        path("people/invitations/", guard(invitations.listing), name="invitations"),
        path("people/invitations/<int:pk>/again/", guard(invitations.send_again), name="invitation_again"),
        path("people/invitations/<int:pk>/withdraw/", guard(invitations.withdraw), name="invitation_withdraw"),
        path("people/<int:pk>/", guard(person_access.show), name="person_access"),
        path("people/<int:pk>/second-step/reset/", guard(person_access.reset_second_step), name="person_reset"),
        path("people/<int:pk>/log-out/", guard(person_access.log_out), name="person_log_out"),
        path("people/<int:pk>/merge/", guard(people.merge), name="person_merge"),
        path("people/merges/<int:pk>/undo/", guard(people.undo_merge), name="undo_merge"),
        path("mailbox/", guard(mailbox), name="mailbox"),
        path("mentions/<int:pk>/seen/", guard(home.see_mention), name="see_mention"),
        path(one, guard(ticket.show), name="ticket"),
        path(f"{one}news/", guard(live.news), name="ticket_news"),
        path(f"{one}preview/", guard(live.preview), name="ticket_preview"),
        path(f"{one}peek/", guard(tickets.peek), name="ticket_peek"),
        path(f"{one}reply/", guard(ticket_actions.reply), name="ticket_reply"),
        path(f"{one}note/", guard(ticket_actions.note), name="ticket_note"),
        path(f"{one}assign/", guard(ticket_actions.assign), name="ticket_assign"),
        path(f"{one}set/<slug:name>/", guard(ticket_properties.change), name="ticket_set"),
        path(f"{one}fields/<int:pk>/", guard(answers.answer), name="ticket_field"),
        path(f"{one}tags/", guard(ticket_properties.tags), name="ticket_tags"),
        path(f"{one}guest-link/", guard(ticket_properties.guest_link), name="ticket_guest_link"),
        path(f"{one}watchers/", guard(ticket_properties.watchers), name="ticket_watchers"),
        path(f"{one}merge/", guard(merging.merge), name="ticket_merge"),
        path(f"{one}unmerge/", guard(merging.unmerge), name="ticket_unmerge"),
        path(f"{one}links/", guard(ticket_relations.links), name="ticket_links"),
        path(f"{one}partner/", guard(ticket_relations.partner), name="ticket_partner"),
        path(f"{one}sub-tasks/", guard(ticket_relations.tasks), name="ticket_sub_tasks"),
        path(f"{one}move/<slug:name>/", guard(ticket_actions.move), name="ticket_move"),
        path(f"{one}escalate/", guard(ticket_actions.escalate), name="ticket_escalate"),
        path(f"{one}deescalate/", guard(ticket_actions.deescalate), name="ticket_deescalate"),
    ]
