"""`make check`: everything that looks the code over without running it. All of it is said, then the verdict."""

import os
import subprocess
import sys
from pathlib import Path

from config import embedded

PYTHON = [sys.executable, "-m"]
CHECKS: dict[str, list[str]] = {
    "ruff": [*PYTHON, "ruff", "check", "."],
    "formatting": [*PYTHON, "ruff", "format", "--check", "."],
    "mypy": [*PYTHON, "mypy"],
    "imports": [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-logo"],
    "dependencies": [*PYTHON, "deptry", "."],
    "templates": [*PYTHON, "djlint", "--check", "--lint", "templates"],
    "system": [sys.executable, "manage.py", "check", "--fail-level", "WARNING"],
    "migrations": [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
}


def main() -> int:
    """Run every check; 1 when one of them complains."""
    failed = []
    engines, lock = embedded.take_test_engines()
    environment = {**os.environ, "WATCHDESK_ENV": "test", "WATCHDESK_ENGINES": engines.kind}
    # The comparison of models and migrations asks the database, so one runs.
    with lock, engines.running():
        for name, command in CHECKS.items():
            done = subprocess.run(
                command, capture_output=True, text=True, check=False, env=environment, cwd=Path(__file__).parent.parent
            )
            sys.stdout.write(f"{name}: {'complains' if done.returncode else 'fine'}\n")
            if done.returncode:
                failed.append(name)
                sys.stdout.write(done.stdout + done.stderr)
            sys.stdout.flush()
    sys.stdout.write(f"These complain: {', '.join(failed)}.\n" if failed else "All is fine.\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
