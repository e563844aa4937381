"""The pages of what happened, what leaves and what waits."""

import ast
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import helpdesk
from helpdesk.actions import accounts
from helpdesk.actions.consumers import consume_due
from helpdesk.actions.second_step import Happened
from helpdesk.choices import Role
from helpdesk.models import AuditEvent, Delivery, User
from helpdesk.views.desk.audit_words import AUDIT_WORDS
from tests.factories import NOW, RegionFactory, UserFactory, actor, make_ticket
from tests.helpdesk.views.desk.pages import text_of

pytestmark = pytest.mark.django_db
AUDIT, DELIVERIES, PENDING, PEOPLE = (
    f"/admin/helpdesk/{name}/" for name in ("auditevent", "delivery", "pendingevent", "user")
)


@pytest.fixture
def given_up(db: None) -> Delivery:
    """A mail that could not be delivered, with text that nobody has to read."""
    ticket = make_ticket()
    consume_due(now=NOW, limit=10)
    Delivery.objects.filter(ticket=ticket).update(
        given_up_at=NOW, attempts=10, last_error="No such mailbox", payload={"body": "a secret link"}
    )
    return Delivery.objects.get(ticket=ticket)


def _try_again(client: Client, delivery: Delivery) -> Any:
    return client.post(DELIVERIES, {"action": "try_again", "_selected_action": delivery.pk}, follow=True)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.HEAD_OF_SUPPORT, Role.ONCALL_COORDINATOR])
def test_delivery_that_was_given_up_is_tried_again(
    as_role: Callable[[Role], Client], given_up: Delivery, role: Role
) -> None:
    client = as_role(role)
    assert "No such mailbox" in text_of(client.get(f"{DELIVERIES}{given_up.pk}/change/"))
    assert "1 delivery is tried again." in text_of(_try_again(client, given_up))
    given_up.refresh_from_db()
    assert given_up.state == "waiting"
    assert AuditEvent.objects.get().kind == "delivery_retried"
    assert "nothing to try again" in text_of(_try_again(client, given_up))


def test_auditor_sees_deliveries_and_starts_none(as_role: Callable[[Role], Client], given_up: Delivery) -> None:
    client = as_role(Role.AUDITOR)
    assert "Given up" in text_of(client.get(DELIVERIES))
    assert "Try again" not in text_of(client.get(DELIVERIES))
    _try_again(client, given_up)
    given_up.refresh_from_db()
    assert given_up.state == "given_up"


def test_text_of_a_delivery_is_not_shown(as_grace: Client, given_up: Delivery) -> None:
    for url in (DELIVERIES, f"{DELIVERIES}{given_up.pk}/change/"):
        assert "a secret link" not in as_grace.get(url).content.decode()


@pytest.mark.parametrize(
    ("state", "is_found"), [("given_up", True), ("sent", False), ("waiting", False), ("cancelled", False)]
)
def test_deliveries_are_narrowed_by_state(as_grace: Client, given_up: Delivery, state: str, is_found: bool) -> None:
    assert (
        given_up.ticket is not None and given_up.ticket.ref in text_of(as_grace.get(DELIVERIES, {"state": state}))
    ) is is_found


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.MANAGER, Role.ADMINISTRATOR])
@pytest.mark.parametrize(
    ("url", "lookup"),
    [
        (DELIVERIES, "payload__body__regex"),
        (DELIVERIES, "payload__body"),
        (PENDING, "event__data__regex"),
        (AUDIT, "data__regex"),
        (PEOPLE, "password__startswith"),
        (PEOPLE, "email__startswith"),
        (PEOPLE, "role__startswith"),
        (PEOPLE, "region__user__password__startswith"),
    ],
)
def test_address_finds_nothing_out_letter_by_letter(
    as_role: Callable[[Role], Client], given_up: Delivery, role: Role, url: str, lookup: str
) -> None:
    answer = as_role(role).get(url, {lookup: "a"})
    assert answer.status_code in ({400, 403} if role == Role.MANAGER else {400})


