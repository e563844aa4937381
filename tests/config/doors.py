"""The routes that are no rooms."""

from typing import Final

# Doors: open to everybody, or leading to one that is.
DOORS: Final = frozenset(
    {
        "account_login", "account_logout", "account_signup", "account_inactive", "account_reauthenticate",
        "account_email_verification_sent", "account_confirm_email", "account_change_password",
        "account_set_password", "account_reset_password", "account_reset_password_done",
        "account_reset_password_from_key", "account_reset_password_from_key_done", "account_invitation",
        "mfa_index", "mfa_authenticate", "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp",
        "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes", "mfa_list_webauthn",
        "mfa_add_webauthn", "mfa_reauthenticate_webauthn", "mfa_login_webauthn", "mfa_remove_webauthn",
        "mfa_edit_webauthn",
        "schema", "api_docs",
        "admin:login", "admin:logout", "admin:password_change", "admin:password_change_done",
    }
)  # fmt: skip

# What those have in their addresses.
DOOR_KEYS: Final[dict[str, list[object]]] = {
    "account_confirm_email": ["x"],
    "account_invitation": ["x"],
    "account_reset_password_from_key": ["1", "x-y"],
    "mfa_remove_webauthn": [1],
    "mfa_edit_webauthn": [1],
}
