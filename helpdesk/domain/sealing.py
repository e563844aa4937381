"""Secrets that the database keeps sealed, under the first of a list of keys; the others still open what they sealed."""

import base64
import functools
import hashlib
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class CannotOpen(Exception):
    """None of the keys opens it: the one that sealed it is not in the list any more."""


@functools.lru_cache(maxsize=4)
def _lock(keys: tuple[str, ...]) -> MultiFernet:
    # Any long text is a key; Fernet wants 32 bytes.
    return MultiFernet([Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest())) for key in keys])


def seal(text: str, keys: Sequence[str]) -> str:
    """The text, readable for nobody without the keys."""
    return _lock(tuple(keys)).encrypt(text.encode()).decode()


def unseal(sealed: str, keys: Sequence[str]) -> str:
    """What was sealed with one of the keys."""
    try:
        return _lock(tuple(keys)).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise CannotOpen("The key that sealed this is not among the encryption keys.") from error


def seal_anew(sealed: str, keys: Sequence[str]) -> str:
    """The same secret under the first of the keys."""
    try:
        return _lock(tuple(keys)).rotate(sealed.encode()).decode()
    except InvalidToken as error:
        raise CannotOpen("The key that sealed this is not among the encryption keys.") from error
