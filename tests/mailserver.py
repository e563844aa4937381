"""A real SMTP server for tests, on loopback."""

from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class MailServer:
    """Keeps what it accepts; answers of its own can be set per command."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        # Which conversation each mail came by.
        self.conversations: list[Session] = []
        self.rcpt_answer = ""
        self.noop_answer = "250 OK"
        self.data_answer = ""

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.rcpt_answer:
            return self.rcpt_answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_NOOP(self, server: SMTP, session: Session, envelope: Envelope, arg: str) -> str:  # noqa: N802
        return self.noop_answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.data_answer:
            return self.data_answer
        content: Any = envelope.original_content or b""
        message = BytesParser(_class=EmailMessage, policy=default).parsebytes(content)
        self.mails.append(message)
        self.recipients.append(list(envelope.rcpt_tos))
        self.conversations.append(session)
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        """The mails to an address, in the order of their arrival."""
        return [mail for mail, to in zip(self.mails, self.recipients, strict=True) if to == [address]]


class _AnyPort(Controller):
    """A controller on a port that the system chooses, which it asks for before it knocks there."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    """A server that Django's mail settings point to."""
    server = MailServer()
    controller = _AnyPort(server, hostname="127.0.0.1", port=0)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    yield server
    controller.stop()
