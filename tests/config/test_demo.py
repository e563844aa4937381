"""`make demo`, with all of its real processes, in a copy of the checkout.

The tests build on each other in the order of the file: the first fills the copy's database, the last clears it.
`make test` gives each process of pytest-xdist whole files, so they stay together.
"""

import os
import pwd
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config.embedded import Engines
from tests.config.checkout import READY, Checkout, python_for_everybody
from tests.processes import Running, wait_until

pytestmark = pytest.mark.setup


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    """A copy of the checkout in a path with a space."""
    copy = Checkout(tmp_path_factory.mktemp("a place") / "my desk")
    yield copy
    copy.run("-m", "config.demo", "reset", YES="1")


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Where the demo's words go."""
    return tmp_path / "output"


def test_first_start_that_is_cut_short_is_made_good_by_the_next_and_a_signal_ends_everything(
    checkout: Checkout, output: Path
) -> None:
    with checkout.demo(output) as demo:
        demo.wait_for_words("Filling it with demo data")
        demo.process.kill()
    with checkout.demo(output) as demo:
        demo.wait_for_words(READY, seconds=120)
        assert f"http://127.0.0.1:{checkout.port}/" in demo.said
        assert "Administrator" in demo.said
        assert checkout.answer() == 200
        with psycopg.connect(checkout.names[1]) as connection:
            connection.execute("CREATE TABLE note AS SELECT 'kept' AS text")
        _ends_everything(demo, checkout, signal.SIGINT)


def _ends_everything(demo: Running, checkout: Checkout, number: signal.Signals) -> None:
    assert len(checkout.processes()) > 6
    demo.process.send_signal(number)
    assert demo.wait_for_end() == 0
    assert "The data are kept" in demo.said
    assert checkout.processes() == []


