"""The process that `make demo` is: starts the supervisor, prepares what is needed, waits, and ends everything."""

import contextlib
import errno
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import IO, Self

from config.demo import state, stop
from config.demo.ready import Readiness, logins
from config.demo.supervisor import Supervisor, environment, last_lines, programs
from config.demo.words import DemoError, say
from config.embedded import Engines
from config.embedded.engines import RUN_VARIABLE
from config.embedded.files import BASE_DIR, as_root
from config.words.catalogues import compile_words

NEEDED_MEGABYTES = 300
READY_WITHIN = 120
COLLECT = ("collectstatic", "--no-input", "--clear")


def run() -> int:
    """Run the demo until it is told to end."""
    begun = time.monotonic()
    watch = stop.MakeWatch()
    stop.listen()
    engines = Engines("demo")
    try:
        with contextlib.ExitStack() as stack:
            demo = Demo(engines, chosen_port(), watch)
            stack.callback(demo.end)
            demo.take()
            demo.start()
            demo.wait_until_ready()
            demo.welcome(time.monotonic() - begun)
            demo.stay()
    except stop.Stopped:
        say("Stopped. The data are kept; `make demo` goes on with them.")
    return 0


def chosen_port() -> int:
    """The port of PORT."""
    given = os.environ.get("PORT") or "8000"
    if not given.isdecimal() or not 0 < int(given) < 65536:
        raise DemoError(f"PORT={given} is no port. Take a number between 1024 and 65535: PORT=9000 make demo")
    return int(given)


class Command:
    """One of Django's commands as a process, its output in a log. It ends with the block."""

    def __init__(self, arguments: Sequence[str], engines: Engines, environment: Mapping[str, str]) -> None:
        self.words = f"manage.py {' '.join(arguments)}"
        self.log = engines.var / "log" / f"prepare-{arguments[0]}.log"
        command = [sys.executable, "-m", "config.tether", sys.executable, "manage.py", *arguments]
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                cwd=BASE_DIR,
                env={**environment, RUN_VARIABLE: engines.run_name},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_problem: object) -> None:
        self.process.kill()
        self.process.wait()

    def check(self) -> None:
        """Say so if it failed."""
        if self.process.returncode:
            raise DemoError(f"{last_lines(self.log)}\n\n`{self.words}` failed; its words stand above.")


