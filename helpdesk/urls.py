"""The portal's addresses and, beside them, those of allauth that the product offers."""

from typing import Final

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import URLPattern, path, re_path

from helpdesk.views import brand, exporting
from helpdesk.views.portal import (
    drafts,
    files,
    filing,
    guest_ticket,
    guests,
    home,
    invitation,
    messages,
    my_data,
    my_tickets,
    notifications,
    profile,
    reading,
    second_step,
    sessions,
    tokens,
    uploads,
    watchers,
)
from helpdesk.views.portal import ticket as one

app_name = "portal"

urlpatterns = [
    path("", home.home, name="home"),
    path("tickets/", my_tickets.listing, name="tickets"),
    path("tickets/found/", my_tickets.found, name="found"),
    path("tickets/new/", filing.topics, name="new_ticket"),
    path("tickets/new/<slug:code>/", filing.about, name="new_about"),
    path("tickets/alike/", filing.alike, name="alike"),
    path("tickets/export/", exporting.my_tickets, name="tickets_export"),
    path("tickets/<str:ref>/", one.show, name="ticket"),
    path("tickets/<str:ref>/received/", filing.received, name="received"),
    path("tickets/<str:ref>/reply/", one.reply, name="reply"),
    path("tickets/<str:ref>/confirm/", one.confirm, name="confirm"),
    path("tickets/<str:ref>/reject/", one.reject, name="reject"),
    path("tickets/<str:ref>/reopen/", one.reopen, name="reopen"),
    path("drafts/<str:place>/", drafts.draft, name="draft"),
    path("tickets/<str:ref>/watchers/", watchers.add, name="add_watcher"),
    path("tickets/<str:ref>/watchers/remove/", watchers.remove, name="remove_watcher"),
    path("tickets/<str:ref>/news/", reading.news, name="news"),
    path("tickets/<str:ref>/messages/<int:pk>/edit/", messages.edit, name="message_edit"),
    path("tickets/<str:ref>/print/", reading.on_paper, name="print"),
    path("guests/sent/", guests.sent, name="guest_sent"),
    path("guests/new/<slug:code>/", guests.about, name="guest_about"),
    path("guests/confirm/<uuid:key>/", guests.confirm, name="guest_confirm"),
    path("guests/<uuid:key>/", guest_ticket.show, name="guest_ticket"),
    path("guests/<uuid:key>/renew/", guests.renew, name="guest_renew"),
    path("guests/<uuid:key>/files/<uuid:file>/", guest_ticket.file, name="guest_file"),
    path("guests/<uuid:key>/files/<uuid:file>/small/", guest_ticket.small, name="guest_thumbnail"),
    path("guests/<uuid:key>/news/", guest_ticket.news, name="guest_news"),
    path("guests/<uuid:key>/<slug:what>/", guest_ticket.act, name="guest_act"),
    path("profile/", profile.change, name="profile"),
    path("profile/notifications/", notifications.choose, name="notifications"),
    path("profile/notifications/quiet/", notifications.quiet_hours, name="quiet_hours"),
    path("profile/notifications/mute/", notifications.mute, name="mute"),
    path("profile/data/", my_data.ask, name="my_data"),
    path("profile/tokens/", tokens.show, name="api_tokens"),
    path("profile/tokens/<int:pk>/rotate/", tokens.rotate, name="token_rotate"),
    path("profile/tokens/<int:pk>/revoke/", tokens.revoke, name="token_revoke"),
    path("profile/sessions/", sessions.show, name="sessions"),
    path("profile/sessions/end/", sessions.end, name="end_session"),
    path("uploads/", uploads.take, name="upload"),
    path("exports/", exporting.portal_exports, name="exports"),
    path("exports/<uuid:key>/", exporting.download, name="export_file"),
    path("exports/<uuid:key>/cancel/", exporting.portal_cancel, name="export_cancel"),
    path("files/<uuid:key>/", files.download, name="file"),
    path("files/<uuid:key>/small/", files.small, name="thumbnail"),
    path("brand/<str:accent>.css", brand.stylesheet, name="brand_stylesheet"),
    path("brand/logo/<str:digest>/", brand.logo, name="brand_logo"),
]

# A person has one address and cannot change it by themselves, so allauth's page for addresses is not among them.
ACCOUNT_URLS: Final[list[URLPattern]] = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("signup/", account.signup, name="account_signup"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("confirm-email/", account.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", account.confirm_email, name="account_confirm_email"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("invitation/<str:token>/", invitation.join, name="account_invitation"),
    path("second-step/", second_step.overview, name="mfa_index"),
    path("second-step/log-in/", mfa.authenticate, name="mfa_authenticate"),
    path("second-step/again/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("second-step/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("second-step/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("second-step/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("second-step/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("second-step/codes/recovery-codes.txt", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("second-step/passkeys/", second_step.passkeys, name="mfa_list_webauthn"),
    path("second-step/passkeys/new/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("second-step/passkeys/again/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("second-step/passkeys/log-in/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("second-step/passkeys/<int:pk>/remove/", second_step.remove_passkey, name="mfa_remove_webauthn"),
    path("second-step/passkeys/<int:pk>/name/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
]