@pytest.fixture(scope="module")
def demo(checkout: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The second start, on which the next tests look; the last of them ends it."""
    with checkout.demo(tmp_path_factory.mktemp("second") / "output") as demo:
        yield demo


def test_second_start_is_quick_and_keeps_the_data(checkout: Checkout, demo: Running) -> None:
    # On an idle machine it is 5 and 10 s; here other tests keep the machine busy.
    wait_until(lambda: checkout.answer("/accounts/login/") == 200, "a page", seconds=20)
    wait_until(lambda: READY in demo.said, "ready", seconds=20)
    assert "Preparing" not in demo.said
    with psycopg.connect(checkout.names[1]) as connection:
        assert connection.execute("SELECT text FROM note").fetchone() == ("kept",)


def test_running_demo_is_neither_started_again_nor_cleared(checkout: Checkout, demo: Running) -> None:
    demo.wait_for_words(READY)
    again = checkout.run("-m", "config.demo")
    address = f"http://127.0.0.1:{checkout.port}/"
    assert (again.returncode, again.stderr) == (1, f"The demo of this folder is running already: {address}\n")
    reset = checkout.run("-m", "config.demo", "reset", YES="1")
    assert reset.returncode == 1
    assert reset.stderr.startswith("The demo is running.")


@pytest.mark.long
def test_ordinary_user_has_a_demo_of_his_own_at_the_same_time(
    checkout: Checkout, demo: Running, tmp_path: Path
) -> None:
    if os.geteuid() != 0:
        pytest.skip("Only root can become an ordinary user.")
    nobody = pwd.getpwnam("nobody")
    # Not below pytest's own folder, which only root may enter; the home is closed to everybody but its owner.
    with tempfile.TemporaryDirectory(prefix="watchdesk ") as folder:
        Path(folder).chmod(0o711)
        python = python_for_everybody(Path(folder) / "python")
        home = Path(folder) / "home"
        other = Checkout(home / "my desk", python, nobody.pw_uid)
        for path in (home, *home.rglob("*")):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
        home.chmod(0o700)
        try:
            with other.demo(tmp_path / "other") as second:
                demo.wait_for_words(READY)
                second.wait_for_words(READY, seconds=120)
                assert (checkout.answer(), other.answer()) == (200, 200)
                assert {process.uids().real for process in other.processes()} == {nobody.pw_uid}
                assert other.names[2].is_relative_to(other.folder)
        finally:
            other.run("-m", "config.demo", "reset", YES="1")


def test_what_crashes_is_started_again(checkout: Checkout, demo: Running) -> None:
    demo.wait_for_words(READY)
    programs = ("postgres", "valkey", "web", "worker", "beat")
    before = {name: checkout.program(name) for name in programs}
    assert all(before.values())
    for number in before.values():
        os.kill(number, signal.SIGKILL)
    for name in programs:
        wait_until(lambda name=name: checkout.program(name) not in {0, before[name]}, f"a new {name}")  # type: ignore[misc] # mypy cannot infer a lambda with a default
    wait_until(lambda: checkout.answer() == 200, "readiness after the crash", seconds=60)
    with psycopg.connect(checkout.names[1]) as connection:
        assert connection.execute("SELECT text FROM note").fetchone() == ("kept",)


def test_killed_supervisor_ends_the_demo_with_a_word(checkout: Checkout, demo: Running) -> None:
    demo.wait_for_words(READY)
    os.kill(int((checkout.folder / "var/demo/supervisor.pid").read_text(encoding="utf-8")), signal.SIGKILL)
    assert demo.wait_for_end() == 1
    assert "The supervisor ended" in demo.said
    assert checkout.processes() == []


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_other_signals_end_everything(checkout: Checkout, output: Path, number: signal.Signals) -> None:
    with checkout.demo(output) as demo:
        demo.wait_for_words(READY)
        _ends_everything(demo, checkout, number)


def test_a_signal_to_make_alone_ends_everything(checkout: Checkout, output: Path) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("Only Linux shows what make was told.")
    # With the packages of this environment, instead of making one.
    make = (shutil.which("make") or "make", "INSTALL=:", f"PY={sys.executable}", "demo")
    with checkout.demo(output, *make) as demo:
        demo.wait_for_words(READY)
        os.kill(demo.process.pid, signal.SIGINT)
        demo.wait_for_end()
        assert checkout.processes() == []


def test_killed_demo_takes_everything_along(checkout: Checkout, output: Path) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("Only Linux tells children that their parent was killed.")
    with checkout.demo(output) as demo:
        demo.wait_for_words(READY)
        demo.process.kill()
        wait_until(lambda: checkout.processes() == [], "the end of everything")


@pytest.mark.long
def test_database_from_outside_gets_demo_data_only_when_it_is_empty(tmp_path: Path, output: Path) -> None:
    outside = Engines("test-899")
    lock = outside.lock()
    assert lock is not None
    copy = Checkout(tmp_path / "desk")
    given = {"DATABASE_URL": outside.database_url(), "REDIS_URL": outside.redis_url()}
    with lock, outside.running():
        with copy.demo(output, **given) as demo:
            demo.wait_for_words(READY, seconds=120)
            assert "Administrator" in demo.said
            assert not (copy.names[2] / "postgres" / "postmaster.pid").exists()
        (copy.folder / "var" / "demo" / "state.json").unlink()
        with copy.demo(output, **given) as demo:
            demo.wait_for_words(READY, seconds=120)
            assert "is in use already, so no demo data" in demo.said
            assert "Administrator" not in demo.said
    outside.remove()
    copy.run("-m", "config.demo", "reset", YES="1")


def test_database_from_outside_that_does_not_answer_is_one_clear_line(checkout: Checkout) -> None:
    said = checkout.run("-m", "config.demo", DATABASE_URL="postgres://desk@127.0.0.1:1/desk").stderr
    assert said.startswith("The database of DATABASE_URL cannot be used: connection failed")
    assert said.count("\n") == 1


def test_port_in_use_is_one_clear_line(checkout: Checkout) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", checkout.port))
        taken.listen()
        said = checkout.run("-m", "config.demo").stderr
    assert (
        said == f"Port {checkout.port} is in use. Take another one, for example: PORT={checkout.port + 1} make demo\n"
    )


def test_port_that_is_none_is_one_clear_line(checkout: Checkout) -> None:
    said = checkout.run("-m", "config.demo", PORT="high").stderr
    assert said == "PORT=high is no port. Take a number between 1024 and 65535: PORT=9000 make demo\n"


def test_reset_asks_and_keeps_everything_without_a_yes(checkout: Checkout) -> None:
    done = checkout.run("-m", "config.demo", "reset", given="\n")
    assert "Go on? [y/N]" in done.stdout
    assert "Nothing was cleared." in done.stdout
    assert (checkout.names[2] / "postgres").exists()


def test_reset_clears_what_the_demo_wrote(checkout: Checkout) -> None:
    home = checkout.names[2]
    done = checkout.run("-m", "config.demo", "reset", given="y\n")
    assert "Cleared." in done.stdout
    assert not home.exists()
    assert not (checkout.folder / "var" / "demo").exists()
