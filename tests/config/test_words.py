"""The tools of the languages: what is found in code and templates, what is kept, what is compiled when."""

import gettext
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from config.words.catalogues import catalogues, compile_words, is_compiled, merge, read
from config.words.extraction import extracted
from config.words.problems import problems

MODULE = """
from django.utils.translation import gettext as _, gettext_lazy, gettext_noop as later
from django.utils.translation import ngettext, pgettext, pgettext_lazy as in_place

LAZY = gettext_lazy("lazy " "words")
NOOP = later("noop")
PLACE = in_place("a place", "placed")
def say(count):
    return f"{_('inside another')}, {pgettext('format', 'j M')}", ngettext("%(n)d file", "%(n)d files", count)
other("not ours")
"""
TEMPLATE = """
{% load i18n %}<p>it's {# _("a comment") #}
{% translate "plain" %} {% translate 'quoted "here"' context "a place" as kept %} {{ _("constant")|upper }}
{% blocktranslate trimmed with who=person.name %}
  {{ who }} wrote
  100% of it
{% endblocktranslate %}
{% blocktranslate count n=all|length asvar said %}{{ n }} ticket{% plural %}{{ n }} tickets{% endblocktranslate %}
{% include "x.html" with label=_("argument") %}
"""
CATALOGUE = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

msgid "plain"
msgstr "schlicht"

msgid "gone"
msgstr "fort"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one module, one template and a catalogue that knows one of its words."""
    for name, text in (
        ("helpdesk/say.py", MODULE),
        ("templates/page.html", TEMPLATE),
        ("locale/de/LC_MESSAGES/django.po", CATALOGUE),
    ):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def in_german(path: Path, words: str) -> str:
    """What Django will say."""
    with path.with_suffix(".mo").open("rb") as stream:
        return gettext.GNUTranslations(stream).gettext(words)


def test_words_are_found_in_code_and_templates(project: Path) -> None:
    found = {(message.id, message.context) for message in extracted(project) if message.locations != [("unfold", 0)]}
    assert found - {("", None)} == {
        ("lazy words", None),
        ("noop", None),
        ("placed", "a place"),
        ("inside another", None),
        ("j M", "format"),
        (("%(n)d file", "%(n)d files"), None),
        ("plain", None),
        ('quoted "here"', "a place"),
        ("constant", None),
        ("%(who)s wrote 100%% of it", None),
        (("%(n)s ticket", "%(n)s tickets"), None),
        ("argument", None),
    }


def test_merging_keeps_translations_and_drops_what_nobody_says(project: Path) -> None:
    (path,) = catalogues(project / "locale")
    merge(extracted(project), project / "locale")
    catalog = read(path)
    assert catalog["plain"].string == "schlicht"  # type: ignore[index]
    assert "gone" not in path.read_text(encoding="utf-8")
    before = path.read_bytes()
    merge(extracted(project), project / "locale")
    assert path.read_bytes() == before


def test_compiled_words_follow_their_catalogue(project: Path) -> None:
    (path,) = catalogues(project / "locale")
    assert not is_compiled(path)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: compile_words(project / "locale"), range(8)))
    assert is_compiled(path)
    assert in_german(path, "plain") == "schlicht"
    path.write_text(CATALOGUE.replace("schlicht", "einfach"), encoding="utf-8")
    os.utime(path, (1, 1))  # A checkout of an older state.
    compile_words(project / "locale")
    assert in_german(path, "plain") == "einfach"
    assert sorted(file.name for file in path.parent.iterdir()) == ["django.mo", "django.po"]


@pytest.mark.parametrize(
    ("msgid", "msgstr", "said"),
    [
        ("%(who)s wrote", "%(wer)s schrieb", "other placeholders or tags"),
        ("{count} of them", "davon", "other placeholders or tags"),
        ("%%(name)s is added", "%%(Name)s ist da", "other placeholders or tags"),
        ("see <a>this</a>", "siehe das", "other placeholders or tags"),
        ("Hello, ", "Hallo,", "other blanks or lines at the ends"),
        ("Hello", "", "not translated"),
        ("%(n)s of %(all)s", "von %(all)s: %(n)s", None),
    ],
)
def test_wrong_translations_are_named(project: Path, msgid: str, msgstr: str, said: str | None) -> None:
    (path,) = catalogues(project / "locale")
    path.write_text(f'{CATALOGUE}\nmsgid "{msgid}"\nmsgstr "{msgstr}"\n', encoding="utf-8")
    found = [line for line in problems(path, read(path)) if msgid in line]
    assert found == ([f"{said}: “{msgid}” in "] if said else [])
