"""What the demo says to the person who started it."""

import sys


class DemoError(Exception):
    """The demo cannot go on; the text says in one line why, and what to do."""


def say(text: str = "") -> None:
    """A line, at once, also when the output goes into a file. A closed terminal is no reason to fail."""
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except OSError:
        pass
