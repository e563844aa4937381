import pytest

from tests.factories import make_ticket


@pytest.mark.django_db
def test_ticket_is_filed():
    ticket = make_ticket()
    assert ticket.ref.startswith("WD-")
