"""The desk's words in other languages: reading them out of the code, keeping and compiling their catalogues.

Babel does what GNU gettext's programs do elsewhere, so that a machine needs nothing but our packages.
"""

from pathlib import Path
from typing import Final

BASE_DIR: Final = Path(__file__).resolve().parent.parent.parent
LOCALE_DIR: Final = BASE_DIR / "locale"
