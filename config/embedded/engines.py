"""One set of embedded engines: making the cluster, starting, asking and stopping."""

import contextlib
import dataclasses
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import psutil

from config.embedded import files
from config.embedded.files import BASE_DIR, EngineError
from config.tether import end_with_parent

ENGINES = ("postgres", "valkey")
# What each engine takes as "finish what you are doing, keep the data, end".
STOP_SIGNALS = {"postgres": signal.SIGINT, "valkey": signal.SIGTERM}
# Every process of a run carries this in its environment, so that a later start finds what was left behind.
RUN_VARIABLE = "WATCHDESK_RUN"
# The longest socket path that every system accepts.
MAX_SOCKET_PATH = 103
VALKEY_DATABASES = 128
TEST_SETS = 16


@dataclasses.dataclass(frozen=True)
class Engines:
    """One set of engines of this checkout, such as "demo" or "test-1"."""

    kind: str

    @property
    def testing(self) -> bool:
        """Whether the data may be lost at any time."""
        return self.kind.startswith("test")

    @property
    def var(self) -> Path:
        """The folder inside the checkout: secrets, logs, locks."""
        return BASE_DIR / "var" / self.kind

    @property
    def home(self) -> Path:
        """Where the data lie."""
        return files.outside_folder() / self.kind if files.as_root() else self.var

    @property
    def sockets(self) -> Path:
        """The folder that only the engines' user (and root) may enter."""
        return self.home / "s" if files.as_root() else files.outside_folder() / self.kind

    @property
    def data(self) -> Path:
        """PostgreSQL's data."""
        return self.home / "postgres"

    @property
    def valkey_socket(self) -> Path:
        """Where Valkey listens."""
        return self.sockets / "valkey"

    @property
    def run_name(self) -> str:
        """What marks every process of this set of this checkout."""
        return f"{files.checkout_name()}-{self.kind}"

    @property
    def control_socket(self) -> Path:
        """Where the supervisor of these engines listens."""
        return files.outside_folder() / f"{self.kind}-supervisor"

    def secret(self, name: str) -> str:
        """One of the generated secrets."""
        return files.read_secrets(self.var)[name]

    def database_url(self) -> str:
        """The address in libpq's own form for sockets."""
        host = urllib.parse.quote(str(self.sockets))
        return f"postgres://watchdesk:{self.secret('database')}@/watchdesk?host={host}"

    def redis_url(self, number: int = 0) -> str:
        """The address of one of Valkey's numbered databases."""
        return f"unix://{urllib.parse.quote(str(self.valkey_socket))}?db={number}"

    def lock(self) -> IO[bytes] | None:
        """Take these engines for this process; None while another one has them. Closing lets go."""
        files.own_folder(BASE_DIR / "var", 0o700)
        files.own_folder(self.var, 0o700)
        stream = (self.var / "lock").open("ab")
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            stream.close()
            return None
        return stream

    def prepare(self) -> None:
        """Make folders, binaries and cluster, and end what a killed run left. The caller holds the lock."""
        self._make_folders()
        self.end_leftovers()
        # After that nobody uses the data, and a process number in this file may by now be somebody else's.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        if files.as_root():
            files.copy_binaries()
        version = self.data / "PG_VERSION"
        if not version.exists():
            self._create_cluster()
        elif version.read_text().strip() != files.postgres_version().split(".")[0]:
            raise EngineError("The demo's data are of another PostgreSQL version. Clear them with `make reset`.")

    def _make_folders(self) -> None:
        user = files.engine_user()
        files.own_folder(BASE_DIR / "var", 0o700)
        files.own_folder(self.var, 0o700)
        files.own_folder(self.var / "log", 0o700)
        # The engines' user passes through root's folder and can do nothing else in it.
        files.own_folder(files.outside_folder(), 0o711 if files.as_root() else 0o700)
        files.own_folder(self.home, 0o700, user.pw_uid)
        files.own_folder(self.sockets, 0o700, user.pw_uid)
        files.own_folder(self.home / "valkey", 0o700, user.pw_uid)
        if len(os.fsencode(self.sockets / ".s.PGSQL.5432")) > MAX_SOCKET_PATH:
            raise EngineError(f"{self.sockets} is too long for a socket. Set TMPDIR to a shorter folder.")

    def _create_cluster(self) -> None:
        """Make the cluster beside its place and move it there when it is whole."""
        new = self.home / "postgres.new"
        shutil.rmtree(new, ignore_errors=True)
        binaries = files.postgres_binaries()
        password = self.home / "password"
        with files.private_file(password, files.engine_user().pw_uid) as stream:
            stream.write(self.secret("superuser"))
        options = ["--username=postgres", f"--pwfile={password}", "--auth=scram-sha-256", "--encoding=UTF8"]
        # The built-in provider sorts and folds the same on every system; the C library's does not.
        options += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        options += ["--no-instructions", *(["--no-sync"] if self.testing else [])]
        try:
            self._run([str(binaries / "initdb"), f"--pgdata={new}", *options])
        finally:
            password.unlink(missing_ok=True)
        # The desk's role may make databases (tests do) and owns its own, but is no superuser, as in production.
        sql = f"CREATE ROLE watchdesk LOGIN CREATEDB PASSWORD '{self.secret('database')}';\n"
        sql += "CREATE DATABASE watchdesk OWNER watchdesk;\n"
        single = ["--single", "-D", str(new), "-c", "exit_on_error=true", "-c", "fsync=off"]
        self._run([str(binaries / "postgres"), *single, "postgres"], sql)
        new.rename(self.data)

    def _run(self, command: list[str], given: str = "") -> None:
        user = files.engine_user()
        done = subprocess.run(
            command,
            input=given,
            capture_output=True,
            text=True,
            cwd=self.home,
            env=self._environment(),
            check=False,
            user=user.pw_uid if files.as_root() else None,
            group=user.pw_gid if files.as_root() else None,
            extra_groups=[] if files.as_root() else None,
        )
        if done.returncode:
            lines = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
            raise EngineError(f"{Path(command[0]).name} failed: {lines[-1] if lines else done.returncode}")

    def _environment(self) -> dict[str, str]:
        """What the engines get to see: none of the person's PG settings, no locale, no secrets."""
        return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", RUN_VARIABLE: self.run_name}

    def command(self, engine: str) -> list[str]:
        """The server process itself, in the foreground."""
        if engine == "valkey":
            settings = self._valkey_settings().items()
            return [str(files.valkey_binary()), *(part for name, value in settings for part in (f"--{name}", value))]
        settings = self._postgres_settings().items()
        flags = [part for name, value in settings for part in ("-c", f"{name}={value}")]
        return [str(files.postgres_binaries() / "postgres"), "-D", str(self.data), *flags]

    def _postgres_settings(self) -> dict[str, str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": f'"{self.sockets}"',
            "unix_socket_permissions": "0700",
            "max_connections": "200",
            "timezone": "UTC",
            "log_timezone": "UTC",
            # Nothing copies itself from it, so what is filled into an empty table needs no log beside it.
            "wal_level": "minimal",
            "max_wal_senders": "0",
        }
        if self.testing:  # Test data are thrown away, so nothing of them has to survive a power cut.
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return settings

    def _valkey_settings(self) -> dict[str, str]:
        return {
            "port": "0",
            "unixsocket": str(self.valkey_socket),
            "unixsocketperm": "700",
            "dir": str(self.home / "valkey"),
            "databases": str(VALKEY_DATABASES),
            # Saved now and then and on a clean stop, so that queued tasks outlive a Ctrl-C.
            "save": "" if self.testing else "60 1",
            "stop-writes-on-bgsave-error": "no",
            "maxmemory-policy": "noeviction",
            # A title would be written over the environment, by which a later start knows what was left behind.
            "set-proc-title": "no",
        }

    def become(self, engine: str) -> None:
        """Turn this process into the engine; it ends when the parent ends."""
        parent = os.getppid()
        command = self.command(engine)
        os.chdir(self.home)
        if files.as_root():
            user = files.engine_user()
            os.setgroups([])
            os.setgid(user.pw_gid)
            os.setuid(user.pw_uid)
        # Last, because a change of user undoes it.
        end_with_parent(STOP_SIGNALS[engine], parent)
        os.execve(command[0], command, self._environment())  # noqa: S606 - our own binary; no shell is wanted

    def start(self, engine: str) -> subprocess.Popen[bytes]:
        """Start one engine as a child of this process, its output in `var/<kind>/log`."""
        with (self.var / "log" / f"{engine}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "config.embedded", self.kind, engine],
                cwd=BASE_DIR,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # A Ctrl-C is for us, who then stop the engines in good order.
            )

    def answers(self, engine: str) -> bool:
        """Whether the engine takes connections now."""
        if engine == "valkey":
            with socket.socket(socket.AF_UNIX) as connection, contextlib.suppress(OSError):
                connection.settimeout(1)
                connection.connect(str(self.valkey_socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
            return False
        import psycopg  # noqa: PLC0415 - half of the start-up time of a process that only becomes an engine

        try:
            psycopg.connect(self.database_url(), connect_timeout=2).close()
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise EngineError(
                    f"The database in {self.data} has another password: it was made by an earlier checkout in this "
                    "folder. Clear it with `make reset`, or bring that checkout's `var` folder back."
                ) from error
            return False
        return True

    def recreate_database(self) -> None:
        """Begin anew with an empty database."""
        import psycopg  # noqa: PLC0415 - as above

        url = self.database_url().replace("/watchdesk?", "/postgres?")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS watchdesk WITH (FORCE)")
            connection.execute("CREATE DATABASE watchdesk")

    @contextlib.contextmanager
    def running(self, names: tuple[str, ...] = ENGINES) -> Iterator[None]:
        """Prepare the engines, run them for the length of the block and stop them."""
        self.prepare()
        started = {name: self.start(name) for name in names}
        try:
            for name, process in started.items():
                self._wait_until_up(name, process)
            yield
        finally:
            for name, process in started.items():
                process.send_signal(STOP_SIGNALS[name])
            for process in started.values():
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(20)
                process.kill()

    def _wait_until_up(self, name: str, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + 60
        while not self.answers(name):
            if process.poll() is not None or time.monotonic() > deadline:
                raise EngineError(f"{name} did not start; see {self.var / 'log' / name}.log.")
            time.sleep(0.02)

    def remove(self) -> None:
        """Remove data, secrets and logs; as root the binaries' copy too when nothing else needs it."""
        shutil.rmtree(self.var, ignore_errors=True)
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.rmtree(self.sockets, ignore_errors=True)
        self.control_socket.unlink(missing_ok=True)
        outside = files.outside_folder()
        if outside.exists() and not any(path.name.startswith(("demo", "test-")) for path in outside.iterdir()):
            shutil.rmtree(outside, ignore_errors=True)

    def end_leftovers(self) -> None:
        """End processes that outlived the run that started them. The caller holds the lock."""
        left = [process for process in psutil.process_iter() if self._is_ours(process)]
        for number in (signal.SIGINT, signal.SIGKILL):
            for process in left:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.send_signal(number)
            _, left = psutil.wait_procs(left, timeout=10)

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            return process.pid != os.getpid() and process.environ().get(RUN_VARIABLE) == self.run_name
        except (psutil.Error, OSError):
            return False


def take_test_engines() -> tuple[Engines, IO[bytes]]:
    """The first set of test engines that no living test run has, and the lock that keeps it."""
    for number in range(1, TEST_SETS + 1):
        engines = Engines(f"test-{number}")
        lock = engines.lock()
        if lock is not None:
            return engines, lock
    raise EngineError(f"{TEST_SETS} test runs of this checkout are going on. Wait for one to end.")
