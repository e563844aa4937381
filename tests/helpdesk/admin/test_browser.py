"""The set-up pages in a real browser. `browse` fails on every breach of the content security policy."""

from collections.abc import Iterable, Iterator
from typing import Final

import pytest
from django.contrib import admin
from django.db.models import Model
from django.urls import reverse
from playwright.sync_api import expect

from helpdesk.actions import accounts
from helpdesk.actions.consumers import consume_due
from helpdesk.choices import Role
from helpdesk.models import (
    Brand,
    Calendar,
    Category,
    Delivery,
    FirstTierRule,
    PriorityCell,
    SLAPolicy,
    Tag,
    Team,
    TeamMembership,
    Tier,
    User,
)
from tests.browser import PHONE, WIDE, Browse, assert_accessible
from tests.factories import (
    NOW,
    AnnouncementFactory,
    CategoryFactory,
    CustomFieldFactory,
    KindFactory,
    OrganizationFactory,
    OrganizationMembershipFactory,
    QueueFactory,
    RegionFactory,
    StaffRoleFactory,
    TagFactory,
    TeamFactory,
    UserFactory,
    actor,
    make_agent,
    make_ticket,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def team(grace: User) -> Team:
    """A row of every kind."""
    team = TeamFactory.create(region=RegionFactory.create())
    mara = make_agent(team, name="Mara Silva")
    queue = QueueFactory.create(teams=[team], is_default=True)
    CustomFieldFactory.create(category=CategoryFactory.create(queue=queue), kind="choice", options=["Red", "Blue"])
    for make in (AnnouncementFactory, KindFactory, StaffRoleFactory, TagFactory):
        make.create()
    OrganizationMembershipFactory.create(organization=OrganizationFactory.create(), user=mara)
    accounts.record_login(by=actor(grace), now=NOW)
    make_ticket(mara, queue)
    consume_due(now=NOW, limit=10)
    make_ticket(mara, queue)
    return team


# One of each make. Lists: with actions, with filters, with nothing of them. Rows: with rows within, with a page or
# parts of their own, with a row of a table, with what cannot be changed, and a plain one.
SOME_LISTS: Final = (Delivery, User, Tier)
SOME_ROWS: Final = (Brand, Calendar, Category, Delivery, FirstTierRule, PriorityCell, SLAPolicy, Tag, Team, User)


def _pages(rows: Iterable[type[Model]], lists: Iterable[type[Model]]) -> Iterator[str]:
    """The page of one row of each of these kinds, and the lists of these kinds."""
    for model in rows:
        row = model._default_manager.order_by("pk").first()
        yield reverse(f"admin:helpdesk_{model._meta.model_name}_change", args=[row.pk if row else 1])
    for model in lists:
        yield reverse(f"admin:helpdesk_{model._meta.model_name}_changelist")


@pytest.mark.parametrize(
    ("width", "dark", "rows", "lists"),
    [
        pytest.param(WIDE, False, admin.site._registry, admin.site._registry, marks=pytest.mark.long, id="all"),
        pytest.param(PHONE, True, SOME_ROWS, SOME_LISTS, id="some"),
    ],
)
def test_pages_are_accessible(
    browse: Browse,
    team: Team,
    grace: User,
    width: int,
    dark: bool,
    rows: Iterable[type[Model]],
    lists: Iterable[type[Model]],
) -> None:
    page = browse(grace, width=width, dark=dark)
    for address in _pages(rows, lists):
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        assert_accessible(page)


def test_member_is_suggested_and_added(browse: Browse, team: Team, grace: User) -> None:
    nia = UserFactory.create(role=Role.AGENT, name="Nia Fofana")
    page = browse(grace)
    page.goto(f"/admin/helpdesk/team/{team.pk}/change/")
    page.get_by_role("combobox", name="Person").click()
    page.keyboard.type("fofana")
    page.get_by_role("option", name=f"Nia Fofana · {nia.email}").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text(f"“{team}” is saved.")
    assert TeamMembership.objects.filter(team=team, user=nia).exists()


def test_refusal_is_shown_in_the_form(browse: Browse, team: Team, grace: User) -> None:
    page = browse(grace)
    page.goto(f"/admin/helpdesk/user/{grace.pk}/change/")
    page.get_by_label("Role").select_option("agent")
    page.get_by_label("Name").fill("Grace B. Hopper")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Ask another administrator.")).to_be_visible()
    expect(page.get_by_label("Name")).to_have_value("Grace B. Hopper")
