"""The engines of a test run: started once, by the process that starts the workers, and stopped at its end."""

import contextlib
import os

import pytest
from django.db import connection

from config import embedded


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Start the engines before pytest-xdist starts its workers."""
    if _is_worker(session.config) or session.config.option.collectonly:
        return
    from tests import settings  # noqa: PLC0415 - importing it chooses the engines, which only a real run may do

    stack = contextlib.ExitStack()
    stack.enter_context(embedded.current().running(settings.OWN_ENGINES))
    session.config.add_cleanup(stack.close)


@pytest.fixture(scope="session")
def process_environment(django_db_setup: None) -> dict[str, str]:
    """The environment for a real process (web server, worker, beat) on this test run's own database and broker."""
    name = connection.settings_dict["NAME"]
    given = os.environ.get("DATABASE_URL") or embedded.database_url()
    head, question, query = given.partition("?")
    url = f"{head.rpartition('/')[0]}/{name}{question}{query}"
    return {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONUNBUFFERED": "1"}
