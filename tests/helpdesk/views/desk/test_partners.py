"""Waiting on a partner in the desk: typed with the hold, shown, found, narrowed to; and set up."""

from django.test import Client

from helpdesk.models import Ticket
from tests.factories import PartnerFactory
from tests.helpdesk.views.desk.pages import actions_on, post, refs_on, text_of, url


def test_ticket_is_held_on_a_partner_shown_and_found(ticket: Ticket, as_mara: Client) -> None:
    partner = PartnerFactory.create(name="Northern Lines", contact_name="Ole Berg", contact_email="ole@nl.example")
    assert "partner" not in actions_on(as_mara.get(url(ticket)), ticket)
    refused = post(as_mara, ticket, "move/hold", text="They look.", partner="Nobody Ltd", partner_reference="NL-77")
    assert refused.status_code == 422
    assert "There is no partner “Nobody Ltd”." in text_of(refused)
    assert 'value="NL-77"' in refused.content.decode()
    post(as_mara, ticket, "move/hold", text="They look.", partner="Northern", partner_reference="NL-77")
    page = text_of(as_mara.get(url(ticket)))
    assert "Waits on Northern Lines NL-77" in page
    assert "Ole Berg ole@nl.example" in page
    listed = as_mara.get("/admin/tickets/", {"q": "nl-7"})
    assert refs_on(listed) == [ticket.ref]
    assert "Northern Lines NL-77" in text_of(listed)
    assert refs_on(as_mara.get("/admin/tickets/", {"partner": partner.pk})) == [ticket.ref]
    assert refs_on(as_mara.get("/admin/tickets/", {"partner": PartnerFactory.create().pk})) == []
    ticket.refresh_from_db()
    post(as_mara, ticket, "partner", partner="Northern Lines", partner_reference="NL-78")
    assert "NL-78" in text_of(as_mara.get(url(ticket)))
    assert post(as_mara, ticket, "partner", partner="").status_code == 422
    post(as_mara, ticket, "move/start")
    page = text_of(as_mara.get(url(ticket)))
    assert "Waits on" not in page
    assert refs_on(as_mara.get("/admin/tickets/", {"q": "NL-77"})) == [ticket.ref]
