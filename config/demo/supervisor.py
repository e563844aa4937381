"""The supervisor of the demo: which programs it keeps running, and talking to it."""

import contextlib
import dataclasses
import http.client
import os
import shlex
import subprocess
import sys
import time
import xmlrpc.client
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from supervisor.xmlrpc import SupervisorTransport

from config.embedded import ENGINES, Engines
from config.embedded.engines import RUN_VARIABLE
from config.embedded.files import BASE_DIR, as_root

STOP_WITHIN = 60
DESK = ("web", "worker", "beat")
# Enough threads for a demo, and for Chromium's habit of keeping connections open.
WEB_OPTIONS = "--worker-class gthread --workers 2 --threads 8 --preload --graceful-timeout 5 --no-control-socket"
WORKER_OPTIONS = "--queues clock,send,bulk --concurrency 2 --without-gossip --without-mingle --without-heartbeat"


@dataclasses.dataclass(frozen=True)
class Program:
    """One program and how it is stopped."""

    command: list[str]
    autostart: bool
    stop_signal: str = "TERM"
    stop_seconds: int = 10
    environment: Mapping[str, str] = dataclasses.field(default_factory=dict)


def programs(engines: Engines, own: tuple[str, ...], port: int, *, at_once: bool) -> dict[str, Program]:
    """The engines that are ours, and the desk's programs; `at_once` starts these without being told."""
    python = [sys.executable, "-m"]
    tethered = [*python, "config.tether", *python]
    web = ["gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", *WEB_OPTIONS.split()]
    worker = ["celery", "-A", "config.celery", "worker", "--loglevel", "INFO", *WORKER_OPTIONS.split()]
    beat = ["celery", "-A", "config.celery", "beat", "--loglevel", "INFO", "--pidfile="]
    made = {
        name: Program([*python, "config.embedded", engines.kind, name], True, signal, 20)
        for name, signal in (("postgres", "INT"), ("valkey", "TERM"))
        if name in own
    }
    return made | {
        "web": Program([*tethered, *web], at_once, environment={"DB_POOL_SIZE": "8"}),
        "worker": Program([*tethered, *worker], at_once),
        "beat": Program([*tethered, *beat], at_once),
    }


def configuration(engines: Engines, wanted: Mapping[str, Program]) -> str:
    """The supervisor's configuration file."""
    logs = engines.var / "log"
    sections: dict[str, dict[str, Any]] = {
        "unix_http_server": {"file": engines.control_socket, "chmod": "0700"},
        "rpcinterface:supervisor": {
            "supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"
        },
        # For people: python -m supervisor.supervisorctl -c var/demo/supervisor.conf status
        "supervisorctl": {"serverurl": f"unix://{engines.control_socket}"},
        "supervisord": {
            "logfile": logs / "supervisor.log",
            "pidfile": engines.var / "supervisor.pid",
            "childlogdir": logs,
            "nodaemon": "true",
            "silent": "true",
            "umask": "077",
            # It warns when it runs as root without having been told to.
            **({"user": "root"} if as_root() else {}),
        },
        # A group is stopped as one, the last group first.
        "group:engines": {"programs": _named(wanted, ENGINES), "priority": "10"},
        "group:desk": {"programs": _named(wanted, DESK), "priority": "20"},
    }
    sections = {name: options for name, options in sections.items() if options.get("programs", True)}
    for name, program in wanted.items():
        sections[f"program:{name}"] = {
            "command": shlex.join(program.command),
            "directory": BASE_DIR,
            "autostart": str(program.autostart).lower(),
            "autorestart": "true",
            "startsecs": "1",
            "startretries": "1000",
            "stopsignal": program.stop_signal,
            "stopwaitsecs": str(program.stop_seconds),
            "killasgroup": "true",
            "redirect_stderr": "true",
            "stdout_logfile": logs / f"{name}.log",
            "stdout_logfile_maxbytes": "10MB",
            "stdout_logfile_backups": "1",
            "environment": ",".join(f'{key}="{value}"' for key, value in program.environment.items()),
        }
    # The file format expands %(name)s, so a percent sign in a path is doubled.
    lines = [
        line
        for section, options in sections.items()
        for line in (f"[{section}]", *(f"{key}={str(value).replace('%', '%%')}" for key, value in options.items()), "")
    ]
    return "\n".join(lines)


def _named(wanted: Mapping[str, Program], names: tuple[str, ...]) -> str:
    return ",".join(name for name in names if name in wanted)


class Supervisor:
    """A running supervisor, which is a child of this process."""

    def __init__(self, engines: Engines, wanted: Mapping[str, Program], environment: Mapping[str, str]) -> None:
        self.engines = engines
        path = engines.var / "supervisor.conf"
        path.write_text(configuration(engines, wanted), encoding="utf-8")
        engines.control_socket.unlink(missing_ok=True)
        command = [sys.executable, "-m", "config.tether", sys.executable, "-m", "supervisor.supervisord"]
        self.process = subprocess.Popen(
            [*command, "--configuration", str(path)],
            cwd=BASE_DIR,
            env={**environment, RUN_VARIABLE: engines.run_name},
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # A Ctrl-C is for us, who then end everything in good order.
        )
        self._transport = SupervisorTransport(None, None, f"unix://{engines.control_socket}")
        self._server = xmlrpc.client.ServerProxy("http://localhost", transport=self._transport)

    def alive(self) -> bool:
        """Whether the supervisor itself still runs."""
        return self.process.poll() is None

    def wake(self) -> bool:
        """Make it look around at once, which it does by itself only every second; False while it takes no orders."""
        with contextlib.suppress(OSError, http.client.HTTPException, xmlrpc.client.Error):
            return bool(self._server.supervisor.getState())
        self._transport.close()
        return False

    def start_desk(self) -> None:
        """Start web, worker and beat."""
        for name in DESK:
            self._server.supervisor.startProcess(f"desk:{name}", False)

    def stop(self) -> None:
        """End every program in good order, then the supervisor."""
        with contextlib.suppress(ProcessLookupError):
            self.process.terminate()
        deadline = time.monotonic() + STOP_WITHIN
        while self.alive() and time.monotonic() < deadline:
            self.wake()
            time.sleep(0.05)
        self.process.kill()
        self.process.wait()


def last_lines(path: Path, count: int = 15) -> str:
    """The end of a log file, for the person who must find out what is wrong."""
    if not path.exists():
        return ""
    return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-count:])


def environment(port: int) -> dict[str, str]:
    """What the desk's programs get to see."""
    given = dict(os.environ)
    given.setdefault("BASE_URL", f"http://127.0.0.1:{port}")
    given["PYTHONUNBUFFERED"] = "1"
    given["DJANGO_SETTINGS_MODULE"] = "config.settings"
    return given
