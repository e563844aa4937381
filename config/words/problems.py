"""What is wrong with a catalogue."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message

from config.words.catalogues import read

_KEPT: Final = re.compile(r"%%?\(\w+\)[a-z]|%[a-z%]|\{\w*\}|<[^>]*>")


def problems(path: Path, template: Catalog) -> list[str]:
    """What a catalogue lacks: words of the code that it does not have, or has wrongly."""
    wanted, catalog = _by_key(template), _by_key(read(path))
    said = [f"not extracted: {_shown(message)}" for key, message in wanted.items() if key not in catalog]
    said += [f"said nowhere: {_shown(message)}" for key, message in catalog.items() if key not in wanted]
    return said + [
        f"{wrong}: {_shown(message)}" for message in catalog.values() for wrong in sorted(set(_wrong(message)))
    ]


def _by_key(catalog: Iterable[Message]) -> Mapping[tuple[object, object], Message]:
    """The messages without the header, by what tells them apart."""
    return {(_forms(message.id), message.context): message for message in catalog if message.id}


def _forms(words: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (words or "",) if isinstance(words, str | None) else tuple(words)


def _wrong(message: Message) -> Iterator[str]:
    """What is wrong with one translation. Each of its forms has the placeholders of one of the original's."""
    if message.fuzzy:
        yield "only guessed"
    originals = [sorted(_KEPT.findall(form)) for form in _forms(message.id)]
    for form in _forms(message.string):
        if not form:
            yield "not translated"
        elif sorted(_KEPT.findall(form)) not in originals:
            yield "other placeholders or tags"
        elif _ends(form) != _ends(_forms(message.id)[0]):
            yield "other blanks or lines at the ends"


def _ends(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def _shown(message: Message) -> str:
    where = ", ".join(sorted({str(name) for name, _line in message.locations}))
    return f"“{_forms(message.id)[0]}”" + (f" ({message.context})" if message.context else "") + f" in {where}"
