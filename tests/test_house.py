"""The rules of the house that no tool checks."""

import ast
import io
import re
import tokenize
from pathlib import Path

BASE = Path(__file__).parent.parent
PACKAGES = ("config", "helpdesk", "oncall", "reports", "tests")
PYTHON = sorted(path for package in PACKAGES for path in (BASE / package).rglob("*.py"))
PRODUCT = [path for path in PYTHON if "tests" not in path.parts and "migrations" not in path.parts]
TEXTS = [
    *PYTHON,
    *(
        path
        for folder in ("docs", "static", "templates", ".ci")
        for path in (BASE / folder).rglob("*")
        if path.is_file()
    ),
    # In a worktree of git, `.git` is a file that names a folder.
    *(path for path in BASE.iterdir() if path.is_file() and path.name != ".git"),
]
LONGEST_FILE = 400
LONGEST_FUNCTION = 50
# Homes, workplaces and temporary folders of one machine, and hosts that packages came from.
MACHINE = re.compile(
    r"/(?:root|work|opt)/|/home/(?!x\b)\w+/|--(?:extra-)?index-url|files\.pythonhosted\.org|https?://pypi\.org/simple"
)


def _name(path: Path) -> str:
    return str(path.relative_to(BASE))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def test_files_stay_short() -> None:
    long = {_name(path): len(_text(path).splitlines()) for path in PYTHON if "migrations" not in path.parts}
    assert {name: lines for name, lines in long.items() if lines > LONGEST_FILE} == {}


def test_functions_stay_short() -> None:
    long = [
        f"{_name(path)}: {node.name}"
        for path in PYTHON
        for node in ast.walk(ast.parse(_text(path)))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    assert long == []


def test_nothing_is_left_to_be_done() -> None:
    words = re.compile(r"\b(?:TODO|FIXME|XXX)\b")
    left = [
        f"{_name(path)}: {token.line.strip()}"
        for path in PYTHON
        for token in tokenize.generate_tokens(io.StringIO(_text(path)).readline)
        if token.type == tokenize.COMMENT and words.search(token.string)
    ]
    assert left == []


def test_ignored_complaints_have_a_reason() -> None:
    bare = re.compile(r"#\s*(?:noqa(?::\s*[A-Z0-9, ]+)?|type: ignore(?:\[[\w, -]+\])?)\s*$")
    found = [f"{_name(path)}: {line.strip()}" for path in PRODUCT for line in _text(path).splitlines()]
    assert [line for line in found if bare.search(line)] == []


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = [
        f"{_name(path)}: {line.strip()}"
        for path in TEXTS
        if path != Path(__file__)
        for line in _text(path).splitlines()
        if MACHINE.search(line)
    ]
    assert found == []


def test_example_environment_lists_what_the_settings_read() -> None:
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (BASE / "config" / "settings.py").read_text(encoding="utf-8")))
    listed = set(re.findall(r"^#?([A-Z_]+)=", (BASE / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    assert listed == read


def test_public_things_say_what_they_are() -> None:
    silent = []
    for path in PRODUCT:
        tree = ast.parse(_text(path))
        if not ast.get_docstring(tree) and tree.body:
            silent.append(_name(path))
        silent += [
            f"{_name(path)}: {node.name}"
            for node in tree.body
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
            and not node.name.startswith("_")
            and path.name != "apps.py"
            and node.name != "Command"  # Its help says it.
            if not ast.get_docstring(node)
        ]
    assert silent == []
