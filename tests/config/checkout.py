"""A copy of this checkout whose demo tests start, kill and clear."""

import contextlib
import http.client
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import psutil

from config.embedded.files import BASE_DIR
from tests.processes import Running, alive_with, running

COPIED = (
    "Makefile",
    "config",
    "helpdesk",
    "locale",
    "manage.py",
    "oncall",
    "reports",
    "requirements.lock",
    "static",
    "templates",
)
# What the demo says last of all when it is up.
READY = "Ctrl-C ends it"


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def python_for_everybody(folder: Path) -> str:
    """This environment's interpreter where every user can reach it: itself, or a copy if it lies in a closed home."""
    real = Path(sys.executable).resolve()
    if all(parent.stat().st_mode & 0o001 for parent in real.parents):
        return str(real)
    library = Path("lib") / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    leave_out = shutil.ignore_patterns("site-packages", "test", "__pycache__", "idlelib", "tkinter")
    shutil.copytree(Path(sys.base_prefix) / library, folder / library, ignore=leave_out)
    for shared in (Path(sys.base_prefix) / "lib").glob("libpython3*.so.*"):
        shutil.copy(shared, folder / "lib" / shared.name)
    (folder / "bin").mkdir()
    return str(shutil.copy(real, folder / "bin" / real.name))


class Checkout:
    """A copy of the checkout and what its demo does, for whoever runs the tests or for another `user`."""

    def __init__(self, folder: Path, python: str = sys.executable, user: int | None = None) -> None:
        self.folder = folder
        self.port = free_port()
        self.user = user
        self.python = python
        for name in COPIED:
            source = BASE_DIR / name
            if source.is_dir():
                # With what is compiled already: each demo is a dozen processes that would do it again.
                shutil.copytree(source, folder / name)
            else:
                folder.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, folder / name)

    def environment(self, **more: str) -> dict[str, str]:
        """What a person's shell would give, and where the packages lie."""
        given = {"PATH": os.environ["PATH"], "HOME": str(self.folder)}
        return {
            **given,
            "PORT": str(self.port),
            "DEMO_SHARE": "0.05",
            "PYTHONPATH": sysconfig.get_path("purelib"),
            **self._libraries(),
            **more,
        }

    def _libraries(self) -> dict[str, str]:
        """A copied interpreter has its library beside itself."""
        return (
            {} if self.python == sys.executable else {"LD_LIBRARY_PATH": str(Path(self.python).parent.parent / "lib")}
        )

    @contextlib.contextmanager
    def demo(self, output: Path, *command: str, **more: str) -> Iterator[Running]:
        """The demo from its start until its end."""
        words = command or (self.python, "-m", "config.demo")
        environment = self.environment(**more)
        with running(words, output, folder=self.folder, environment=environment, user=self.user) as demo:
            yield demo

    def run(self, *arguments: str, given: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        """Run the copy's Python to its end."""
        return subprocess.run(
            [self.python, *arguments],
            cwd=self.folder,
            env=self.environment(**more),
            input=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            user=self.user,
            group=self.user,
            extra_groups=None if self.user is None else [],
        )

    @cached_property
    def names(self) -> tuple[str, str, Path]:
        """What marks its processes, where its database answers, where its data lie."""
        words = "from config.embedded import current as c; print(c().run_name, c().database_url(), c().home, sep='\\n')"
        run_name, url, home = self.run("-c", words).stdout.splitlines()
        return run_name, url, Path(home)

    def processes(self) -> list[psutil.Process]:
        """Everything that its demo started and that still lives."""
        return alive_with("WATCHDESK_RUN", self.names[0])

    def program(self, name: str) -> int:
        """The process number of one of the supervised programs, 0 while it does not run."""
        control = ["-m", "supervisor.supervisorctl", "-c", "var/demo/supervisor.conf", "pid"]
        said = self.run(*control, f"{'engines' if name in {'postgres', 'valkey'} else 'desk'}:{name}").stdout.strip()
        return int(said) if said.isdigit() else 0

    def answer(self, path: str = "/readyz") -> int:
        """The status of the answer to a GET, 0 when there is none."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()
