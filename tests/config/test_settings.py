"""Settings from the environment, the checks of a deployment, and what is written about both."""

import json
import os
import re
import subprocess
import sys

import pytest
from django.test import override_settings

from config import checks
from config.embedded.files import BASE_DIR

PRODUCTION = {
    "WATCHDESK_ENV": "production",
    "SECRET_KEY": "0123456789abcdef" * 4,
    "ENCRYPTION_KEYS": "fedcba9876543210" * 4,
    "BASE_URL": "https://desk.example.org",
    "BEHIND_PROXY": "true",
    "DATABASE_URL": "postgres://desk:word@db.example.org/desk",
    "REDIS_URL": "redis://redis.example.org/0",
    "EMAIL_URL": "smtp+tls://desk:word@mail.example.org:587",
}
PLANS = "-c jit=off -c random_page_cost=1.1 -c join_collapse_limit=4"
ASKED = (
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
    "SECURE_HSTS_SECONDS",
    "SECURE_SSL_REDIRECT",
    "ALLAUTH_TRUSTED_PROXY_COUNT",
    "EMAIL_BACKEND",
    "EMAIL_HOST",
    "EMAIL_PORT",
    "EMAIL_USE_TLS",
    "DATABASES",
    "STORAGES",
    "CELERY_BROKER_URL",
    "DEBUG",
)


def _environment(given: dict[str, str]) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "WATCHDESK_ENGINES": os.environ["WATCHDESK_ENGINES"], **given}


def _settings(**given: str) -> dict[str, object]:
    """What the settings are in a process with this environment."""
    code = "import json; from config import settings as s; "
    code += f"print(json.dumps({{name: getattr(s, name) for name in {ASKED!r}}}, default=str))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=BASE_DIR, env=_environment(given), capture_output=True, text=True, check=True
    )
    read: dict[str, object] = json.loads(done.stdout)
    return read


@pytest.mark.parametrize(("given", "count"), [({}, 0), ({"BEHIND_PROXY": "true"}, 1)])
def test_forwarded_addresses_count_only_behind_a_proxy(given: dict[str, str], count: int) -> None:
    assert _settings(**given)["ALLAUTH_TRUSTED_PROXY_COUNT"] == count


def _complaints(**given: str) -> set[str]:
    """The ids of what `manage.py check --deploy` finds."""
    command = [sys.executable, "manage.py", "check", "--deploy"]
    done = subprocess.run(command, cwd=BASE_DIR, env=_environment(given), capture_output=True, text=True, check=False)
    return set(re.findall(r"\((?:watchdesk|security)\.\w+\)", done.stdout + done.stderr))


def test_production_is_strict_and_the_address_decides_the_rest() -> None:
    read = _settings(**PRODUCTION)
    assert read["ALLOWED_HOSTS"] == ["desk.example.org"]
    assert read["CSRF_TRUSTED_ORIGINS"] == ["https://desk.example.org"]
    assert (read["SESSION_COOKIE_SECURE"], read["CSRF_COOKIE_SECURE"], read["SECURE_SSL_REDIRECT"]) == (
        True,
        True,
        True,
    )
    assert read["SECURE_HSTS_SECONDS"] == 31_536_000
    assert (read["EMAIL_HOST"], read["EMAIL_PORT"], read["EMAIL_USE_TLS"]) == ("mail.example.org", 587, True)
    assert "whitenoise" in str(read["STORAGES"])
    assert read["CELERY_BROKER_URL"] == PRODUCTION["REDIS_URL"]
    assert read["DEBUG"] is False


def test_demo_works_without_https_and_writes_mails_as_files() -> None:
    read = _settings()
    assert (read["SESSION_COOKIE_SECURE"], read["SECURE_SSL_REDIRECT"], read["SECURE_HSTS_SECONDS"]) == (
        False,
        False,
        0,
    )
    assert str(read["EMAIL_BACKEND"]).endswith("filebased.EmailBackend")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, f"-c lock_timeout=5s -c statement_timeout=30s {PLANS}"),
        ({"DB_STATEMENT_TIMEOUT": "0"}, f"-c lock_timeout=5s -c statement_timeout=0s {PLANS}"),
        ({"DB_PGBOUNCER": "true"}, None),
    ],
)
def test_database_gives_up_waiting_unless_pgbouncer_is_in_between(given: dict[str, str], expected: str | None) -> None:
    databases = _settings(**PRODUCTION, **given)["DATABASES"]
    assert isinstance(databases, dict)
    database = databases["default"]
    assert database["OPTIONS"].get("options") == expected
    assert database["DISABLE_SERVER_SIDE_CURSORS"] is True


def test_good_deployment_is_not_complained_about() -> None:
    assert _complaints(**PRODUCTION) - {"(security.W005)", "(security.W021)"} == set()


@pytest.mark.parametrize(
    ("change", "number"),
    [
        ({"EMBEDDED_DATABASE": True}, 1),
        ({"EMBEDDED_BROKER": True}, 2),
        ({"DEBUG": True}, 3),
        ({"SECRET_KEY_IS_GENERATED": True}, 4),
        ({"ENCRYPTION_KEYS_ARE_GENERATED": True}, 9),
        ({"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}, 5),
        ({"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend"}, 5),
        ({"ALLOWED_HOSTS": ["*"]}, 6),
        ({"BASE_URL": "http://desk.example.org"}, 7),
    ],
)
def test_mistake_of_a_deployment_is_found(change: dict[str, object], number: int) -> None:
    good = {
        "PRODUCTION": True,
        "EMBEDDED_DATABASE": False,
        "EMBEDDED_BROKER": False,
        "DEBUG": False,
        "SECRET_KEY_IS_GENERATED": False,
        "ENCRYPTION_KEYS_ARE_GENERATED": False,
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "ALLOWED_HOSTS": ["desk.example.org"],
        "BASE_URL": "https://desk.example.org",
    }
    with override_settings(**good | change):
        assert [found.id for found in checks.deployment(None)] == [f"watchdesk.E{number:03}"]


def test_deployment_with_nothing_set_is_told_everything_that_is_missing() -> None:
    missing = {
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "SECRET_KEY": "",
        "ENCRYPTION_KEYS": "",
        "EMAIL_URL": "",
        "BASE_URL": "",
    }
    found = _complaints(**PRODUCTION | missing)
    assert {f"(watchdesk.E{number:03})" for number in (1, 2, 4, 5, 7, 9)} <= found


def test_demo_is_told_that_it_is_no_deployment() -> None:
    assert "(watchdesk.W001)" in _complaints()
