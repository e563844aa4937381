"""Real processes in tests: starting them, waiting for what they do, and never leaving one behind."""

import contextlib
import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import psutil


def wait_until(condition: Callable[[], object], what: str, *, seconds: float = 30) -> None:
    """Wait until `condition()` holds; fail with `what` when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"Waited {seconds} s in vain: {what}")
        time.sleep(0.05)


def answers(url: str) -> bool:
    """Whether a server of ours answers there with 200."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except OSError:
        return False


class Running:
    """A process under test with all that it has said so far."""

    def __init__(self, process: subprocess.Popen[bytes], output: Path) -> None:
        self.process = process
        self._output = output

    @property
    def said(self) -> str:
        """What it wrote to standard output and error."""
        return self._output.read_text(encoding="utf-8", errors="replace")

    def wait_for_words(self, words: str, *, seconds: float = 60) -> None:
        """Wait until it says `words`, and fail at once when it ends before."""
        wait_until(lambda: words in self.said or self.process.poll() is not None, words, seconds=seconds)
        assert words in self.said, self.said

    def wait_for_end(self, *, seconds: float = 60) -> int:
        """Wait until it ends; its exit status."""
        wait_until(lambda: self.process.poll() is not None, f"end of {self.process.args}", seconds=seconds)
        return int(self.process.returncode)


@contextlib.contextmanager
def running(
    command: Sequence[str | Path],
    output: Path,
    *,
    folder: Path,
    environment: Mapping[str, str] | None = None,
    user: int | None = None,
) -> Iterator[Running]:
    """Run a command in a process group of its own; whatever is left of the group at the end is killed."""
    with output.open("wb") as stream:
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=folder,
            env=dict(environment if environment is not None else os.environ),
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
        )
    try:
        yield Running(process, output)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(30)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def alive_with(variable: str, value: str) -> list[psutil.Process]:
    """The living processes that carry an environment variable."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.environ().get(variable) == value and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found
