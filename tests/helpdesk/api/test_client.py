"""A typed client that is made from the contract, on a journey."""

import importlib
import json
import os
import subprocess
import sys
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.helpdesk.api.caller import Caller
from tests.world import make_world


@pytest.fixture
def made_client(tmp_path: Path, client: Client, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a package that the generator made from the schema."""
    schema = tmp_path / "schema.json"
    schema.write_text(json.dumps(json.loads(client.get("/api/schema/?format=json").content)))
    subprocess.run(
        [
            *(sys.executable, "-m", "openapi_python_client", "generate", "--path", str(schema)),
            *("--output-path", str(tmp_path / "watchdesk_client"), "--meta", "none", "--fail-on-warning"),
        ],
        check=True,
        capture_output=True,
        # The generator tidies what it made by ruff.
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    return "watchdesk_client"


@pytest.mark.django_db(transaction=True)
def test_generated_client_takes_a_ticket_through_its_life(live_server: Any, made_client: str) -> None:
    def part(name: str) -> Any:
        return importlib.import_module(f"{made_client}.{name}")

    world = make_world()
    text = Caller(world.people["agent"]).text
    with part("client").AuthenticatedClient(live_server.url, token=text) as desk:
        models = part("models")
        assert part("api.people.read_me").sync(client=desk).name == "agent"
        new = models.TicketInput(subject="By a client", body="It is typed.", queue=world.queue.code)
        made = part("api.tickets.create_ticket").sync_detailed(client=desk, body=new, idempotency_key="one")
        again = part("api.tickets.create_ticket").sync_detailed(client=desk, body=new, idempotency_key="one")
        assert made.status_code == again.status_code == HTTPStatus.CREATED
        ref = made.parsed.ref
        assert again.parsed.ref == ref
        said = models.MessageInput(body="Working on it.")
        assert part("api.messages.create_message").sync(ref, client=desk, body=said).body == "Working on it."
        move = models.TransitionInput.from_dict({"move": "resolve", "text": "Done.", "resolution_kind": "fixed"})
        solved = part("api.tickets.transition_ticket").sync(ref, client=desk, body=move, if_match=made.headers["ETag"])
        assert solved.code == "precondition_failed"
        solved = part("api.tickets.transition_ticket").sync(ref, client=desk, body=move)
        assert solved.status == "resolved"
        found = part("api.tickets.list_tickets").sync(client=desk, q="client")
        assert [row.ref for row in found.results] == [ref]
        refused = part("api.tickets.create_ticket").sync(client=desk, body=models.TicketInput(subject="x", body="y"))
        assert refused.errors[0].field == "category"
