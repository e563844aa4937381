"""Becomes an engine: `python -m config.embedded demo postgres`, as a supervisor or a test run starts it."""

import sys

from config.embedded.engines import Engines

if __name__ == "__main__":
    Engines(sys.argv[1]).become(sys.argv[2])
