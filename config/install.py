"""Makes `.venv` from a lock: `python3 -I config/install.py requirements.lock`.

It runs before anything is installed, so it uses the standard library alone; the Makefile finds a Python for it.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
VENV = BASE / ".venv"
HALF_DONE = VENV / "half-done"
# What an installation takes at its largest, downloads included.
NEEDED_MEGABYTES = {"requirements.lock": 500, "requirements-dev.lock": 1200}


class InstallError(Exception):
    """Nothing was installed; the text says in one line why, and what to do."""


def check_python() -> None:
    """Refuse a Python that its distribution cut down."""
    if any(importlib.util.find_spec(name) is None for name in ("venv", "ensurepip")):
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        raise InstallError(
            f"This Python {version} cannot make virtual environments. Install what it lacks, on Debian and Ubuntu: "
            f"apt install python{version}-venv"
        )


def check_disk(lock: str) -> None:
    """Refuse to begin what the disk cannot hold."""
    needed, free = NEEDED_MEGABYTES[lock], shutil.disk_usage(BASE).free // 1_000_000
    if free < needed:
        raise InstallError(f"Not enough disk space: installing needs {needed} MB in {BASE}, and {free} MB are free.")


def wanted(lock: str) -> str:
    """What the installation must be made from; a virtual environment also works only where it was made."""
    return f"{hashlib.sha256((BASE / lock).read_bytes()).hexdigest()} {VENV}"


def stamp(lock: str) -> Path:
    """The file that says what was installed, written when all of it was."""
    return VENV / f"installed-{lock}"


def installed(lock: str) -> str:
    """What was installed last, or nothing."""
    return stamp(lock).read_text(encoding="utf-8") if stamp(lock).exists() else ""


def starts() -> bool:
    """Whether the environment's Python still starts; a system update may have taken it away."""
    python = VENV / "bin" / "python"
    return (
        python.exists() and subprocess.run([python, "-c", ""], stderr=subprocess.DEVNULL, check=False).returncode == 0
    )


def install(lock: str) -> None:
    """Bring `.venv` to what the lock says. What was interrupted half way is made anew."""
    if installed(lock) == wanted(lock) and starts():
        return
    check_python()
    check_disk(lock)
    made_here = any(installed(name).endswith(f" {VENV}") for name in NEEDED_MEGABYTES)
    if HALF_DONE.exists() or not made_here or not starts():
        shutil.rmtree(VENV, ignore_errors=True)
        say("Making .venv ...")
        run([sys.executable, "-m", "venv", str(VENV)], "The virtual environment could not be made")
    HALF_DONE.touch()
    say(f"Installing the packages of {lock} into .venv; this takes a minute or two ...")
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet"]
    # The lock names all that its packages need. Most of their modules are never imported: each is compiled when it is.
    options = ["--require-hashes", "--no-deps", "--no-compile"]
    run([*pip, *options, "--requirement", str(BASE / lock)], "The packages could not be installed")
    # The development lock holds all of the other, at the same versions.
    for name in NEEDED_MEGABYTES if lock == "requirements-dev.lock" else [lock]:
        stamp(name).write_text(wanted(name), encoding="utf-8")
    HALF_DONE.unlink()


def run(command: list[str], complaint: str) -> None:
    """Run a step; its own words are shown, and ours say which step it was."""
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
    if subprocess.run(command, cwd=BASE, env=environment, check=False).returncode:
        raise InstallError(f"{complaint}; the reason stands above. Once it is mended, run the same command again.")


def say(text: str) -> None:
    """A line for the person who waits."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main(lock: str) -> None:
    """Install, one at a time: two commands may be started at once."""
    (BASE / "var").mkdir(mode=0o700, exist_ok=True)
    with (BASE / "var" / "install.lock").open("w", encoding="utf-8") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        install(lock)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except (InstallError, OSError) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("Interrupted. The same command begins anew.")