class Demo:
    """One run of the demo."""

    def __init__(self, engines: Engines, port: int, watch: stop.MakeWatch) -> None:
        self.engines = engines
        self.port = port
        self.watch = watch
        self.environment = environment(port)
        self.lock: IO[bytes] | None = None
        self.supervisor: Supervisor | None = None
        self.own = tuple(
            engine
            for engine, variable in (("postgres", "DATABASE_URL"), ("valkey", "REDIS_URL"))
            if not os.environ.get(variable)
        )

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def take(self) -> None:
        """Make sure that nothing is in the way."""
        self.lock = self.engines.lock()
        self.state = state.State(self.engines)
        if self.lock is None:
            raise DemoError(f"The demo of this folder is running already: {self.state['address']}")
        self.engines.end_leftovers()
        self._check_disk()
        self._check_port()
        if as_root() and self.own:
            say(f"Running as root: the engines work as “nobody”, their data lie in {self.engines.home.parent}.")
        self.engines.prepare()
        self.state["address"] = self.address

    def _check_disk(self) -> None:
        for folder in {self.engines.var, self.engines.home.parent}:
            there = next(path for path in (folder, *folder.parents) if path.exists())
            free = shutil.disk_usage(there).free // 1_000_000
            if free < NEEDED_MEGABYTES:
                raise DemoError(
                    f"Not enough disk space: the demo needs {NEEDED_MEGABYTES} MB in {there}, and {free} MB are free."
                )

    def _check_port(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # As the web server does.
            try:
                probe.bind(("127.0.0.1", self.port))
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    text = f"Port {self.port} is in use. Take another one, for example: PORT={self.port + 1} make demo"
                else:
                    text = f"Port {self.port} cannot be used ({error.strerror}). Take another one: PORT=9000 make demo"
                raise DemoError(text) from None

    def start(self) -> None:
        """Start the supervisor and, when nothing has to be prepared, the desk with it."""
        compile_words()
        prepared = self.state.prepared() and "postgres" in self.own
        wanted = programs(self.engines, self.own, self.port, at_once=prepared)
        self.supervisor = Supervisor(self.engines, wanted, self.environment)
        if not prepared:
            self._prepare()
            self.supervisor.start_desk()

    def _prepare(self) -> None:
        for engine in self.own:
            self._wait_for(partial(self.engines.answers, engine), engine)
        with contextlib.ExitStack() as stack:
            # Beside the database, which is filled by one process.
            collecting = None if self.state.fits_code() else stack.enter_context(self._command(*COLLECT))
            self._fill_database()
            if collecting is not None:
                say("Collecting the pages' files ...")
                self._wait_for_end(collecting)
                self.state["code"] = state.code()

    def _fill_database(self) -> None:
        """Migrate; fill the database once. Filling that was cut short begins anew in an empty database."""
        name = state.database()
        first = self.state["seeded"] != name
        if first and self.state["filling"] != name and "postgres" not in self.own and state.in_use():
            say("The database of DATABASE_URL is in use already, so no demo data are put into it.")
            first = False
        if first and self.state["filling"] == name:
            if "postgres" not in self.own:
                raise DemoError("Filling the database was cut short. Empty the one of DATABASE_URL, then start again.")
            self.engines.recreate_database()
        if first:
            self.state["filling"] = name
        say("Preparing the database ...")
        self._manage("migrate", "--no-input")
        if first:
            say("Filling it with demo data, this once ...")
            # Tests of the set-up tell only a part of the stories.
            self._manage("seed_demo", f"--share={os.environ.get('DEMO_SHARE') or 1}")
            self.state["seeded"] = name

    def _manage(self, *arguments: str) -> None:
        """Run one of Django's commands."""
        with self._command(*arguments) as command:
            self._wait_for_end(command)

    def _command(self, *arguments: str) -> Command:
        return Command(arguments, self.engines, self.environment)

    def _wait_for_end(self, command: Command) -> None:
        while command.process.poll() is None:
            self._pause()
        command.check()

    def _wait_for(self, condition: Callable[[], bool], name: str) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while not condition():
            if time.monotonic() > deadline:
                raise DemoError(f"{last_lines(self.engines.var / 'log' / f'{name}.log')}\n\n{name} does not start.")
            self._pause_awake()

    def _pause(self) -> None:
        """Wait a moment, unless there is a reason to end."""
        if self.watch.ended():
            raise stop.Stopped
        if self.supervisor is not None and not self.supervisor.alive():
            log = self.engines.var / "log" / "supervisor.log"
            raise DemoError(f"{last_lines(log)}\n\nThe supervisor ended, so the demo ends too. Start it again.")
        time.sleep(0.1)

    def _pause_awake(self) -> None:
        """The same, and keep the supervisor from sleeping while things start."""
        if self.supervisor is not None:
            self.supervisor.wake()
        self._pause()

    def wait_until_ready(self) -> None:
        """Wait until `/readyz` says that everything is there."""
        deadline = time.monotonic() + READY_WITHIN
        readiness = Readiness(self.port)
        while not readiness.ask():
            if time.monotonic() > deadline:
                log = self.engines.var / "log"
                raise DemoError(
                    f"{last_lines(log / 'web.log')}\n\nNot ready: {readiness.reason} The logs are in {log}."
                )
            self._pause_awake()

    def welcome(self, seconds: float) -> None:
        """Say where the desk is and who may come in."""
        say(f"\nWatchdesk is ready after {seconds:.1f} s:  {self.address}\n")
        rows = logins() if self.state["seeded"] == state.database() else []
        width = max((len(role) for role, _, _ in rows), default=0)
        for role, email, password in rows:
            say(f"  {role:<{width}}  {email}  {password}")
        mails = self.engines.var / "mail"
        if not os.environ.get("EMAIL_URL"):
            say(f"\nMails: {self.address}admin/mailbox/ (files in {mails}). Logs: {self.engines.var / 'log'}.")
        say("Ctrl-C ends it and keeps the data.")

    def stay(self) -> None:
        """Stay until there is a reason to end."""
        while True:
            self._pause()

    def end(self) -> None:
        """End everything that was started, whatever happened."""
        stop.ignore()
        if self.lock is None:
            return
        if self.supervisor is not None:
            say("Ending ...")
            self.supervisor.stop()
        self.engines.end_leftovers()
        self.lock.close()
