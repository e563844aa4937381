"""What the portal's pages weigh: style sheets and scripts as they travel, compressed."""

from typing import Final

import pytest
from django.test import Client

from helpdesk.models import Category, Ticket
from tests.helpdesk.views.desk.test_weight import weight

LIMIT: Final = 150_000
# Where they are now, with some room.
USUAL: Final = 65_000


@pytest.mark.parametrize("page", ["/", "/tickets/", "/tickets/new/printing/", "/profile/", "ticket"])
def test_page_of_the_portal_is_light(page: str, ticket: Ticket, category: Category, as_ada: Client) -> None:
    address = f"/tickets/{ticket.ref}/" if page == "ticket" else page
    assert weight(address, as_ada) < USUAL < LIMIT
