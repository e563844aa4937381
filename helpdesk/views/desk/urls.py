"""The desk's own pages inside the admin site."""

from typing import Final

from django.contrib.admin import AdminSite
from django.urls import URLPattern, path

from helpdesk.views import exporting
from helpdesk.views.desk import (
    answers,
    bulk,
    calendars,
    clock_actions,
    clock_effects,
    clock_why,
    clocks,
    filing,
    home,
    inbox,
    integrations,
    invitations,
    live,
    merging,
    people,
    person_access,
    policies,
    policy_rules,
    problem_notices,
    problems,
    suggest,
    ticket,
    ticket_actions,
    ticket_judging,
    ticket_messages,
    ticket_properties,
    ticket_relations,
    ticket_time,
    tickets,
    webhooks,
)
from helpdesk.views.desk.mailbox import mailbox

_ONE: Final = "tickets/<str:ref>/"


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    """The routes of the pages that agents live in; `site` guards their entrance."""
    guard = site.admin_view
    one = _ONE
    return [
        path("suggest/<slug:source>/", guard(suggest.suggest), name="suggest"),
        *_of_inbox(site),
        *_of_setup(site),
        path("tickets/", guard(tickets.listing), name="tickets"),
        path("tickets/new/", guard(filing.new), name="ticket_new"),
        path("tickets/new/preview/", guard(filing.preview), name="ticket_new_preview"),
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
        *_of_integrations(site),
        *_of_problems(site),
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


def _of_inbox(site: AdminSite) -> list[URLPattern]:
    """Those of what one was told."""
    guard = site.admin_view
    return [
        path("inbox/", guard(inbox.show), name="inbox"),
        path("inbox/read/", guard(inbox.read), name="inbox_read"),
        path("inbox/bell/", guard(inbox.bell), name="inbox_bell"),
        path("inbox/<int:pk>/", guard(inbox.open_entry), name="inbox_entry"),
    ]


def _of_integrations(site: AdminSite) -> list[URLPattern]:
    """Those of other systems and of tokens."""
    guard, one = site.admin_view, "integrations/<int:pk>/"
    return [
        path("integrations/", guard(integrations.listing), name="integrations"),
        path("integrations/new/", guard(integrations.new), name="integration_new"),
        path(one, guard(integrations.show), name="integration"),
        path(f"{one}edit/", guard(integrations.edit), name="integration_edit"),
        path(f"{one}close/", guard(integrations.close), name="integration_close"),
        path(f"{one}open/", guard(integrations.reopen), name="integration_open"),
        path("tokens/", guard(integrations.of_people), name="tokens"),
        path("tokens/<int:pk>/rotate/", guard(integrations.rotate), name="token_rotate"),
        path("tokens/<int:pk>/revoke/", guard(integrations.revoke), name="token_revoke"),
    ]


def _of_setup(site: AdminSite) -> list[URLPattern]:
    """Those of set-up that is more than its columns."""
    guard, one, policy = site.admin_view, "calendars/<int:pk>/", "policies/<int:pk>/"
    return [
        path(one, guard(calendars.show), name="calendar"),
        path(f"{one}edit/", guard(calendars.edit), name="calendar_edit"),
        path(f"{one}preview/", guard(calendars.look), name="calendar_preview"),
        path(f"{one}discard/", guard(calendars.discard), name="calendar_discard"),
        path(f"{one}take-back/", guard(calendars.take_back), name="calendar_take_back"),
        path("webhooks/", guard(webhooks.listing), name="webhooks"),
        path("webhooks/new/", guard(webhooks.new), name="webhook_new"),
        path("webhooks/<int:pk>/", guard(webhooks.show), name="webhook"),
        path("webhooks/<int:pk>/edit/", guard(webhooks.edit), name="webhook_edit"),
        path("webhooks/<int:pk>/test/", guard(webhooks.try_out), name="webhook_test"),
        path("webhooks/<int:pk>/rotate/", guard(webhooks.rotate), name="webhook_rotate"),
        path("webhooks/<int:pk>/replay/", guard(webhooks.replay), name="webhook_replay"),
        path("webhooks/<int:pk>/replay/<int:delivery>/", guard(webhooks.replay_one), name="webhook_replay_one"),
        path("policies/rules/", guard(policy_rules.listing), name="policy_rules"),
        path("policies/rules/<int:pk>/<slug:how>/", guard(policy_rules.change), name="policy_rule_change"),
        path(policy, guard(policies.show), name="policy"),
        path(f"{policy}edit/", guard(policies.edit), name="policy_edit"),
        path(f"{policy}preview/", guard(policies.look), name="policy_preview"),
        path(f"{policy}discard/", guard(policies.discard), name="policy_discard"),
        path(f"{policy}take-back/", guard(policies.take_back), name="policy_take_back"),
    ]


def _of_problems(site: AdminSite) -> list[URLPattern]:
    """Those of problems, of what follows from judgement, of words that are changed, of clocks and of time."""
    guard, one = site.admin_view, _ONE
    return [
        path("problems/", guard(problems.listing), name="problems"),
        path("problems/new/", guard(problems.new), name="problem_new"),
        path("problems/<str:ref>/", guard(problems.show), name="problem"),
        path("problems/<str:ref>/edit/", guard(problems.edit), name="problem_edit"),
        path("problems/<str:ref>/gather/", guard(problems.gather), name="problem_gather"),
        path("problems/<str:ref>/tell/", guard(problem_notices.tell), name="problem_tell"),
        path("problems/<str:ref>/told/<int:pk>/", guard(problem_notices.told), name="problem_told"),
        path("problems/<str:ref>/publish/", guard(problems.publish), name="problem_publish"),
        path(f"{one}judge/", guard(ticket_judging.judge), name="ticket_judge"),
        path(f"{one}clocks/<int:pk>/", guard(clock_why.why), name="ticket_clock"),
        path(f"{one}acknowledge/", guard(clock_actions.acknowledge), name="ticket_acknowledge"),
        path(f"{one}policy/", guard(clock_actions.policy), name="ticket_policy"),
        path(f"{one}organization/", guard(clock_actions.organization), name="ticket_organization"),
        path(f"{one}clocks/", guard(clocks.standing), name="ticket_clocks"),
        path(f"{one}set/<slug:name>/effects/", guard(clock_effects.effects), name="ticket_effects"),
        path(f"{one}time/", guard(ticket_time.time), name="ticket_time"),
        path(f"{one}messages/<int:pk>/edit/", guard(ticket_messages.edit), name="ticket_message_edit"),
        path(f"{one}messages/<int:pk>/earlier/", guard(ticket_messages.earlier), name="ticket_message_earlier"),
        path(f"{one}problem/", guard(ticket_properties.problem), name="ticket_problem"),
    ]
