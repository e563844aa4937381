"""The tokens by which other systems call the desk: a public name, and a secret of which only a digest is kept."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from typing import Final

# What searchers for leaked secrets look for, in front of every token.
PREFIX: Final = "wd"
_KEY_BYTES: Final = 6
_SECRET_BYTES: Final = 32
_SHAPE: Final = re.compile(r"\Awd_([0-9a-f]{12})_([A-Za-z0-9_-]{43})\Z")


@dataclass(frozen=True, slots=True)
class Token:
    """A token as its holder sends it: `key` finds its row, `secret` proves it."""

    key: str
    secret: str

    def __str__(self) -> str:
        return f"{PREFIX}_{self.key}_{self.secret}"

    @property
    def digest(self) -> str:
        """What is kept of the secret. It is 256 bits of chance, so that a plain digest cannot be guessed back."""
        return hashlib.sha256(self.secret.encode()).hexdigest()

    def fits(self, digest: str) -> bool:
        """Whether the digest is of this secret; the answer takes the same time wherever they differ."""
        return hmac.compare_digest(self.digest, digest)


def new_token() -> Token:
    """A token that nobody has."""
    return Token(secrets.token_hex(_KEY_BYTES), secrets.token_urlsafe(_SECRET_BYTES))


def parse(text: str) -> Token | None:
    """The token that somebody sent, or None where it is none by its shape."""
    found = _SHAPE.match(text)
    return Token(found[1], found[2]) if found else None
