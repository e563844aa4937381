"""The contract, tried by a machine: what the schema says is what is answered, for each role."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.factories import CategoryFactory, TagFactory
from tests.helpdesk.api.caller import Caller
from tests.world import make_world

_HERE = Path(__file__).parent
_ROLES = (
    "owner", "watcher", "stranger", "organization_manager", "team_lead", "regional_manager", "manager",
    "head_of_support", "administrator", "auditor", "oncall_coordinator", "quality_lead",
)  # fmt: skip


def run(live_server: Any, token: str, examples: int, folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Schemathesis with all its checks against the server."""
    contract = folder / "schema.json"
    # Asked for here: a busy machine takes longer to write it than schemathesis waits.
    contract.write_bytes(Client().get("/api/schema/?format=json").content)
    return subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli"),
            *("--config-file", str(_HERE / "schemathesis.toml"), "run", str(contract), "--url", live_server.url),
            *("--header", f"Authorization: Bearer {token}", "--checks", "all", "--max-examples", str(examples)),
            *("--seed", "1", "--generation-database", "none", "--no-color", "--continue-on-failure", *more),
        ],
        capture_output=True,
        text=True,
        check=False,
        # Where it leaves what it found.
        cwd=folder,
        env={**os.environ, "NO_PROXY": "*"},
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["agent", *(pytest.param(role, marks=pytest.mark.long) for role in _ROLES)])
def test_answers_keep_the_contract(live_server: Any, name: str, count: Any, tmp_path: Path) -> None:
    world = make_world()
    CategoryFactory.create(queue=world.queue)
    TagFactory.create()
    # The walk along all edges of all parameters takes minutes.
    phases = () if count(0, 1) else ("--phases", "examples,fuzzing,stateful")
    done = run(live_server, Caller(world.people[name]).text, count(2, 50), tmp_path, *phases)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
