"""`python -m config.words extract | compile | check`: for `make words`, for a deployment, for CI."""

import sys

from config.words.catalogues import catalogues, compile_words, merge
from config.words.extraction import extracted
from config.words.problems import problems


def main(command: str) -> int:
    """Do one of the three."""
    if command == "extract":
        merge(extracted())
    if command in {"extract", "compile"}:
        compile_words()
        return 0
    if command != "check":
        sys.stderr.write(f"{__doc__}")
        return 2
    template = extracted()
    found = [f"{path.parent.parent.name}: {line}" for path in catalogues() for line in problems(path, template)]
    sys.stdout.write("".join(f"{line}\n" for line in found) or "Nothing is missing.\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(" ".join(sys.argv[1:])))
