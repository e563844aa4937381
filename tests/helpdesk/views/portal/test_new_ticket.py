import pytest

from helpdesk.models import Attachment, Ticket

from tests.helpdesk.views.portal.conftest import hidden, text_of

pytestmark = pytest.mark.django_db

TYPED = {"category": "printing", "subject": "No ink", "text": "It says that there is none."}


def test_filed_ticket_shows_its_page_and_what_happens_next(as_ada, category):
    response = as_ada.post("/tickets/new/", TYPED, follow=True)
    page = text_of(response)
    assert response.redirect_chain[0][0].startswith("/tickets/WD-")
    assert "We have received it as WD-" in page
    assert "ada@example.org" in page
    assert "It says that there is none." in page
