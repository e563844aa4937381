"""Pages for when something goes wrong: they need nothing that may be broken."""

import pytest
from django.views.defaults import bad_request, server_error

from helpdesk.choices import Role
from tests.factories import UserFactory
from tests.helpdesk.views.portal.conftest import text_of


@pytest.mark.parametrize(
    ("view", "status", "words"),
    [
        (server_error, 500, "Something broke on our side"),
        (lambda request: bad_request(request, ValueError("secret")), 400, "That did not arrive in one piece"),
    ],
)
def test_failure_is_told_without_session_or_database(rf, view, status, words):
    response = view(rf.get("/tickets/"))
    assert response.status_code == status
    assert words in text_of(response)
    assert "secret" not in text_of(response)
    assert "My tickets" not in text_of(response)


@pytest.mark.django_db
def test_refused_page_says_why(client_of):
    auditor = client_of(UserFactory.create(role=Role.AUDITOR))
    assert "You may not do this" in text_of(auditor.get("/tickets/new/"))
    # Nothing leads there either.
    assert "/tickets/new/" not in auditor.get("/tickets/").content.decode()


@pytest.mark.django_db
def test_too_much_at_once_is_a_page(as_ada):
    response = as_ada.post("/tickets/new/printing/", {"text": "x" * 3_000_000})
    assert response.status_code == 400
    assert "send less at once" in text_of(response)
