"""A desk of its own for each size, on an embedded PostgreSQL that is removed at the end."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

os.environ |= {"WATCHDESK_ENGINES": "benchmark", "WATCHDESK_ENV": "test", "DJANGO_SETTINGS_MODULE": "config.settings"}

import django
from django.core.management import call_command
from django.db import connection

from config import embedded

SEED: Final = 2026


@contextmanager
def engines() -> Iterator[None]:
    """PostgreSQL and Valkey while the block runs. Every commit reaches the disk, as in production."""
    ours = embedded.current()
    lock = ours.lock()
    if lock is None:
        raise SystemExit("A benchmark of this checkout is running already.")
    try:
        # What an earlier run left when it was killed.
        ours.remove()
        with ours.running():
            django.setup()
            from django.conf import settings

            settings.ROOT_URLCONF = "benchmarks.urls"
            yield
            connection.close()
    finally:
        ours.remove()
        lock.close()


def fill(tickets: int) -> None:
    """A fresh desk with the presets, the demo's agents and so many tickets."""
    connection.close()
    embedded.current().recreate_database()
    call_command("migrate", verbosity=0)
    call_command("load_presets", verbosity=0)
    call_command("seed_bulk", tickets=tickets, seed=SEED)
