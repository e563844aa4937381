"""The first person of a new desk."""

import pytest
from django.core.management import CommandError, call_command

from helpdesk.models import AuditEvent, User

pytestmark = pytest.mark.django_db


def test_administrator_is_added_without_a_password_and_on_record(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("add_administrator", "Ada Stern", "Ada@Example.org")
    ada = User.objects.get(email="ada@example.org")
    assert (ada.name, ada.role, ada.has_usable_password()) == ("Ada Stern", "administrator", False)
    assert AuditEvent.objects.get().kind == "person_added"
    assert "/accounts/password/reset/" in capsys.readouterr().out


@pytest.mark.parametrize(("address", "words"), [("ada", "not an e-mail"), ("ada@example.org", "already")])
def test_administrator_with_an_address_that_cannot_be_is_refused(address: str, words: str) -> None:
    call_command("add_administrator", "Ada Stern", "ada@example.org")
    with pytest.raises(CommandError, match=words):
        call_command("add_administrator", "Ada", address)
    assert User.objects.count() == 1
