"""A file of translations for each language, and what Django reads of it."""

import io
import os
import re
import tempfile
from pathlib import Path
from typing import Final

from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog

from config.words import LOCALE_DIR

# What changes with every day and every machine, and helps nobody.
_IDLE_HEADERS: Final = re.compile(
    r'^"(?:POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Report-Msgid-Bugs-To|Generated-By):.*\n',
    re.MULTILINE,
)


def catalogues(folder: Path = LOCALE_DIR) -> list[Path]:
    """The catalogue of each language."""
    return sorted(folder.glob("*/LC_MESSAGES/django.po"))


def read(path: Path) -> Catalog:
    """A catalogue as it stands in its file."""
    with path.open("rb") as stream:
        return pofile.read_po(stream, locale=path.parent.parent.name)


def merge(template: Catalog, folder: Path = LOCALE_DIR) -> None:
    """Bring each catalogue to the words of the code; what is translated stays, what nobody says any more goes."""
    for path in catalogues(folder):
        catalog = read(path)
        catalog.update(template, no_fuzzy_matching=True)
        path.write_text(_written(catalog), encoding="utf-8")


def _written(catalog: Catalog) -> str:
    stream = io.BytesIO()
    pofile.write_po(stream, catalog, width=116, sort_output=True, ignore_obsolete=True, include_lineno=False)
    return _IDLE_HEADERS.sub("", stream.getvalue().decode())


def compile_words(folder: Path = LOCALE_DIR) -> None:
    """Make the files that Django reads where they are missing or older than their catalogue.

    Two processes may do it at once; who reads meanwhile gets the old words or the new ones.
    """
    for path in catalogues(folder):
        written = path.stat().st_mtime_ns
        if is_compiled(path):
            continue
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as stream:
                mofile.write_mo(stream, read(path))
            Path(name).chmod(0o644)
            os.utime(name, ns=(written, written))
            Path(name).replace(path.with_suffix(".mo"))
        finally:
            Path(name).unlink(missing_ok=True)


def is_compiled(path: Path) -> bool:
    """Whether the words of a catalogue are there for Django as they stand in it now."""
    made = path.with_suffix(".mo")
    return made.exists() and made.stat().st_mtime_ns == path.stat().st_mtime_ns
