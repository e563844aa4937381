"""Which words stand in the code, in the templates, and in the desk's frame."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import django
import unfold
from babel.messages.catalog import Catalog
from django.utils.translation.template import templatize

from config.words import BASE_DIR
from config.words.catalogues import read

APPS: Final = ("config", "helpdesk", "oncall", "reports")
# Which arguments of a function are the context, the words and their plural.
_FUNCTIONS: Final[dict[str, str]] = {
    "_": "w",
    "gettext": "w",
    "gettext_lazy": "w",
    "gettext_noop": "w",
    "ngettext": "ww",
    "ngettext_lazy": "ww",
    "pgettext": "cw",
    "pgettext_lazy": "cw",
    "npgettext": "cww",
    "npgettext_lazy": "cww",
}
# Django's German says "Sichern", as nobody else does.
_OTHERWISE: Final = frozenset({"Save", "Save and continue editing", "Save and add another", "Save as new"})
_STRING: Final = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
_CALL: Final = re.compile(rf"\b(_|n?p?gettext)\(({_STRING}(?:,\s*{_STRING})*)", re.DOTALL)


def templates(base: Path) -> list[Path]:
    """Every template of ours, of pages and of mails."""
    return sorted(path for path in (base / "templates").rglob("*") if path.suffix in {".html", ".txt"})


def modules(base: Path) -> list[Path]:
    """Every Python file of the product whose words people read."""
    return sorted(path for app in APPS for path in (base / app).rglob("*.py") if "migrations" not in path.parts)


def extracted(base: Path = BASE_DIR) -> Catalog:
    """All words that stand in the code and in the templates, and those of the desk's frame."""
    catalog = Catalog(domain="django", project="Watchdesk")
    for path in (*modules(base), *templates(base)):
        _read_file(path, catalog, str(path.relative_to(base)))
    _read_frame(catalog)
    return catalog


def _read_frame(catalog: Catalog) -> None:
    """Unfold speaks English alone. Its words are ours to translate, but for those that Django says well already."""
    found = Catalog()
    folder = Path(unfold.__file__).parent
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".py", ".html"} and "contrib" not in path.parts:
            _read_file(path, found, "unfold")
    known = _words_of_django() - _OTHERWISE
    for message in found:
        if message.id and _singular(message.id) not in known:
            catalog.add(message.id, locations=message.locations, context=message.context)


def _words_of_django() -> set[object]:
    """What Django's German says; a word that it has in German it has in every language worth the name."""
    words: set[object] = set()
    for path in Path(django.__file__).parent.rglob("locale/de/LC_MESSAGES/django.po"):
        words |= {_singular(message.id) for message in read(path) if message.id and not message.fuzzy}
    return words


def _read_file(path: Path, catalog: Catalog, name: str) -> None:
    text = path.read_text(encoding="utf-8")
    calls = _calls_of_module(text) if path.suffix == ".py" else _calls_of_template(templatize(text, origin=name))
    for function, arguments in calls:
        parts = list(zip(_FUNCTIONS[function], arguments, strict=False))
        words = [text for part, text in parts if part == "w"]
        context = next((text for part, text in parts if part == "c"), None)
        if words:
            catalog.add(words[0] if len(words) == 1 else tuple(words), locations=[(name, 0)], context=context)


def _calls_of_module(text: str) -> Iterator[tuple[str, list[str]]]:
    """Calls with words in them. Python's own parser also sees those inside of other strings, in any version."""
    tree = ast.parse(text)
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    names = (name for node in imports if node.module == "django.utils.translation" for name in node.names)
    functions = {name.asname or name.name: name.name for name in names if name.name in _FUNCTIONS}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in functions:
            values = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
            yield functions[node.func.id], [value for value in values if isinstance(value, str)]


def _calls_of_template(text: str) -> Iterator[tuple[str, list[str]]]:
    """The same in what Django makes of a template, where all else has become letters without meaning."""
    for match in _CALL.finditer(text):
        yield match[1], [ast.literal_eval(literal) for literal in re.findall(_STRING, match[2], re.DOTALL)]


def _singular(words: object) -> object:
    return words[0] if isinstance(words, tuple | list) else words
