"""The frame: who gets in, which door leads where, and what the navigation shows to whom."""

import re
from collections.abc import Callable

import pytest
from django.contrib import admin
from django.test import Client

from helpdesk.choices import Role
from helpdesk.models import Attachment, Message, Ticket, TicketEvent, User
from tests.factories import UserFactory
from tests.helpdesk.views.desk.pages import text_of

pytestmark = pytest.mark.django_db
SETUP = ("Teams", "Queues", "Categories", "Settings")
RECORDS = ("Audit", "Deliveries", "Waiting effects")


@pytest.mark.parametrize("path", ["/admin/", "/admin/login/", "/admin/tickets/", "/admin/helpdesk/user/"])
def test_stranger_is_sent_to_the_one_login(client: Client, path: str) -> None:
    response = client.get(path, follow=True)
    assert response.redirect_chain[-1][0].startswith("/accounts/login/")
    assert 'action="/admin/login/' not in response.content.decode()


def test_requester_is_sent_to_the_portal(as_role: Callable[[Role], Client]) -> None:
    client = as_role(Role.REQUESTER)
    for path in ("/admin/", "/admin/login/", "/admin/helpdesk/queue/"):
        assert client.get(path, follow=True).redirect_chain[-1][0] == "/"


def test_login_form_of_django_takes_no_password(client: Client, grace: User) -> None:
    grace.set_password("a long password")
    grace.save()
    client.post("/admin/login/", {"username": grace.email, "password": "a long password"})
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("/admin/logout/", "/accounts/logout/"),
        ("/admin/password_change/", "/accounts/password/change/"),
        ("/admin/helpdesk/", "/admin/"),
    ],
)
def test_doors_lead_to_where_they_belong(as_grace: Client, path: str, leads_to: str) -> None:
    response = as_grace.get(path)
    assert response.status_code == 302
    assert response["Location"] == leads_to


def test_unfolds_own_search_is_shut(as_grace: Client) -> None:
    assert as_grace.get("/admin/search/", {"s": "user", "extended": "1"}).status_code == 404


@pytest.mark.parametrize("model", [Ticket, Message, Attachment, TicketEvent])
def test_tickets_are_changed_on_their_own_pages_alone(model: type) -> None:
    assert not admin.site.is_registered(model)


@pytest.mark.parametrize(
    ("role", "shown", "hidden"),
    [
        (Role.AGENT, (), (*SETUP, *RECORDS, "People")),
        (Role.MANAGER, (*SETUP, "People"), RECORDS),
        (Role.QUALITY_LEAD, SETUP, ("People", *RECORDS)),
        (Role.ONCALL_COORDINATOR, (*SETUP, "Deliveries"), ("People", "Audit")),
        (Role.AUDITOR, (*SETUP, *RECORDS, "People"), ()),
        (Role.ADMINISTRATOR, (*SETUP, *RECORDS, "People"), ()),
    ],
)
def test_navigation_shows_what_may_be_opened(
    as_role: Callable[[Role], Client], role: Role, shown: tuple[str, ...], hidden: tuple[str, ...]
) -> None:
    page = text_of(as_role(role).get("/admin/"))
    assert [word for word in shown if word not in page] == []
    assert [word for word in hidden if f" {word} " in page] == []


def test_every_entry_of_the_navigation_opens(as_grace: Client) -> None:
    groups = as_grace.get("/admin/").context["sidebar_navigation"]
    shown = [item for group in groups for item in group["items"] if item["has_permission"]]
    assert len(shown) > 10
    for item in shown:
        assert as_grace.get(str(item["link"]), follow=True).status_code == 200


def test_desk_names_itself(as_grace: Client) -> None:
    for path in ("/admin/", "/admin/helpdesk/queue/", "/admin/helpdesk/queue/add/"):
        page = as_grace.get(path).content.decode()
        assert re.search(r"Watchdesk\s*</title>", page)
        for words in ("Django", "Site administration", "Helpdesk"):
            assert words not in page


def test_page_carries_no_inline_script(as_grace: Client) -> None:
    UserFactory.create()
    for path in ("/admin/", "/admin/tickets/", "/admin/helpdesk/user/", "/admin/helpdesk/team/add/"):
        page = as_grace.get(path).content.decode()
        assert "<script>" not in page
        assert "javascript:" not in page
        assert ' onclick="' not in page
