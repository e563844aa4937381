"""Forms of a ticket's page that come when somebody opens them."""

from collections.abc import Callable

from django.test import Client

from helpdesk.choices import Role
from helpdesk.models import Ticket, User
from tests.factories import UserFactory
from tests.helpdesk.views.desk.pages import panel, url

FOLDED = ("hold", "resolve", "assign", "escalate", "links", "sub_tasks", "watchers", "time", "problem")


def test_panel_comes_when_it_is_opened(ticket: Ticket, as_mara: Client) -> None:
    closed = as_mara.get(url(ticket)).content.decode()
    assert 'data-panel="/admin/tickets/' in closed
    assert 'id="hold-text"' not in closed
    for name in FOLDED:
        form = panel(as_mara, ticket, name).content.decode()
        assert 'name="csrfmiddlewaretoken"' in form, name
        assert "<html" not in form, name
        # Without a script a link leads to the page with that form.
        page = as_mara.get(url(ticket), {"panel": name}).content.decode()
        assert f'id="act-{name}" open' in page, name
        assert f'id="{name}-' in page, name


def test_panel_does_not_come_to_a_page_that_is_not_up_to_date(ticket: Ticket, as_mara: Client) -> None:
    """What its form would say was seen, its reader did not see."""
    ticket.version += 1
    assert panel(as_mara, ticket, "hold").status_code == 409
    assert panel(as_mara, ticket, "nothing").status_code == 409


def test_panels_that_are_open_stay_so(ticket: Ticket, as_mara: Client) -> None:
    page = as_mara.get(url(ticket), headers={"X-Open": "hold links nonsense"}).content.decode()
    assert 'id="act-hold" open' in page
    assert 'id="act-links" open' in page
    assert 'id="resolve-text"' not in page


def test_panel_is_for_whom_it_is_offered_to(ticket: Ticket, ada: User, client_of: Callable[[User], Client]) -> None:
    assert panel(client_of(ada), ticket, "hold").status_code != 200
    auditor = client_of(UserFactory(role=Role.AUDITOR))
    assert 'data-panel="' not in auditor.get(url(ticket)).content.decode()
    assert panel(auditor, ticket, "hold").status_code == 409
    page = auditor.get(url(ticket), {"panel": "hold"}, headers={"X-Open": "hold"}).content.decode()
    assert 'id="act-hold"' not in page
