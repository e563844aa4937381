"""How words are looked up in the catalogues of the languages.

Django goes through the catalogue of each app that says the number of things in its own way, twice, and does so again
for each of the hundreds of words on a page. Which words a text has in a language does not change while a process runs.
"""

import threading
from functools import lru_cache
from typing import Any, Final

from django.conf import settings
from django.utils.translation import trans_real

# More than all the texts of the desk: what somebody typed may be looked up too.
_MOST: Final = 16_384


def register() -> None:
    """Let each catalogue remember what was looked up in it, and each thread its language.

    Django also thinks of tasks that share a thread, and takes ten steps to tell them apart, for each word. The desk
    has none.
    """
    translations: Any = trans_real
    translations._active = threading.local()  # noqa: SLF001 - it has no other name
    for language, _name in settings.LANGUAGES:
        catalogue: Any = trans_real.translation(language)
        catalogue.gettext = lru_cache(maxsize=_MOST)(catalogue.gettext)
