"""The demo on a disk that is full."""

import shutil
from typing import NamedTuple

import pytest

from config.demo.front import Demo
from config.demo.stop import MakeWatch
from config.demo.words import DemoError
from config.embedded import Engines


class Usage(NamedTuple):
    """What `shutil.disk_usage` tells, in bytes."""

    total: int
    used: int
    free: int


def test_demo_without_room_says_how_much_it_needs_and_starts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Usage(10**9, 10**9 - 5_000_000, 5_000_000))
    demo = Demo(Engines("full-disk"), 8000, MakeWatch())
    with pytest.raises(DemoError, match=r"needs 300 MB .* 5 MB are free"):
        demo._check_disk()
