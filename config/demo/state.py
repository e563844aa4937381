"""What the demo remembers from one start to the next, so that a start does only what is needed."""

import hashlib
import json
import os

from config.demo.words import DemoError
from config.embedded import Engines
from config.embedded.files import BASE_DIR


def _add(digest: "hashlib._Hash", pattern: str, *, content: bool) -> None:
    for path in sorted(BASE_DIR.glob(pattern)):
        if path.is_file() and "__pycache__" not in path.parts:
            found = path.stat()
            what = path.read_bytes() if content else f"{found.st_size} {found.st_mtime_ns}".encode()
            digest.update(os.fsencode(path) + b"\0" + what + b"\0")


def code() -> str:
    """A name for what migrations, packages and static files are now."""
    digest = hashlib.sha256((BASE_DIR / "requirements.lock").read_bytes())
    for app in ("helpdesk", "oncall", "reports", "config"):
        _add(digest, f"{app}/migrations/*.py", content=True)
        _add(digest, f"{app}/static/**/*", content=False)
    _add(digest, "static/**/*", content=False)
    return digest.hexdigest()


def database() -> str:
    """A name for the database in use."""
    return hashlib.sha256(os.environ.get("DATABASE_URL", "embedded").encode()).hexdigest()


def in_use() -> bool:
    """Whether the database of DATABASE_URL holds a desk already, which demo data would spoil."""
    import psycopg  # noqa: PLC0415 - costs half a second, and the embedded database needs no such question

    try:
        with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=5) as connection:
            found = connection.execute("SELECT to_regclass('django_migrations')").fetchone()
    except psycopg.Error as error:
        reason = " ".join(str(error).split())
        raise DemoError(f"The database of DATABASE_URL cannot be used: {reason}") from None
    return found != (None,)


class State:
    """The notes in `var/demo/state.json`."""

    def __init__(self, engines: Engines) -> None:
        self._path = engines.var / "state.json"
        self._notes: dict[str, str] = {}
        if self._path.exists():
            self._notes = json.loads(self._path.read_text(encoding="utf-8"))

    def __getitem__(self, name: str) -> str:
        return self._notes.get(name, "")

    def __setitem__(self, name: str, value: str) -> None:
        self._notes[name] = value
        new = self._path.with_suffix(".new")
        new.write_text(json.dumps(self._notes), encoding="utf-8")
        new.replace(self._path)

    def prepared(self) -> bool:
        """Whether database and static files fit the code, so that the desk may start at once."""
        return self.fits_code() and self["seeded"] == database()

    def fits_code(self) -> bool:
        """Whether migrations and static files are those of the last start."""
        static = BASE_DIR / "var" / "static" / "staticfiles.json"
        return self["code"] == code() and static.exists()
