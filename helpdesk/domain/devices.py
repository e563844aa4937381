"""What a browser says about itself, cut down to what its owner would call it."""

from typing import Final

# What stands for a network address that nobody knows.
NOWHERE: Final = "::"
# In this order: each says the names of those after it too.
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def _first(marks: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for mark, name in marks if mark in text), "")


def browser_of(user_agent: str) -> str:
    """The browser's name, or nothing where it is none that we know."""
    return _first(_BROWSERS, user_agent)


def system_of(user_agent: str) -> str:
    """The name of what it runs on, or nothing."""
    return _first(_SYSTEMS, user_agent)
