"""The embedded engines, with real ones."""

import os
import stat
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from config import embedded
from config.embedded import EngineError, Engines, files
from tests.processes import wait_until

# Far beyond the sets that test runs take for themselves.
FIRST_OWN_SET = 900


@pytest.fixture(scope="module")
def engines(worker_id: str) -> Iterator[Engines]:
    """A set of engines that nothing else touches, removed at the end."""
    number = FIRST_OWN_SET + int(worker_id.removeprefix("gw")) if worker_id.startswith("gw") else FIRST_OWN_SET - 1
    own = Engines(f"test-{number}")
    lock = own.lock()
    assert lock is not None
    with lock:
        yield own
        own.end_leftovers()
        own.remove()


def _modes(*paths: Path) -> list[tuple[Path, int, int, int]]:
    found = [(path, path.stat()) for path in paths]
    return [(path, state.st_uid, state.st_gid, stat.S_IMODE(state.st_mode)) for path, state in found]


def test_engines_start_and_keep_what_was_written(engines: Engines) -> None:
    with engines.running(), psycopg.connect(engines.database_url()) as connection:
        connection.execute("CREATE TABLE note AS SELECT 'kept' AS text")
    with engines.running(), psycopg.connect(engines.database_url()) as connection:
        assert connection.execute("SELECT text FROM note").fetchall() == [("kept",)]


def test_engines_take_nobody_without_the_password_and_listen_on_no_port(engines: Engines) -> None:
    with engines.running():
        stranger = engines.database_url().replace(engines.secret("database"), "guessed")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(stranger)
        with psycopg.connect(engines.database_url()) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
            rights = "SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user"
            assert connection.execute(rights).fetchone() == (False, True)
        with redis.Redis.from_url(engines.redis_url()) as client:
            assert client.config_get("port") in ({"port": "0"}, {b"port": b"0"})
        assert stat.S_IMODE(engines.sockets.stat().st_mode) == 0o700


def test_database_of_an_earlier_checkout_in_this_folder_is_told_at_once(engines: Engines) -> None:
    with engines.running():
        secrets = engines.var / "secrets.json"
        own = secrets.read_bytes()
    secrets.unlink()
    try:
        with pytest.raises(EngineError, match=r"made by an earlier checkout .* `make reset`"), engines.running():
            pass
    finally:
        secrets.write_bytes(own)
    with engines.running():
        assert engines.answers("postgres")


def test_engines_change_neither_owner_nor_mode_of_anything_else(engines: Engines) -> None:
    outside = files.outside_folder().parent
    watched = [files.BASE_DIR, *files.BASE_DIR.parents, outside, Path(sys.executable), files.BASE_DIR / "config"]
    before = _modes(*watched)
    with engines.running():
        assert _modes(*watched) == before


def test_engines_end_when_the_process_that_started_them_is_killed(engines: Engines) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("Only Linux tells children that their parent was killed.")
    words = (
        "import sys; from config.embedded import Engines\n"
        "with Engines(sys.argv[1]).running(): print('up', flush=True); input()"
    )
    command = [sys.executable, "-c", words, engines.kind]
    with subprocess.Popen(command, cwd=files.BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as starter:
        assert starter.stdout is not None
        assert starter.stdout.readline() == b"up\n"
        assert engines.answers("postgres")
        starter.kill()
    wait_until(lambda: not engines.answers("postgres") and not engines.answers("valkey"), "the engines' end")


def test_engines_left_behind_are_ended_before_new_ones_start(engines: Engines) -> None:
    engines.prepare()
    left = engines.start("valkey")
    wait_until(lambda: engines.answers("valkey"), "the first Valkey")
    with engines.running():
        assert left.wait(10) is not None
        assert engines.answers("valkey")


def test_engines_start_in_spite_of_a_lock_file_with_the_number_of_another_process(engines: Engines) -> None:
    with engines.running():
        pass
    (engines.data / "postmaster.pid").write_text(f"{os.getppid()}\n{engines.data}\n", encoding="utf-8")
    with engines.running():
        assert engines.answers("postgres")


def test_engines_begin_anew_where_making_the_cluster_was_interrupted(engines: Engines) -> None:
    engines.prepare()
    engines.data.rename(engines.home / "postgres.new")
    with engines.running():
        assert engines.answers("postgres")


def test_engines_say_that_data_are_of_another_version(engines: Engines, monkeypatch: pytest.MonkeyPatch) -> None:
    engines.prepare()
    monkeypatch.setattr(files, "postgres_version", lambda: "99.1")
    with pytest.raises(EngineError, match="another PostgreSQL version"):
        engines.prepare()


def test_engines_that_another_run_has_are_not_taken(engines: Engines) -> None:
    assert engines.lock() is None


def test_recreated_database_is_empty(engines: Engines) -> None:
    with engines.running():
        with psycopg.connect(engines.database_url()) as connection:
            connection.execute("CREATE TABLE leftover (text text)")
        engines.recreate_database()
        with psycopg.connect(engines.database_url()) as connection:
            assert connection.execute("SELECT to_regclass('leftover')").fetchone() == (None,)


def test_secrets_are_made_once_and_are_nobody_elses(tmp_path: Path) -> None:
    words = "import sys, pathlib, config.embedded.files as f; print(f.read_secrets(pathlib.Path(sys.argv[1])))"
    command = [sys.executable, "-c", words, str(tmp_path / "var" / "demo")]
    both = [subprocess.Popen(command, cwd=files.BASE_DIR, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    first, second = (process.communicate(timeout=30)[0] for process in both)
    assert first == second
    assert stat.S_IMODE((tmp_path / "var" / "demo" / "secrets.json").stat().st_mode) == 0o600


def test_folder_laid_out_by_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(EngineError, match="belongs to another user"):
        files.own_folder(tmp_path / "link", 0o700)


def test_socket_path_that_no_system_takes_is_refused(
    engines: Engines, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(files, "outside_folder", lambda: tmp_path / ("long" * 30))
    with pytest.raises(EngineError, match="too long for a socket"):
        Engines(engines.kind).prepare()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("redis://:word@example.org:6379/2", "redis://:word@example.org:6379/2"),
        ("unix:///run/v/valkey?db=3", "redis+socket:///run/v/valkey?virtual_host=3"),
    ],
)
def test_broker_url_names_the_same_server(given: str, expected: str) -> None:
    assert embedded.broker_url(given) == expected


def test_each_test_process_has_its_own_database_and_number(worker_id: str, settings: object) -> None:
    url = urllib.parse.urlsplit(str(getattr(settings, "REDIS_URL")))  # noqa: B009 - mypy knows no settings here
    number = int(worker_id.removeprefix("gw")) + 1 if worker_id.startswith("gw") else 0
    assert f"{number}" in {url.query.removeprefix("db="), url.path.removeprefix("/")}
