"""German is complete: every word has its translation, and no page says a word of English to a German reader."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Final

import pytest
from django.db.models import CharField, Value
from django.db.models.functions import Concat
from django.http import HttpResponse
from django.urls import reverse

from config.words import BASE_DIR
from config.words.catalogues import catalogues, read
from config.words.extraction import extracted, templates
from config.words.problems import problems
from helpdesk.models import FirstTierRule, Message, Ticket, User
from tests.config.test_routes import ALL_RULES, DOOR_KEYS, DOORS, STRANGER, address, visit
from tests.config.test_routes import world as world  # noqa: PLC0414 - a fixture
from tests.world import World


def test_every_word_is_translated() -> None:
    template = extracted()
    missing = [f"{path.parent.parent.name}: {line}" for path in catalogues() for line in problems(path, template)]
    assert not missing, "Run `make words`, then translate in locale/*/LC_MESSAGES/django.po:\n" + "\n".join(missing)


# Words that hardly a line of English does without, and that are none in German.
ENGLISH: Final = re.compile(
    r"\b(?:the|and|you|your|of|is|are|this|that|these|not|with|for|by|it|its|to|from|has|have|be|been|"
    r"search|add|save|select|delete|change|show|hide|no|yes|or|when|what|who|how|at|on|if|we|us|our|one|all)\b"
)
# Cities of time zones.
PLACES: Final = frozenset({"Port of Spain", "Isle of Man"})
READ_ALOUD: Final = ("title", "alt", "placeholder", "aria-label", "aria-description")


class Shown(HTMLParser):
    """What a page shows and says: its text, and the attributes that are read out or handed to a script."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.element: tuple[str, str] = ("", "")
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.element = (tag, given.get("class", ""))
        self.texts += [value for name, value in given.items() if name in READ_ALOUD]
        # A script's words are sentences; other data are names and addresses.
        self.texts += [value for name, value in given.items() if name.startswith("data-") and " " in value]
        if tag == "input" and given.get("type") in {"submit", "button", "reset"}:
            self.texts.append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        self.element = ("", "")

    def handle_data(self, data: str) -> None:
        tag, style = self.element
        # The desk's icons are letters of a font that are joined to pictures by their names.
        if tag not in {"script", "style", "kbd"} and "material-symbols" not in style:
            self.texts.append(data)


# What Django puts in or leaves out, and blocks that are no text.
FROM_DJANGO: Final = re.compile(
    r"{#.*?#}|{% comment.*?{% endcomment %}|{% blocktranslate.*?{% endblocktranslate %}|"
    r"{% block \w*class %}.*?{% endblock.*?%}|{%.*?%}|{{.*?}}",
    re.DOTALL,
)


def test_templates_hold_no_words_of_their_own() -> None:
    spoken = {}
    for path in templates(BASE_DIR):
        texts = Shown(FROM_DJANGO.sub("", path.read_text(encoding="utf-8"))).texts
        if words := [text.strip() for text in texts if re.search("[a-z]{2}", text)]:
            spoken[str(path.relative_to(BASE_DIR))] = words
    assert spoken == {}


def untranslated() -> set[str]:
    """Whole texts that differ in German, and are no German for anything else."""
    (path,) = (path for path in catalogues() if path.parent.parent.name == "de")
    pairs = [(message.id, message.string) for message in read(path) if isinstance(message.id, str) and message.id]
    german = {str(words) for _english, words in pairs}
    return {english for english, words in pairs if english != words} - german


def leftovers(html: str, english: set[str]) -> list[str]:
    """The English on a page."""
    texts = (" ".join(text.split()) for text in Shown(html).texts)
    return [text for text in texts if text not in PLACES and (text in english or ENGLISH.search(text))]


def translate_the_rows() -> None:
    """What people wrote in the tests' world, without English."""
    Ticket.objects.update(subject="Der Drucker brennt")
    Message.objects.update(body="Er raucht seit neun.")
    FirstTierRule.objects.update(name="Alles beginnt auf Stufe 1", code="stufe-1")
    User.objects.update(language="de", name=Concat(Value("Frau "), "pk", output_field=CharField()))


def routes_of(name: str) -> list[str]:
    """The pages that are this person's daily round."""
    if name == STRANGER:
        return [*sorted(DOORS), "portal:home"]
    rounds = {"owner": "portal:", "agent": "admin:", "administrator": "admin:helpdesk_"}
    # A row's history leads to the audit, and nothing is ever deleted.
    pages = [route for route in ALL_RULES if not route.endswith(("_history", "_delete"))]
    mine = [route for route in pages if route.startswith(rounds[name])]
    return [route for route in mine if name == "administrator" or not route.startswith("admin:helpdesk_")]


def answers(world: World, name: str) -> Iterator[tuple[str, HttpResponse]]:
    """Each page as this person gets it, and what is said to each form that is sent without anything in it."""
    client = visit(world, name)
    for route in routes_of(name):
        url = reverse(route, args=DOOR_KEYS.get(route)) if route in DOORS else address(world, route)
        if route in DOORS or not ALL_RULES[route].posts:
            yield route, client.get(url, headers={"Accept-Language": "de"}, follow=True)
        if route in DOORS or ALL_RULES[route].posts or route.endswith(("_add", "new_ticket")):
            yield f"{route}, sent empty", client.post(url, headers={"Accept-Language": "de"}, follow=True)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["owner", "agent", "administrator", STRANGER])
def test_no_page_says_english_to_a_german_reader(world: World, name: str) -> None:
    translate_the_rows()
    english, found = untranslated(), []
    for route, answer in answers(world, name):
        if answer.streaming:
            b"".join(answer.streaming_content)
        elif answer.headers["Content-Type"].startswith("text/html"):
            found += [f"{route}: {text}" for text in leftovers(answer.content.decode(), english)]
    assert not found, "\n".join(dict.fromkeys(found))
