"""The history of each row of the set-up: who changed what, from what to what, in words."""

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helpdesk.actions import accounts, people
from helpdesk.actions.setup import RIGHTS
from helpdesk.choices import OrganizationRole, Role
from helpdesk.models import AuditEvent, User
from helpdesk.selectors.history import PAGE_SIZE
from tests.factories import (
    NOW,
    CategoryFactory,
    OrganizationFactory,
    QueueFactory,
    RegionFactory,
    TeamFactory,
    UserFactory,
    actor,
)
from tests.helpdesk.admin.conftest import save
from tests.helpdesk.admin.test_setup import MAKERS, change
from tests.helpdesk.views.desk.pages import text_of

pytestmark = pytest.mark.django_db


def history(client: Client, row: object) -> str:
    return text_of(client.get(change(row).replace("/change/", "/history/")))


def test_change_says_from_what_to_what_and_who(as_grace: Client) -> None:
    europe, ada = RegionFactory.create(name="Europe"), UserFactory.create(name="Ada")
    save(as_grace, change(ada), role=Role.AGENT, region=europe.pk, is_vip="on")
    said = history(as_grace, ada)
    for words in (
        "Set-up changed",
        "Role: from “Requester” to “Agent”",
        "Region: from “–” to “Europe”",
        "VIP: from “No” to “Yes”",
        "Grace Hopper",
    ):
        assert words in said


def test_words_that_may_say_who_somebody_is_are_not_repeated(as_grace: Client) -> None:
    ada = UserFactory.create(name="Ada Byron")
    save(as_grace, change(ada), name="Ada Lovelace")
    said = history(as_grace, ada)
    assert "Name: written anew" in said
    assert "Byron" not in said


def test_what_belongs_to_a_row_is_in_its_history(as_grace: Client, grace: User) -> None:
    harbour, ada = OrganizationFactory.create(), UserFactory.create(name="Ada")
    manager = OrganizationRole.MANAGER
    people.join_organization(user=ada, organization=harbour, role=manager, by=actor(grace), now=NOW)
    save(as_grace, change(harbour), **{"domains-0-domain": "harbour.example", "memberships-0-role": "member"})
    said = history(as_grace, harbour)
    assert "Joined an organisation Ada" in said
    assert "Role: “Organisation manager”" in said
    assert "Ada Role: from “Organisation manager” to “Member”" in said
    assert "Set-up added harbour.example" in said
    assert "harbour.example" not in history(as_grace, OrganizationFactory.create())


def test_links_are_named(as_grace: Client) -> None:
    queue, team = QueueFactory.create(), TeamFactory.create(name="First line")
    save(as_grace, change(queue), teams=[team.pk])
    assert "Teams: “First line”" in history(as_grace, queue)


@pytest.mark.parametrize("name", [*sorted(MAKERS), "desksettings", "brand"])
def test_every_kind_of_row_has_a_history(as_grace: Client, name: str) -> None:
    pk = MAKERS[name]().pk if name in MAKERS else 1
    answer = as_grace.get(f"/admin/helpdesk/{name}/{pk}/history/")
    assert "Nothing was changed here yet." in text_of(answer)
    assert as_grace.get(f"/admin/helpdesk/{name}/999999/history/").status_code == 404


def test_history_is_paged_and_costs_the_same_however_long(as_grace: Client, grace: User) -> None:
    ada = UserFactory.create(name="Ada")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            history(as_grace, ada)
        return len(queries)

    accounts.record_login(by=actor(ada), now=NOW)
    history(as_grace, ada)
    one = cost()
    for _time in range(PAGE_SIZE + 4):
        accounts.record_login(by=actor(ada), now=NOW)
    assert cost() == one
    page = as_grace.get(change(ada).replace("/change/", "/history/"))
    assert len(page.context["entries"]) == PAGE_SIZE
    rest = as_grace.get(page.request["PATH_INFO"], {"before": page.context["older"]})
    assert (len(rest.context["entries"]), rest.context["older"]) == (5, None)
    shown = [entry.event.pk for answer in (page, rest) for entry in answer.context["entries"]]
    assert shown == list(AuditEvent.objects.filter(subject_id=ada.pk).order_by("-pk").values_list("pk", flat=True))
    assert len(as_grace.get(page.request["PATH_INFO"], {"before": "x"}).context["entries"]) == PAGE_SIZE


def test_history_is_for_who_reads_the_record(as_role: Callable[[Role], Client]) -> None:
    category = CategoryFactory.create()
    url = change(category).replace("/change/", "/history/")
    assert as_role(Role.AUDITOR).get(url).status_code == 200
    assert as_role(Role.MANAGER).get(url).status_code == 403


def test_all_that_is_set_up_has_a_page_with_a_history() -> None:
    assert set(RIGHTS) <= set(admin.site._registry)
