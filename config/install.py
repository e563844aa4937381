"""Makes `.venv` from a lock: `python3 -I config/install.py requirements.lock`.

It runs before anything is installed and on whatever Python there is, so it uses the standard library
alone and no syntax newer than Python 3.7; a test holds that.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys

BASE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(BASE, ".venv")
OLDEST = (3, 11)
# What an installation takes at its largest, downloads included.
NEEDED_MEGABYTES = {"requirements.lock": 700, "requirements-dev.lock": 1500}


class InstallError(Exception):
    """Nothing was installed; the text says in one line why, and what to do."""


def check_python(version=tuple(sys.version_info[:3])):
    """Refuse a Python that is too old or was cut down by its distribution."""
    if tuple(version[:2]) < OLDEST:
        found = ".".join(map(str, version))
        raise InstallError(f"Watchdesk needs Python 3.11 or newer, and this one is {found}. Install a newer one.")
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise InstallError(
            "This Python cannot make virtual environments. Install its venv package (Debian: apt install python3-venv)."
        ) from None


def check_disk(lock):
    """Refuse to begin what the disk cannot hold."""
    needed, free = NEEDED_MEGABYTES[lock], shutil.disk_usage(BASE).free // 1_000_000
    if free < needed:
        raise InstallError(f"Not enough disk space: installing needs {needed} MB in {BASE}, and {free} MB are free.")


def wanted(lock):
    """What the installation must be made from; a virtual environment also works only where it was made."""
    with open(os.path.join(BASE, lock), "rb") as stream:
        digest = hashlib.sha256(stream.read()).hexdigest()
    return f"{digest} {VENV}"


def stamp(lock):
    """The file that says what was installed, written when all of it was."""
    return os.path.join(VENV, f"installed-{lock}")


def read(path):
    """A file's text, or nothing when it is not there."""
    try:
        with open(path, encoding="utf-8") as stream:
            return stream.read()
    except OSError:
        return ""


def works():
    """Whether the environment's Python still starts; a system update may have taken it away."""
    command = [os.path.join(VENV, "bin", "python"), "-c", "pass"]
    return os.path.exists(command[0]) and subprocess.run(command, stderr=subprocess.DEVNULL).returncode == 0


def install(lock):
    """Bring `.venv` to what the lock says. What was interrupted half way is made anew."""
    if read(stamp(lock)) == wanted(lock) and works():
        return
    check_python()
    check_disk(lock)
    half_done = os.path.join(VENV, "half-done")
    moved = not any(read(stamp(name)).endswith(f" {VENV}") for name in NEEDED_MEGABYTES)
    if os.path.exists(half_done) or moved or not works():
        shutil.rmtree(VENV, ignore_errors=True)
        say("Making .venv ...")
        run([sys.executable, "-m", "venv", VENV], "The virtual environment could not be made")
    with open(half_done, "w", encoding="utf-8"):
        pass
    say("Installing the packages of " + lock + " into .venv; this takes a minute or two ...")
    pip = [os.path.join(VENV, "bin", "python"), "-m", "pip", "--disable-pip-version-check", "--no-input", "install"]
    lock_file = os.path.join(BASE, lock)
    run([*pip, "--quiet", "--require-hashes", "--requirement", lock_file], "Installing failed")
    # The development lock holds all of the other, at the same versions.
    for name in NEEDED_MEGABYTES if lock == "requirements-dev.lock" else [lock]:
        with open(stamp(name), "w", encoding="utf-8") as stream:
            stream.write(wanted(name))
    os.unlink(half_done)


def run(command, complaint):
    """Run a step; its own words are shown, and ours say which step it was."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    if subprocess.run(command, cwd=BASE, env=environment).returncode:
        raise InstallError(f"{complaint}; the reason stands above. Run the same command again when it is mended.")


def say(text):
    """A line for the person who waits."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main():
    """Install, one at a time: two commands may be started at once."""
    os.makedirs(os.path.join(BASE, "var"), mode=0o700, exist_ok=True)
    with open(os.path.join(BASE, "var", "install.lock"), "w", encoding="utf-8") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        install(sys.argv[1])


if __name__ == "__main__":
    try:
        main()
    except (InstallError, OSError) as error:
        sys.exit(f"{error}")
    except KeyboardInterrupt:
        sys.exit("Interrupted. The next run begins anew.")
