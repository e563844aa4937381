"""What `docs/api.md` tells its readers to type, typed."""

import json
import os
import re
import shlex
import shutil
import subprocess
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from helpdesk.models import Ticket
from tests.world import make_world

_PAGE = Path(__file__).parents[3] / "docs" / "api.md"
_COMMAND = re.compile(r"python manage.py create_token agent@example.org (.*)")
_BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def _documented_token(address: str) -> str:
    """A token made by the line of the page, for this person."""
    (line,) = _COMMAND.findall(_PAGE.read_text())
    out = StringIO()
    call_command("create_token", address, *shlex.split(line), stdout=out)
    return out.getvalue().strip()


@pytest.mark.django_db(transaction=True)
def test_every_line_of_the_documentation_works(live_server: Any, tmp_path: Path, settings: Any) -> None:
    if shutil.which("curl") is None:
        pytest.skip("There is no curl here.")
    settings.MEDIA_ROOT = tmp_path
    world = make_world()
    log = tmp_path / "db-3.log"
    log.write_text("no space left on device\n")
    told = {"DESK": live_server.url, "TOKEN": _documented_token(world.people["agent"].email), "QUEUE": world.queue.code}
    environment = {**os.environ, **told, "REF": world.here.ref, "FILE": str(log)}
    blocks = _BLOCK.findall(_PAGE.read_text())
    assert len(blocks) > 5
    for block in blocks:
        done = subprocess.run(["sh", "-e", "-c", block], env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
    world.here.refresh_from_db()
    assert world.here.status == "resolved"
    assert Ticket.objects.filter(subject="Disk full on db-3").count() == 1
    assert world.here.messages.filter(attachments__name="db-3.log", visibility="internal").exists()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_pages_of_the_contract_open_under_the_policy(browse: Any) -> None:
    world = make_world()
    page = browse(world.people["agent"])
    page.goto("/api/docs/")
    expect(page.locator("#operations-tickets-list_tickets")).to_be_visible()


@pytest.mark.django_db
def test_contract_is_open_api(client: Any) -> None:
    document = json.loads(client.get("/api/schema/?format=json").content)
    assert document["openapi"].startswith("3.1")
    assert "/api/v1/tickets/{ref}/" in document["paths"]
