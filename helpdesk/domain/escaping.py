"""Text as HTML, in few steps: a page escapes some hundreds, of which most have nothing to escape."""

import html
import re
from typing import Final

_UNSAFE: Final = re.compile("[&<>\"']")


def escaped(value: object) -> str:
    """The value as HTML; what says of itself that it is HTML (`__html__`) stays as it is."""
    if hasattr(value, "__html__"):
        return str(value.__html__())
    text = str(value)
    return html.escape(text) if _UNSAFE.search(text) else text
