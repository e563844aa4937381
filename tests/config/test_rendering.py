"""Templates rendered in fewer steps say what Django's own say."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.template import Context, Engine, TemplateDoesNotExist, TemplateSyntaxError
from django.template.base import VariableDoesNotExist
from django.urls import NoReverseMatch
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy, override

from config.rendering import Loader
from helpdesk.choices import Status

NASTY = "\"><script>alert('x')</script>&amp;"
LIBRARIES = {"i18n": "django.templatetags.i18n", "static": "django.templatetags.static"}
FILES = {
    "line.html": "[{{ word }}{{ given }}{% if word %}{{ word|upper }}{% endif %}]",
    "base.html": "{% block head %}<{{ word }}>{% endblock %}{% if word %}{% block inner %}i{% endblock %}{% endif %}|",
    "middle.html": '{% extends "base.html" %}{% block head %}{{ block.super }}middle {{ word }}{% endblock %}',
    "words.html": '{% load i18n %}a{% translate "Save" %}b{% translate "Close" %}c',
}


class Thing:
    """What a template may come upon."""

    def __init__(self) -> None:
        self.name, self.none = NASTY, None

    def said(self) -> str:
        return NASTY

    def wants(self, more: str) -> str:
        return more

    def drop(self) -> str:
        raise AssertionError("A template does not change anything.")

    drop.alters_data = True  # type: ignore[attr-defined]  # as Django marks it

    @property
    def lost(self) -> str:
        raise ObjectDoesNotExist

    @property
    def broken(self) -> str:
        raise AttributeError("inside")

    @property
    def wrong(self) -> str:
        raise RuntimeError("wrong")

    def __str__(self) -> str:
        return NASTY

    __repr__ = __str__


SOURCES = [
    "{{ word }}{{ nasty }}{{ safe }}{{ none }}{{ missing }}",
    "{{ number }}{{ big }}{{ half }}{{ yes }}{{ lazy }}{{ thing }}",
    "{{ thing.name }}{{ thing.said }}{{ thing.none }}{{ thing.lost }}",
    "{{ thing.lost.more }}{{ thing.drop }}{{ thing.wants }}",
    "{{ thing.missing }}{{ thing.name.missing }}{{ missing.name }}",
    "{{ none.name }}{{ thing.name.0 }}{{ rows.0 }}{{ rows.9 }}",
    "{{ shelf.one }}{{ shelf.items }}{{ shelf.two.three }}",
    "{{ shelf.missing }}{{ shelf.get }}{{ kind.OPEN.label }}{{ call }}",
    "{{ dicts }}{{ template }}{{ autoescape }}{{ 12 }}{{ 1.5 }}{{ 'it' }}{{ _('Save') }}{{ True }}{{ None }}",
    "{{ word|upper|default:none }}{{ missing|default:nasty }}{{ none|default:'<b>' }}{{ nasty|truncatechars:4 }}",
    "{{ missing|length }}{{ safe|lower }}{{ nasty|lower }}",
    "{{ nasty|safe }}{{ rows|join:nasty }}{{ rows|first|add:'x' }}",
    "{{ word|default_if_none:thing.missing }}{{ nasty|linebreaksbr }}{{ safe|linebreaksbr }}{{ number|pluralize }}",
    "{% autoescape off %}{{ nasty }}{{ safe }}{{ thing }}{{ number }}{% endautoescape %}{{ nasty|force_escape }}",
    "{% if word %}a{% elif none %}b{% else %}c{% endif %}{% if missing %}a{% elif none %}b{% else %}c{% endif %}",
    "{% if missing.name or thing.lost or none %}a{% endif %}{% if not missing and word == 'word' %}b{% endif %}",
    "{% if number > 3 and 'o' in word %}a{% endif %}",
    "{% if missing > 3 %}b{% endif %}{% if word|default:missing %}c{% endif %}",
    "{% for row in rows %}{{ forloop.counter }}{{ row }}{% if forloop.last %}.{% endif %}{% endfor %}",
    "{% for row in missing %}a{% empty %}none{{ word }}{% endfor %}",
    "{% for key, one in pairs reversed %}{{ key }}{{ one }}{% endfor %}",
    "{% for row in rows %}{% cycle 'a' 'b' %}{% ifchanged %}{{ row }}{% endifchanged %}{% endfor %}",
    "{% for row in rows %}{% for b in row %}{{ forloop.parentloop.counter }}{{ b }}{% endfor %}{% endfor %}",
    "{% with more=thing.name word='other' %}{{ more }}{{ word }}{% endwith %}{{ word }}{{ more }}",
    "{% include 'line.html' %}{% include 'line.html' with word=nasty given=number %}",
    "{% include 'line.html' with given=1 only %}",
    "{% for row in rows %}{% include 'line.html' with given=row %}{% endfor %}{% include name %}{{ given }}",
    "{% include 'missing.html' %}",
    "{% extends 'base.html' %}{% block inner %}{{ block.super }}{{ nasty }}{% include 'line.html' %}{% endblock %}",
    "{% extends 'middle.html' %}{% block head %}{{ block.super }}{{ block.super }}own{% endblock %}",
    "{% load i18n %}a{% translate 'Save' %}b{% translate word %}",
    "{% load i18n %}{% translate 'Close' as kept %}{{ kept }}{% translate 'Save'|upper %}",
    "{% load i18n %}{% translate 'Open' context 'status' %}{% translate 'Open' context word %}",
    "{% load i18n %}{% translate '100%' %}{% translate 'a<b' %}",
    "{% load i18n %}{% translate 'Save' noop %}",
    "{% load i18n %}{% language 'de' %}{% translate 'Save' %}{% endlanguage %}{% include 'words.html' %}",
    "{% load i18n %}{% blocktranslate with name=nasty %}By {{ name }}{% endblocktranslate %}",
    "{% load i18n %}{% blocktranslate count n=number %}{{ n }} one{% plural %}{{ n }} many{% endblocktranslate %}",
    "{% firstof missing none nasty %}",
    "{% spaceless %}<b> {{ word }} </b> <i>{% if word %}x{% endif %}</i>{% endspaceless %}",
    "{% filter upper %}{{ word }} it{% endfilter %}",
    "{% verbatim %}{{ word }}{% endverbatim %}{% comment %}{{ a }}{% endcomment %}",
    "{% load static %}a{% static 'css/desk.css' %}b{% static word %}{% static 'x.css' as kept %}{{ kept }}",
    "{% url 'admin:tickets' %}{% url 'admin:ticket' word %}{% url 'admin:tickets' %}",
    "{% url name %}",
    "{% url 'portal:home' as kept %}{{ kept }}{% url 'portal:home' %}{% url 'nothing' as kept %}{{ kept }}",
    "{{ shelf.nothing }}{% if shelf.two.nothing %}a{% endif %}{{ shelf.0 }}{{ shelf.items }}{{ shelf.two.keys }}",
    "{{ shelf.nothing|default:'-' }}{{ shelf.one }}{% with shelf.nothing as it %}{{ it }}{% endwith %}",
    "{{ thing.broken }}",
    "{{ thing.wrong }}",
    "{% if thing.wrong %}a{% endif %}",
    "{% for a, b in rows %}{% endfor %}",
    "{{ word|nothing }}",
    "{% if word %}",
    "{{ word",
    "",
]


def _engine(loader: Any) -> Engine:
    return Engine(loaders=[loader], libraries=LIBRARIES)


def _given() -> dict[str, Any]:
    return {
        "word": "word", "nasty": NASTY, "safe": mark_safe("<b>&amp;</b>"), "none": None, "number": 5, "big": 1234567,
        "half": 0.5, "yes": True, "lazy": gettext_lazy("Save"), "thing": Thing(), "rows": ["a<", "b", "b"],
        "pairs": [("k", 1), ("l", NASTY)], "shelf": {"one": 1, "two": {"three": NASTY}}, "kind": Status,
        "name": "line.html", "call": lambda: NASTY,
    }  # fmt: skip


def _render(engine: Engine) -> Iterator[str]:
    """The page, twice: what was remembered the first time is as good the second."""
    for language in ("en", "de", "en"):
        with override(language):
            try:
                yield engine.get_template("page.html").render(Context(_given()))
            except (
                NoReverseMatch,
                TemplateDoesNotExist,
                TemplateSyntaxError,
                VariableDoesNotExist,
                ValueError,
                AttributeError,
            ) as problem:
                yield f"{type(problem).__name__}: {problem}"
            except RuntimeError as problem:
                yield str(problem)


@pytest.mark.parametrize("source", SOURCES)
def test_template_says_what_django_makes_of_it(source: str) -> None:
    files = {**FILES, "page.html": source}
    inner = ("django.template.loaders.locmem.Loader", files)
    assert list(_render(_engine(("config.rendering.Loader", [inner])))) == list(_render(_engine(inner)))


def test_pages_are_rendered_by_it() -> None:
    loader = Engine.get_default().template_loaders[0]
    assert isinstance(loader, Loader)
    assert type(loader.get_template("base.html").nodelist).__module__ == "config.rendering"


def test_errors_of_a_developer_are_explained_by_django() -> None:
    engine = Engine(
        debug=True,
        loaders=[
            ("config.rendering.Loader", [("django.template.loaders.locmem.Loader", {"page.html": "{{ thing.wrong }}"})])
        ],
    )
    with pytest.raises(RuntimeError) as raised:
        engine.get_template("page.html").render(Context(_given()))
    assert raised.value.template_debug["during"] == "{{ thing.wrong }}"  # type: ignore[attr-defined]  # Django's
