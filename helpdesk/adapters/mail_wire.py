"""The way to the mail server, which stays open from one mail of a run to the next."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Final

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend

# Some servers end a conversation after so many mails.
_MOST: Final = 20
_FINE: Final = 250
_FAILURES: Final = (smtplib.SMTPException, OSError)


class _Wire:
    """One conversation after another, each as long as the server goes along with it."""

    def __init__(self) -> None:
        self._open: EmailBackend | None = None
        self._sent = 0

    def send(self, message: EmailMessage) -> None:
        """Hand the mail over. What fails ends the conversation: nobody knows where it stands then."""
        message.connection = self._ready()
        try:
            message.send()
        except Exception:
            self.close()
            raise
        self._sent += 1

    def close(self) -> None:
        """Take leave of the server, if it is there still."""
        if self._open is not None:
            with suppress(*_FAILURES):
                self._open.close()
            self._open = None

    def _ready(self) -> EmailBackend | None:
        """A conversation that goes on, or a new one; None where mails do not go to a server."""
        if self._open is not None and (self._sent >= _MOST or not self._answers(self._open)):
            self.close()
        if self._open is None:
            backend = get_connection()
            if not isinstance(backend, EmailBackend):
                return None
            backend.open()
            self._open, self._sent = backend, 0
        return self._open

    def _answers(self, backend: EmailBackend) -> bool:
        """Asked before a mail is on its way: after that, nobody could say whether the server took it."""
        with suppress(*_FAILURES):
            return backend.connection is not None and backend.connection.noop()[0] == _FINE
        return False


_wire: Final[ContextVar[_Wire | None]] = ContextVar("the way to the mail server", default=None)


@contextmanager
def session() -> Iterator[None]:
    """While the block runs, what is sent goes along one way."""
    wire = _Wire()
    before = _wire.set(wire)
    try:
        yield
    finally:
        _wire.reset(before)
        wire.close()


def send(message: EmailMessage) -> None:
    """Hand a mail to the server; outside of a session by a conversation of its own."""
    wire = _wire.get()
    if wire is None:
        message.send()
    else:
        wire.send(message)
