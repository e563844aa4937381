"""The product's own settings, on a set of test engines and without what the developer's shell says.

The set is chosen here because settings are read before any fixture runs; `conftest.py` starts it. Workers of
pytest-xdist and processes that tests start inherit the choice.
"""

import os
import urllib.parse

from config import embedded
from config.words.catalogues import compile_words

for _name in ("ALLOWED_HOSTS", "BASE_URL", "DEBUG", "EMAIL_URL", "READYZ_TOKEN", "SECRET_KEY", "DB_POOL_SIZE"):
    os.environ.pop(_name, None)
os.environ["WATCHDESK_ENV"] = "test"
compile_words()

ENGINES_LOCK = None
if "PYTEST_XDIST_WORKER" not in os.environ:
    _engines, ENGINES_LOCK = embedded.take_test_engines()
    os.environ["WATCHDESK_ENGINES"] = _engines.kind


def _own_number(url: str) -> str:
    """The Redis address with a database number for each worker of pytest-xdist, as each has its own database."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw-1")
    number = int(worker.removeprefix("gw")) + 1
    if url.startswith("unix:"):
        return f"{url.partition('?')[0]}?db={number}"
    return urllib.parse.urlsplit(url)._replace(path=f"/{number}").geturl()


# Which of the engines are ours to start: those that no server was given for.
if "PYTEST_XDIST_WORKER" not in os.environ:
    _owned = {"postgres": "DATABASE_URL", "valkey": "REDIS_URL"}
    OWN_ENGINES = tuple(engine for engine, name in _owned.items() if not os.environ.get(name))
os.environ["REDIS_URL"] = _own_number(os.environ.get("REDIS_URL") or embedded.redis_url())

from config.settings import *  # noqa: E402, F403 - the environment had to be set before
from config.settings import DATABASES  # noqa: E402 - as above

DATABASES["default"]["ENGINE"] = "tests.postgres"
# The threads of the live server keep theirs as long as the browser keeps them, as with a pool; making one takes as long
# as a page. What tests do themselves never closes theirs.
DATABASES["default"]["CONN_MAX_AGE"] = None
