"""How what happened to anything but tickets is told to people."""

from typing import Final

from django.utils.translation import gettext_lazy

AUDIT_WORDS: Final = {
    "person_registered": gettext_lazy("Signed up"),
    "password_set": gettext_lazy("Password set"),
    "address_proven": gettext_lazy("Address confirmed"),
    "logged_in": gettext_lazy("Signed in"),
    "second_step_added": gettext_lazy("Second step set up"),
    "second_step_removed": gettext_lazy("Second step removed"),
    "second_step_refused": gettext_lazy("Second step refused"),
    "second_step_reset": gettext_lazy("Second step reset by the desk"),
    "recovery_codes_made": gettext_lazy("Recovery codes made"),
    "invitation_sent": gettext_lazy("Invitation sent"),
    "invitation_sent_again": gettext_lazy("Invitation sent again"),
    "invitation_withdrawn": gettext_lazy("Invitation withdrawn"),
    "invitation_accepted": gettext_lazy("Invitation accepted"),
    "sessions_ended": gettext_lazy("Logged out elsewhere"),
    "person_added": gettext_lazy("Person added"),
    "integration_added": gettext_lazy("Integration added"),
    "integration_changed": gettext_lazy("Integration changed"),
    "integration_closed": gettext_lazy("Integration shut out"),
    "integration_opened": gettext_lazy("Integration let in again"),
    "token_made": gettext_lazy("Token made"),
    "token_written_anew": gettext_lazy("Token made, and asked for twice at once"),
    "token_revoked": gettext_lazy("Token revoked"),
    "profile_changed": gettext_lazy("Profile changed"),
    "notifications_chosen": gettext_lazy("Notifications chosen"),
    "quiet_hours_set": gettext_lazy("Quiet hours set"),
    "muted": gettext_lazy("Quiet for a while"),
    "person_merged": gettext_lazy("Two accounts of one person merged"),
    "person_unmerged": gettext_lazy("Merge of two accounts taken back"),
    "team_joined": gettext_lazy("Joined a team"),
    "organization_joined": gettext_lazy("Joined an organisation"),
    "setup_added": gettext_lazy("Set-up added"),
    "setup_changed": gettext_lazy("Set-up changed"),
    "calendar_drafted": gettext_lazy("Working hours drafted"),
    "calendar_draft_discarded": gettext_lazy("Draft of working hours thrown away"),
    "calendar_in_force": gettext_lazy("Working hours put into force"),
    "calendar_taken_back": gettext_lazy("Planned working hours taken back"),
    "policy_rule_moved": gettext_lazy("Rule for the SLA policy moved"),
    "policy_drafted": gettext_lazy("SLA policy drafted"),
    "policy_draft_discarded": gettext_lazy("Draft of an SLA policy thrown away"),
    "policy_in_force": gettext_lazy("SLA policy put into force"),
    "policy_taken_back": gettext_lazy("Planned version of an SLA policy taken back"),
    "presets_loaded": gettext_lazy("Presets loaded"),
    "tag_made": gettext_lazy("Tag made"),
    "problem_opened": gettext_lazy("Problem opened"),
    "problem_changed": gettext_lazy("Problem changed"),
    "problem_told": gettext_lazy("Requesters told"),
    "problem_published": gettext_lazy("Known issue published"),
    "problem_withdrawn": gettext_lazy("Known issue withdrawn"),
    "private_ticket_opened": gettext_lazy("Private ticket opened"),
    "delivery_retried": gettext_lazy("Delivery tried again"),
    "webhook_added": gettext_lazy("Webhook set up"),
    "webhook_changed": gettext_lazy("Webhook changed"),
    "webhook_rotated": gettext_lazy("Webhook given another secret"),
    "webhook_tested": gettext_lazy("Webhook tried out"),
    "webhook_replayed": gettext_lazy("Deliveries of a webhook sent again"),
    "webhook_ended": gettext_lazy("Webhook switched off by the desk"),
    "guest_links_revoked": gettext_lazy("Links of a guest withdrawn"),
    "effects_passed_over": gettext_lazy("Old effects dropped"),
    "export_requested": gettext_lazy("Export asked for"),
    "export_made": gettext_lazy("Export made"),
    "export_loaded": gettext_lazy("Export loaded"),
    "export_cancelled": gettext_lazy("Export cancelled"),
    "export_failed": gettext_lazy("Export failed"),
    "clocks_rebuilt": gettext_lazy("Clocks counted anew"),
}
# Of deliveries that no ticket's event caused.
_STEP_WORDS: Final = {
    "totp": gettext_lazy("App with codes"),
    "webauthn": gettext_lazy("Passkey"),
    "recovery_codes": gettext_lazy("Recovery codes"),
}


def step_words(way: str) -> str:
    """The name of a second step at log-in."""
    return str(_STEP_WORDS.get(way, way))


def audit_words(kind: str) -> str:
    """What an audit event says happened."""
    return str(AUDIT_WORDS.get(kind, kind))
