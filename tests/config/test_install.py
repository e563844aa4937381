"""Making `.venv`: what is checked before, and what an interruption leaves."""

import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from config import install
from config.install import InstallError

LOCK = "requirements.lock"


class Steps:
    """Stands for venv and pip: notes what was asked for and makes a Python that starts."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.interrupted = False

    def __call__(self, command: list[str], complaint: str) -> None:
        step = "pip" if "pip" in command else "venv"
        self.taken.append(step)
        if step == "venv":
            python = install.VENV / "bin" / "python"
            python.parent.mkdir(parents=True)
            python.symlink_to(shutil.which("true") or "/bin/true")
        elif self.interrupted:
            raise InstallError(complaint)


@pytest.fixture
def steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Steps:
    """An empty checkout in which the steps are only noted."""
    taken = Steps()
    monkeypatch.setattr(install, "BASE", tmp_path)
    monkeypatch.setattr(install, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(install, "HALF_DONE", tmp_path / ".venv" / "half-done")
    monkeypatch.setattr(install, "run", taken)
    for lock in install.NEEDED_MEGABYTES:
        (tmp_path / lock).write_text("django==5.2\n", encoding="utf-8")
    return taken


def test_second_time_installs_nothing(steps: Steps) -> None:
    install.install(LOCK)
    install.install(LOCK)
    assert steps.taken == ["venv", "pip"]


def test_changed_lock_is_installed_into_what_is_there(steps: Steps, tmp_path: Path) -> None:
    install.install(LOCK)
    (tmp_path / LOCK).write_text("django==5.3\n", encoding="utf-8")
    install.install(LOCK)
    assert steps.taken == ["venv", "pip", "pip"]


def test_interrupted_installation_is_made_anew(steps: Steps) -> None:
    steps.interrupted = True
    with pytest.raises(InstallError):
        install.install(LOCK)
    steps.interrupted = False
    install.install(LOCK)
    assert steps.taken == ["venv", "pip", "venv", "pip"]


def test_moved_checkout_gets_a_new_environment(steps: Steps, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install.install(LOCK)
    moved = tmp_path / "moved"
    (tmp_path / ".venv").rename(moved)
    monkeypatch.setattr(install, "VENV", moved)
    monkeypatch.setattr(install, "HALF_DONE", moved / "half-done")
    install.install(LOCK)
    assert steps.taken == ["venv", "pip", "venv", "pip"]


def test_environment_whose_python_is_gone_is_made_anew(steps: Steps) -> None:
    install.install(LOCK)
    (install.VENV / "bin" / "python").unlink()
    install.install(LOCK)
    assert steps.taken == ["venv", "pip", "venv", "pip"]


def test_demo_needs_nothing_more_after_the_tests_installed(steps: Steps) -> None:
    install.install("requirements-dev.lock")
    install.install(LOCK)
    assert steps.taken == ["venv", "pip"]


def test_full_disk_is_said_before_anything_is_done(steps: Steps, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda *_: SimpleNamespace(free=1_000_000))
    with pytest.raises(InstallError, match=r"Not enough disk space: installing needs 500 MB in .*, and 1 MB are free"):
        install.install(LOCK)
    assert steps.taken == []


def test_python_without_venv_is_told_what_it_lacks(steps: Steps, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda *_: None)
    with pytest.raises(InstallError, match="apt install python3"):
        install.install(LOCK)
    assert steps.taken == []


@pytest.mark.parametrize(
    ("version", "words"), [("Python 3.9.2", "here is: Python 3.9.2. Install a newer one"), (None, "not found")]
)
def test_make_says_in_one_line_that_python_is_too_old(tmp_path: Path, version: str | None, words: str) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    for tool in ("sh", "make", "sed"):
        (tools / tool).symlink_to(shutil.which(tool) or tool)
    if version:
        (tools / "python3").write_text(
            f'#!/bin/sh\ntest "$1" = --version && echo {version} && exit 0\nexit 1\n', encoding="utf-8"
        )
        (tools / "python3").chmod(0o755)
    makefile = Path(__file__).parent.parent.parent / "Makefile"
    command = [shutil.which("make") or "make", "--no-print-directory", "-f", str(makefile), "demo"]
    done = subprocess.run(command, cwd=tmp_path, env={"PATH": str(tools)}, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    lines = [line for line in done.stderr.splitlines() if not line.startswith("make:")]
    assert len(lines) == 1
    assert lines[0].startswith("Watchdesk needs Python 3.11 or newer")
    assert words in lines[0]
