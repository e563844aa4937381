"""`make reset`: clears the demo's data."""

import os
import sys

from config.demo.words import DemoError, say
from config.embedded import Engines
from config.embedded.files import BASE_DIR


def reset() -> int:
    """Clear the demo's data after asking. YES=1 in the environment answers for scripts."""
    engines = Engines("demo")
    # What an earlier checkout in this folder left lies elsewhere when root ran it.
    if not (engines.var.exists() or engines.home.exists()):
        _clear_tests()
        say("There is nothing to clear.")
        return 0
    lock = engines.lock()
    if lock is None:
        raise DemoError("The demo is running. Stop it with Ctrl-C where it runs, then clear it.")
    with lock:
        if not os.environ.get("YES") and not _agreed():
            say("Nothing was cleared.")
            return 1
        engines.end_leftovers()
        engines.remove()
    _clear_tests()
    say("Cleared. `make demo` begins anew.")
    if os.environ.get("DATABASE_URL"):
        say("The database of DATABASE_URL was left as it is; `make demo` puts demo data into an empty one only.")
    return 0


def _clear_tests() -> None:
    """What test runs left for the next one, so that nothing is left at all."""
    places = (BASE_DIR / "var", Engines("demo").home.parent)
    for name in sorted({folder.name for place in places for folder in place.glob("test-*[0-9]")}):
        engines = Engines(name)
        lock = engines.lock()
        if lock is not None:  # Otherwise a test run is going on.
            with lock:
                engines.end_leftovers()
                engines.remove()


def _agreed() -> bool:
    sys.stdout.write("This removes the demo's database, files, mails and logs. Go on? [y/N] ")
    sys.stdout.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")
