"""`python -m config.demo` starts the demo; `python -m config.demo reset` clears it."""

import errno
import sys

from config.demo.front import run
from config.demo.reset import reset
from config.demo.words import DemoError
from config.embedded import EngineError

if __name__ == "__main__":
    try:
        sys.exit(reset() if sys.argv[1:] == ["reset"] else run())
    except (DemoError, EngineError) as error:
        sys.exit(str(error))
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        sys.exit("The disk is full. Make room and start again; the data so far are kept.")
