"""Words that are remembered are the words of the reader's language."""

import threading

from django.utils.translation import get_language, gettext, override, pgettext
from django.utils.translation.trans_real import DjangoTranslation


def test_words_are_those_of_the_catalogue() -> None:
    plain = DjangoTranslation("de")
    for _round in range(2):
        with override("de"):
            assert gettext("Save") == plain.gettext("Save") != "Save"
            assert gettext("no words of the desk") == "no words of the desk"
            assert pgettext("no place", "Save") == "Save"
        with override("en"):
            assert gettext("Save") == "Save"
        with override(None):
            assert gettext("Save") == "Save"


def test_each_thread_has_its_own_language() -> None:
    found: list[str] = []

    def ask() -> None:
        found.append(gettext("Save"))
        with override("de"):
            found.append(gettext("Save"))

    with override("de"):
        asking = threading.Thread(target=ask)
        asking.start()
        asking.join()
        assert get_language() == "de"
    assert found[0] == "Save" != found[1]
