"""System checks that catch mistakes of a deployment; `manage.py check --deploy` runs them."""

from collections.abc import Callable, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks

from config.words.catalogues import catalogues, is_compiled

# Backends that keep mails from leaving.
_LOCAL_MAIL = ("console", "filebased", "locmem", "dummy")

_SPEECHLESS = (
    "The desk speaks English alone: its other languages are not compiled.",
    "Run python -m config.words compile.",
)


def deployment(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[checks.CheckMessage]:  # noqa: ARG001 - Django calls it so
    """Everything that is fine for a demo and wrong in production."""
    if not settings.PRODUCTION:
        text = f"WATCHDESK_ENV is “{settings.WATCHDESK_ENV}”."
        return [checks.Warning(text, hint="Set WATCHDESK_ENV=production.", id="watchdesk.W001")]
    found: list[checks.CheckMessage] = []

    def complain(bad: bool, number: int, text: str, hint: str) -> None:
        if bad:
            found.append(checks.Error(text, hint=hint, id=f"watchdesk.E{number:03}"))

    complain(
        settings.EMBEDDED_DATABASE,
        1,
        "The embedded PostgreSQL is for demos and tests only.",
        "Set DATABASE_URL to a PostgreSQL server that is backed up.",
    )
    complain(
        settings.EMBEDDED_BROKER,
        2,
        "The embedded Valkey is for demos and tests only.",
        "Set REDIS_URL to a Redis or Valkey server.",
    )
    complain(settings.DEBUG, 3, "DEBUG shows secrets to everybody who causes an error.", "Remove DEBUG.")
    _complain_of_secrets(complain)
    complain(
        any(word in settings.EMAIL_BACKEND for word in _LOCAL_MAIL),
        5,
        "Mails do not leave this machine.",
        "Set EMAIL_URL to a mail server, such as smtp+tls://user:password@mail.example.org:587.",
    )
    complain(
        "*" in settings.ALLOWED_HOSTS,
        6,
        "ALLOWED_HOSTS lets any host name through.",
        "Name the hosts, or remove it: the host of BASE_URL is allowed by itself.",
    )
    complain(
        not settings.BASE_URL.startswith("https://"),
        7,
        "BASE_URL is not https, so cookies and passwords travel in the open.",
        "Put a TLS proxy in front and set BASE_URL=https://... and BEHIND_PROXY=true.",
    )
    complain(not all(map(is_compiled, catalogues())), 8, *_SPEECHLESS)
    return found


def _complain_of_secrets(complain: Callable[[bool, int, str, str], None]) -> None:
    complain(
        settings.SECRET_KEY_IS_GENERATED,
        4,
        "SECRET_KEY is not set.",
        "Set it to a long random text, the same on every machine.",
    )
    complain(
        settings.ENCRYPTION_KEYS_ARE_GENERATED,
        9,
        "ENCRYPTION_KEYS is not set.",
        "Set it to a long random text, the same on every machine, and keep it as safe as the database's backups.",
    )


def register() -> None:
    """Put the checks in Django's registry."""
    checks.register(deployment, checks.Tags.security, deploy=True)
