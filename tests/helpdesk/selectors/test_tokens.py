"""A token that is sent: nothing but the whole of it opens anything, and what is done for a wrong one tells nothing."""

import hmac
import sys
from collections.abc import Callable
from datetime import timedelta
from types import FrameType
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helpdesk.actions import tokens
from helpdesk.domain.tokens import Token, new_token, parse
from helpdesk.models import ApiToken
from helpdesk.selectors.tokens import bearer
from tests.factories import NOW, UserFactory, actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> tuple[ApiToken, Token]:
    person = UserFactory.create(role="agent")
    return tokens.make_token(user=person, name="Script", scopes=["tickets:read"], by=actor(person), now=NOW)


def steps(act: Callable[[], Any]) -> list[str]:
    """Every function that runs meanwhile, in order: ours, Django's, the driver's and Python's own."""
    seen: list[str] = []

    def note(frame: FrameType, event: str, called: Any) -> None:
        if event == "call":
            seen.append(f"{frame.f_code.co_filename}:{frame.f_code.co_qualname}")
        elif event == "c_call":
            seen.append(f"{called.__module__}.{called.__qualname__}")

    sys.setprofile(note)
    try:
        act()
    finally:
        sys.setprofile(None)
    return seen


def test_unknown_key_and_wrong_secret_take_the_same_steps(made: tuple[ApiToken, Token]) -> None:
    _row, token = made
    wrong = Token(token.key, new_token().secret)
    # Wrong from its first character, at its last alone, and with a key that nobody has.
    late = Token(token.key, token.secret[:-1] + ("A" if token.secret[-1] != "A" else "B"))
    # What is asked for the first times is asked otherwise, see `helpdesk.prepared`.
    for _time in range(4):
        bearer(new_token(), NOW)
    ways = [steps(lambda sent=sent: bearer(sent, NOW)) for sent in (new_token(), wrong, late)]  # type: ignore[misc] # bound now
    assert ways[0] == ways[1] == ways[2]
    # The digests are compared whole, wherever they differ.
    assert sum(step.endswith("compare_digest") for step in ways[0]) == 1


def test_token_is_asked_for_once_whatever_is_wrong_with_it(made: tuple[ApiToken, Token]) -> None:
    row, token = made

    def found(sent: Token) -> tuple[bool, int]:
        with CaptureQueriesContext(connection) as asked:
            return bearer(sent, NOW) is not None, len(asked)

    assert found(token) == (True, 1)
    assert found(Token(token.key, new_token().secret)) == (False, 1)
    assert found(new_token()) == (False, 1)
    for column, value in (("revoked_at", NOW), ("expires_at", NOW), ("expires_at", NOW - timedelta(days=1))):
        ApiToken.objects.filter(pk=row.pk).update(**{column: value})
        assert found(token) == (False, 1)
        ApiToken.objects.filter(pk=row.pk).update(revoked_at=None, expires_at=None)
    type(row.user)._default_manager.filter(pk=row.user_id).update(is_active=False)
    assert found(token) == (False, 1)


def test_every_token_that_opens_nothing_is_answered_alike(made: tuple[ApiToken, Token]) -> None:
    row, token = made
    tokens.revoke_token(token=row, by=actor(row.user), now=NOW)
    answers = set()
    for text in (str(token), str(new_token()), f"wd_{token.key}_{'x' * 43}", f"wd_{token.key}", token.secret, "ü" * 9):
        answer = Client(headers={"Authorization": f"Bearer {text}"}).get("/api/v1/me/")
        told = answer.json()
        told.pop("request_id", None)
        answers.add((answer.status_code, answer["WWW-Authenticate"], str(sorted(told.items()))))
    assert len(answers) == 1


def test_nothing_that_is_kept_opens_anything(made: tuple[ApiToken, Token]) -> None:
    row, token = made
    assert token.secret not in str(ApiToken.objects.values())
    assert hmac.compare_digest(row.digest, token.digest)
    assert parse(f"wd_{row.key}_{row.digest}") is None
    assert bearer(Token(row.key, row.digest[:43]), NOW) is None
