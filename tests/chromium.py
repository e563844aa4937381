"""How Chromium is started, wherever it runs: without a screen, and asking nobody on the network."""

import shutil
from typing import Final

FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page lives for a second here: to make its scripts faster takes longer than to run them.
    "--js-flags=--no-turbofan --no-maglev --always-sparkplug",
)


def executable() -> str | None:
    """The distribution's Chromium: its engine alone where that is installed, which takes a third of the time."""
    return shutil.which("chromium-headless-shell") or shutil.which("chromium")
