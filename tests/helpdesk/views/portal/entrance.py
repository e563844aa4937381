"""What tests of logging in share: somebody with an account, and their app with codes."""

import re
import time
from collections.abc import Callable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from helpdesk.adapters.letters import compose
from helpdesk.models import Delivery, User
from tests.factories import UserFactory

PASSWORD = "correct horse battery"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

ClientOf = Callable[..., Client]


def with_account(address: str, **values: Any) -> User:
    """Somebody who can log in."""
    person = UserFactory.create(email=address, **values)
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=address, primary=True, verified=True)
    return person


def log_in(client: Client, address: str, password: str = PASSWORD, **values: str) -> Any:
    return client.post("/accounts/login/", {"login": address, "password": password, **values})


def say_again(client: Client, path: str) -> Any:
    """Open a page that asks for the password once more, and give it."""
    asked = client.get(path)
    assert "/accounts/reauthenticate/" in asked["Location"], asked["Location"]
    return client.post(asked["Location"], {"password": PASSWORD}, follow=True)


def code(secret: str = SECRET, *, later: int = 0) -> str:
    """What the app shows now, or so many codes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def with_app(person: User) -> Authenticator:
    """Give the person an app with codes."""
    authenticator: Authenticator = TOTP.activate(person, SECRET).instance
    return authenticator


def mails() -> list[tuple[str, str]]:
    """Subjects and texts of the account mails, in order."""
    return [compose(row) for row in Delivery.objects.filter(kind="account_mail").order_by("pk")]


def subjects() -> list[str]:
    return [subject for subject, _body in mails()]


def link_in(mail: tuple[str, str]) -> str:
    """Where the first link of a mail leads."""
    found = re.search(rf"{re.escape(settings.BASE_URL)}(/\S+)", mail[1])
    assert found is not None, mail
    return found.group(1)


def is_in(client: Client) -> bool:
    """Whether somebody is signed in there."""
    return client.get("/profile/").status_code == 200


def session_of(client: Client) -> Session:
    return Session.objects.get(session_key=client.cookies[settings.SESSION_COOKIE_NAME].value)
