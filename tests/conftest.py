"""The engines of a test run: started once, by the process that starts the workers, and stopped at its end."""

import contextlib
import gc
import os
import signal
from collections.abc import Callable, Iterator
from typing import Final

import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation
from hypothesis import settings as examples

from config import embedded
from helpdesk import keeping

# One browser for all tests of a process: a fixture that is imported in two places would be started twice.
pytest_plugins = ("tests.browser", "tests.receiver")

examples.register_profile("short", deadline=None, max_examples=50)
examples.register_profile("long", deadline=None, max_examples=10_000)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--long` for `make test-long`."""
    parser.addoption("--long", action="store_true", help="run the tests marked long too, and the large counts")


def pytest_configure(config: pytest.Config) -> None:
    """Choose how many examples hypothesis makes, and let processes under test hear Ctrl-C.

    A shell starts what it puts into the background deaf to it, and children inherit that.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    examples.load_profile("long" if config.option.long else "short")


# Nearly all that is made while tests are collected stays, so nobody looks for garbage in it; and what a test leaves is
# looked through more rarely than Python does by itself, which would take a twelfth of the time.
_COLLECTED_AFTER: Final = (20_000, 20, 20)
gc.disable()

# The files that take longest: begun last, one of them would keep one process waiting for the other. The first needs no
# test database, which the other process makes meanwhile.
_FIRST: Final = (
    "tests/config/test_demo.py",
    "tests/config/test_routes.py",
    "tests/journeys/test_one_ticket.py",
    "tests/journeys/test_three_people.py",
    "tests/test_every_page.py",
    "tests/states/test_states.py",
    "tests/test_german.py",
    "tests/helpdesk/admin/test_setup.py",
    "tests/helpdesk/test_gates.py",
    "tests/helpdesk/test_matrix.py",
    "tests/helpdesk/admin/test_browser.py",
    "tests/helpdesk/views/desk/test_ticket.py",
    "tests/config/test_demo_world.py",
    "tests/config/test_bulk.py",
    "tests/helpdesk/views/portal/test_browser.py",
    "tests/helpdesk/views/desk/test_browser.py",
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the slow files first, and leave the long tests out, unless they were asked for."""
    rank = {str(config.rootpath / name): number for number, name in enumerate(_FIRST)}
    items.sort(key=lambda item: rank.get(str(item.path), len(rank)))
    if config.option.long:
        return
    long = [item for item in items if item.get_closest_marker("long")]
    config.hook.pytest_deselected(items=long)
    items[:] = [item for item in items if item not in long]


def pytest_collection_finish(session: pytest.Session) -> None:
    """Let the collector of garbage pass over what stays until the end: modules, classes and the tests themselves."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECTED_AFTER)
    gc.enable()


@pytest.fixture(scope="session")
def count(request: pytest.FixtureRequest) -> Callable[[int, int], int]:
    """How often to do a thing: `count(20, 1_000)` is the small number, or the large one in `make test-long`."""
    return lambda small, large: large if request.config.option.long else small


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Start the engines before pytest-xdist starts its workers."""
    if _is_worker(session.config) or session.config.option.collectonly:
        return
    from tests import settings as chosen  # noqa: PLC0415 - importing it chooses the engines, which only a real run may do

    stack = contextlib.ExitStack()
    if os.environ.get("CI"):  # Elsewhere the next run starts quicker with what is there; `make reset` clears it.
        stack.callback(embedded.current().remove)
    stack.enter_context(embedded.current().running(chosen.OWN_ENGINES))
    session.config.add_cleanup(stack.close)


@pytest.fixture(scope="session")
def process_environment(django_db_setup: None) -> dict[str, str]:
    """The environment for a real process (web server, worker, beat) on this test run's own database and broker."""
    name = connection.settings_dict["NAME"]
    given = os.environ.get("DATABASE_URL") or embedded.database_url()
    head, question, query = given.partition("?")
    url = f"{head.rpartition('/')[0]}/{name}{question}{query}"
    return {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONUNBUFFERED": "1"}


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Each test begins in the desk's own language: a request leaves its reader's behind in the thread."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture
def at_rest(world: object) -> Iterator[None]:
    """Nobody changes the set-up once the test's world is made: a walk reads it as rarely as the product does.

    All of a test is one transaction, inside which what is kept of the set-up would not be looked at.
    """
    with keeping.at_rest():
        yield


def pytest_xdist_auto_num_workers() -> int | None:
    """One more than there are processors: while a test waits for a browser or for processes, another one goes on."""
    return None if os.environ.get("PYTEST_XDIST_AUTO_NUM_WORKERS") else (os.cpu_count() or 1) + 1


_skipped_browser_tests: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note browser tests that were skipped."""
    if report.skipped and "browser" in report.keywords:
        _skipped_browser_tests.append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a browser test that was skipped is a failure: nobody would miss it otherwise."""
    if os.environ.get("CI") and _skipped_browser_tests and not _is_worker(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say so."""
    if os.environ.get("CI") and _skipped_browser_tests:
        terminalreporter.write_line(f"{len(_skipped_browser_tests)} browser tests were skipped, which CI may not do.")