def test_lists_are_narrowed_by_their_own_filters(as_grace: Client, grace: User) -> None:
    region = RegionFactory.create()
    ada = UserFactory.create(name="Ada", region=region, is_active=False)
    page = as_grace.get(PEOPLE)
    links = {
        choice["query_string"]
        for spec in page.context["cl"].filter_specs
        for choice in spec.choices(page.context["cl"])
    }
    assert len(links) > 10
    assert {as_grace.get(f"{PEOPLE}{link}").status_code for link in links} == {200}
    for query in ({"role__exact": "requester"}, {"is_active__exact": "0"}, {"region__id__exact": region.pk}):
        assert list(as_grace.get(PEOPLE, query).context["cl"].result_list) == [ada]
    assert list(as_grace.get(PEOPLE, {"q": "Ada"}).context["cl"].result_list) == [ada]


@pytest.mark.parametrize("url", [AUDIT, DELIVERIES, PENDING])
def test_records_are_not_written_by_hand(as_grace: Client, given_up: Delivery, grace: User, url: str) -> None:
    accounts.record_login(by=actor(grace), now=NOW)
    make_ticket()
    assert as_grace.get(f"{url}add/").status_code == 403
    row = as_grace.get(url).context["cl"].result_list[0]
    assert as_grace.post(f"{url}{row.pk}/change/", {"kind": "forged"}).status_code == 403
    assert as_grace.post(f"{url}{row.pk}/delete/", {"post": "yes"}).status_code == 403


def test_audit_says_who_did_what(as_grace: Client) -> None:
    accounts.record_login(by=actor(UserFactory.create(name="Ada Lovelace")), now=NOW)
    page = text_of(as_grace.get(AUDIT))
    assert "Signed in" in page
    assert "Ada Lovelace" in page
    assert "Signed in" in text_of(as_grace.get(AUDIT, {"kind": "logged_in"}))


def test_every_kind_on_record_has_words() -> None:
    product = Path(helpdesk.__file__).parent
    kinds = {
        word.value
        for path in product.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        # Some calls choose their kind a line earlier.
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "audit"
        for word in call.args[:1]
        if isinstance(word, ast.Constant)
    } | {"setup_added", "setup_changed", *Happened}
    assert "password_set" in kinds
    assert kinds == set(AUDIT_WORDS)


def test_history_of_a_row_is_its_audit(as_grace: Client, as_role: Callable[[Role], Client]) -> None:
    ada, eve = UserFactory.create(name="Ada"), UserFactory.create(name="Eve")
    for person in (ada, eve):
        accounts.record_login(by=actor(person), now=NOW)
    page = as_grace.get(f"/admin/helpdesk/user/{ada.pk}/history/", follow=True)
    assert [entry.event.actor for entry in page.context["entries"]] == [ada]
    assert as_role(Role.MANAGER).get(f"/admin/helpdesk/user/{ada.pk}/history/").status_code == 403
    assert "History" not in text_of(as_role(Role.MANAGER).get(f"/admin/helpdesk/user/{ada.pk}/change/"))


@pytest.mark.parametrize("url", [AUDIT, DELIVERIES, PENDING])
def test_list_costs_the_same_for_one_and_three(as_grace: Client, url: str) -> None:
    def happen() -> None:
        person = UserFactory.create()
        accounts.record_login(by=actor(person), now=NOW)
        make_ticket(person)
        consume_due(now=NOW, limit=1)
        make_ticket(person)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert as_grace.get(url).status_code == 200
        return len(queries)

    happen()
    cost()
    one = cost()
    happen()
    happen()
    assert cost() == one
    assert one <= 8


def test_rows_are_called_on_their_pages_by_what_they_are_about(
    client_of: Callable[[User], Client], given_up: Delivery
) -> None:
    grace = UserFactory.create(role=Role.ADMINISTRATOR, name="Grace Hopper")
    accounts.record_login(by=actor(grace), now=NOW)
    ticket, recipient = given_up.ticket, given_up.recipient
    assert ticket is not None
    for where, words in (
        (f"{DELIVERIES}{given_up.pk}/change/", f"Ticket filed · {ticket.ref} · {recipient}"),
        (f"{AUDIT}{AuditEvent.objects.latest('pk').pk}/change/", "Signed in · Grace Hopper"),
    ):
        page = client_of(grace).get(where).content.decode()
        [heading] = re.findall(r"<h1.*?</h1>", page, re.DOTALL)
        assert words in heading
        assert words in page.partition("</title>")[0]
