"""The set-up pages: who may see and change them, that a change is on record, and what must not become of a row."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helpdesk.choices import Role
from helpdesk.models import (
    AuditEvent,
    DeskSettings,
    FirstTierRule,
    Organization,
    OrganizationMembership,
    Queue,
    Team,
    TeamMembership,
    Tier,
    User,
)
from tests.factories import (
    AnnouncementFactory,
    CategoryFactory,
    FirstTierRuleFactory,
    KindFactory,
    OrganizationFactory,
    OrganizationMembershipFactory,
    QueueFactory,
    RegionFactory,
    StaffRoleFactory,
    TagFactory,
    TeamFactory,
    TeamMembershipFactory,
    TierFactory,
    UserFactory,
    make_agent,
    make_ticket,
)
from tests.helpdesk.admin.conftest import fields_of, save
from tests.helpdesk.views.desk.pages import text_of

pytestmark = pytest.mark.django_db
SETUP = "/admin/helpdesk"
MAKERS: dict[str, Callable[..., Any]] = {
    "region": RegionFactory.create,
    "organization": OrganizationFactory.create,
    "team": TeamFactory.create,
    "queue": QueueFactory.create,
    "category": CategoryFactory.create,
    "user": UserFactory.create,
    "kind": KindFactory.create,
    "tag": TagFactory.create,
    "staffrole": StaffRoleFactory.create,
    "announcement": AnnouncementFactory.create,
}


def change(row: Any) -> str:
    return f"{SETUP}/{row._meta.model_name}/{row.pk}/change/"


def said(response: Any) -> str:
    """What a page says that was shown again, after a refusal."""
    assert response.status_code in {200, 409, 422}, response.status_code
    return text_of(response)


def audited() -> list[tuple[str, str, list[str]]]:
    return [(e.kind, e.subject_type, e.data["fields"]) for e in AuditEvent.objects.order_by("pk")]


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.HEAD_OF_SUPPORT])
def test_queue_is_renamed_and_the_change_is_on_record(as_role: Callable[[Role], Client], role: Role) -> None:
    queue = QueueFactory.create(name="Support")
    make_ticket(queue=queue)
    client = as_role(role)
    AuditEvent.objects.filter(kind="never")
    assert save(client, change(queue), name="First help").status_code == 302
    queue.refresh_from_db()
    assert queue.name == "First help"
    event = AuditEvent.objects.latest("pk")
    assert (event.kind, event.subject_type, event.subject_id) == ("setup_changed", "queue", str(queue.pk))
    assert event.data["fields"] == ["name"]
    assert event.actor is not None
    assert event.actor.role == role
    assert event.channel == "desk"
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.ADMINISTRATOR, Role.HEAD_OF_SUPPORT}])
def test_others_change_nothing(as_role: Callable[[Role], Client], role: Role) -> None:
    queue = QueueFactory.create(name="Support")
    client = as_role(role)
    answer = client.post(change(queue), {"name": "Mine", "default_priority": 3, "first_tier_rule": 1})
    # Who may not enter the desk at all is sent to the portal.
    assert answer.status_code == (302 if role == Role.REQUESTER else 403)
    added = client.post(f"{SETUP}/queue/add/", {"name": "Mine", "code": "mine"})
    assert added.status_code == (302 if role == Role.REQUESTER else 403)
    assert list(Queue.objects.values_list("name", flat=True)) == ["Support"]
    assert audited() == []


def test_who_sees_the_setup_sees_no_way_to_change_it(as_role: Callable[[Role], Client]) -> None:
    queue = QueueFactory.create(name="Support")
    response = as_role(Role.AUDITOR).get(change(queue))
    assert response.status_code == 200
    assert 'name="_save"' not in response.content.decode()


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_nothing_is_deleted(as_grace: Client, name: str) -> None:
    row = MAKERS[name]()
    assert as_grace.post(f"{SETUP}/{name}/{row.pk}/delete/", {"post": "yes"}).status_code == 403
    as_grace.post(f"{SETUP}/{name}/", {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"})
    row.refresh_from_db()
    assert "Delete" not in text_of(as_grace.get(change(row)))


def test_row_is_added(as_grace: Client) -> None:
    answer = save(as_grace, f"{SETUP}/region/add/", name="Europe", code="europe", time_zone="Europe/London")
    assert answer.status_code == 302
    assert audited() == [("setup_added", "region", ["name", "code", "time_zone", "is_active"])]


def test_code_is_set_once(as_grace: Client) -> None:
    queue = QueueFactory.create(code="support")
    save(as_grace, change(queue), code="other")
    queue.refresh_from_db()
    assert queue.code == "support"


def test_saving_without_a_change_leaves_no_trace(as_grace: Client) -> None:
    queue = QueueFactory.create(teams=[TeamFactory.create()])
    assert save(as_grace, change(queue)).status_code == 302
    assert audited() == []


def test_who_saves_second_is_told_and_overwrites_nothing(as_grace: Client, as_role: Callable[[Role], Client]) -> None:
    other, region = as_role(Role.ADMINISTRATOR), RegionFactory.create(name="Europe", time_zone="Europe/London")
    shown = fields_of(other.get(change(region)))
    assert save(as_grace, change(region), name="The Continent").status_code == 302
    page = other.post(change(region), {**shown, "time_zone": "Europe/Berlin"})
    assert page.status_code == 409
    assert "Somebody changed this while you were looking at it." in said(page)
    assert "Europe/Berlin" in page.content.decode()
    # A page that was shown again is as old as it was.
    assert other.post(change(region), fields_of(page)).status_code == 409
    region.refresh_from_db()
    assert (region.name, region.time_zone) == ("The Continent", "Europe/London")
    assert save(other, change(region), time_zone="Europe/Berlin").status_code == 302
    region.refresh_from_db()
    assert (region.name, region.time_zone) == ("The Continent", "Europe/Berlin")


def test_teams_and_members_that_changed_meanwhile_are_seen_too(as_grace: Client) -> None:
    team, person = TeamFactory.create(), UserFactory.create(role=Role.AGENT)
    queue = QueueFactory.create(teams=[team])
    of_queue, of_team = fields_of(as_grace.get(change(queue))), fields_of(as_grace.get(change(team)))
    assert save(as_grace, change(queue), teams=[TeamFactory.create().pk]).status_code == 302
    typed = {"memberships-2-0-user": person.pk, "memberships-2-0-role": "lead"}
    assert save(as_grace, change(team), **typed).status_code == 302
    assert as_grace.post(change(queue), {**of_queue, "name": "Other"}).status_code == 409
    assert as_grace.post(change(team), {**of_team, "name": "Other"}).status_code == 409


def test_settings_that_two_begin_are_begun_once(as_grace: Client) -> None:
    url = f"{SETUP}/desksettings/1/change/"
    shown = fields_of(as_grace.get(url))
    assert save(as_grace, url, quiet_days=7).status_code == 302
    assert as_grace.post(url, {**shown, "quiet_days": 9}).status_code == 409
    assert DeskSettings.objects.get().quiet_days == 7


def test_teams_of_a_queue_change(as_grace: Client) -> None:
    old, new = TeamFactory.create(), TeamFactory.create()
    queue = QueueFactory.create(teams=[old])
    assert save(as_grace, change(queue), teams=[new.pk]).status_code == 302
    assert list(queue.teams.all()) == [new]
    assert AuditEvent.objects.get().data["teams"] == [new.pk]


def test_wrong_value_is_said_at_its_field_and_kept(as_grace: Client) -> None:
    QueueFactory.create(name="Support")
    queue = QueueFactory.create(name="Billing")
    page = save(as_grace, change(queue), name="SUPPORT", description="What I typed")
    assert "What I typed" in page.content.decode()
    assert page.context["adminform"].form.errors


@pytest.mark.parametrize("sent", ["nonsense", "9" * 40, "1.5", "-1"])
def test_row_that_nobody_suggested_is_refused_in_words(as_grace: Client, sent: str) -> None:
    queue, team = QueueFactory.create(teams=[TeamFactory.create()]), TeamFactory.create()
    answers = [
        save(as_grace, change(queue), teams=[sent]),
        save(as_grace, change(CategoryFactory.create(queue=queue)), queue=sent),
        save(as_grace, change(team), **{"memberships-2-0-user": sent, "memberships-2-0-role": "lead"}),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert not AuditEvent.objects.exists()


def test_mark_of_the_default_queue_moves(as_grace: Client) -> None:
    old, new = QueueFactory.create(is_default=True), QueueFactory.create()
    assert save(as_grace, change(new), is_default="on").status_code == 302
    assert list(Queue.objects.filter(is_default=True)) == [new]
    assert {event.subject_id for event in AuditEvent.objects.all()} == {str(old.pk), str(new.pk)}


@pytest.mark.parametrize(("typed", "words"), [("is_default", "Mark another one"), ("is_active", "stays open")])
def test_default_queue_keeps_its_mark_and_stays_open(as_grace: Client, typed: str, words: str) -> None:
    queue = QueueFactory.create(is_default=True)
    page = save(as_grace, change(queue), **{typed: None})
    assert page.status_code == 422
    assert words in said(page)
    queue.refresh_from_db()
    assert queue.is_default
    assert queue.is_active


def test_lowest_tier_stays_in_use(as_grace: Client) -> None:
    lowest, higher = TierFactory.create(level=1), TierFactory.create(level=2)
    assert "this is the last one" in said(save(as_grace, change(lowest), is_active=None))
    assert save(as_grace, change(higher), is_active=None).status_code == 302
    assert list(Tier.objects.filter(is_active=True)) == [lowest]


def test_person_joins_a_team_and_leaves_it(as_grace: Client) -> None:
    team, person = TeamFactory.create(), UserFactory.create(role=Role.AGENT)
    answer = save(as_grace, change(team), **{"memberships-2-0-user": person.pk, "memberships-2-0-role": "lead"})
    assert answer.status_code == 302
    place = TeamMembership.objects.get(team=team, user=person)
    assert place.role == "lead"
    event = AuditEvent.objects.get()
    assert (event.subject_type, event.data["user_id"], event.data["team_id"]) == ("teammembership", person.pk, team.pk)
    assert save(as_grace, change(team), **{"memberships-0-is_active": None}).status_code == 302
    place.refresh_from_db()
    assert not place.is_active
    assert audited()[-1] == ("setup_changed", "teammembership", ["is_active"])


def test_person_joins_a_team_once(as_grace: Client) -> None:
    team = TeamFactory.create()
    person = make_agent(team)
    page = save(as_grace, change(team), **{"memberships-2-0-user": person.pk, "memberships-2-0-role": "lead"})
    assert "is among the members already" in said(page)
    assert TeamMembership.objects.get(team=team).role == "member"


def test_person_joins_an_organisation(as_grace: Client) -> None:
    organization, person = OrganizationFactory.create(), UserFactory.create()
    typed = {"memberships-2-0-user": person.pk, "memberships-2-0-role": "manager"}
    assert save(as_grace, change(organization), **typed).status_code == 302
    assert OrganizationMembership.objects.get(organization=organization).user == person


def test_new_organisation_is_added_with_its_first_member(as_grace: Client) -> None:
    person = UserFactory.create()
    typed = {"name": "Analytical Engines", "memberships-2-0-user": person.pk, "memberships-2-0-role": "manager"}
    assert save(as_grace, f"{SETUP}/organization/add/", **typed).status_code == 302
    assert list(Organization.objects.get().members.all()) == [person]


def test_plan_of_a_rule_is_typed_as_levels(as_grace: Client) -> None:
    TierFactory.create(level=1)
    TierFactory.create(level=2)
    rule = FirstTierRuleFactory.create()
    assert save(as_grace, change(rule), plan_p1="2, 1").status_code == 302
    rule.refresh_from_db()
    assert rule.plan == {"1": [2, 1], "2": [1], "3": [1], "4": [1]}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("one", "Write levels with commas between them"),
        ("9", "There is no active tier of level 9."),
        ("", "Priority 1 needs a list of levels"),
    ],
)
def test_plan_that_leads_nowhere_is_refused(as_grace: Client, typed: str, words: str) -> None:
    TierFactory.create(level=1)
    rule = FirstTierRuleFactory.create()
    assert words in said(save(as_grace, change(rule), plan_p1=typed))
    assert FirstTierRule.objects.get().plan["1"] == [1]


def test_settings_begin_with_their_defaults_and_are_one_row(as_grace: Client) -> None:
    assert as_grace.get(f"{SETUP}/desksettings/")["Location"] == f"{SETUP}/desksettings/1/change/"
    assert not DeskSettings.objects.exists()
    assert save(as_grace, f"{SETUP}/desksettings/1/change/", quiet_days=7).status_code == 302
    assert save(as_grace, f"{SETUP}/desksettings/1/change/", quiet_days=9).status_code == 302
    assert DeskSettings.objects.get().quiet_days == 9
    assert audited()[-1] == ("setup_changed", "desksettings", ["quiet_days"])
    assert as_grace.get(f"{SETUP}/desksettings/add/").status_code == 403


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_list_costs_the_same_for_one_and_three(as_grace: Client, name: str) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert as_grace.get(f"{SETUP}/{name}/").status_code == 200
        return len(queries)

    make = MAKERS[name]
    if name in {"team", "user", "organization"}:
        make(region=RegionFactory.create())
    else:
        make()
    cost()
    one = cost()
    make()
    make()
    assert cost() == one
    assert one <= 10


@pytest.mark.parametrize("is_team", [True, False])
def test_page_with_members_costs_the_same_for_one_and_three(as_grace: Client, is_team: bool) -> None:
    row: Team | Organization = TeamFactory.create() if is_team else OrganizationFactory.create()

    def join() -> None:
        user: User = UserFactory.create(role=Role.AGENT)
        if isinstance(row, Team):
            TeamMembershipFactory.create(team=row, user=user)
        else:
            OrganizationMembershipFactory.create(organization=row, user=user)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert as_grace.get(change(row)).status_code == 200
        return len(queries)

    join()
    cost()
    one = cost()
    join()
    join()
    assert cost() == one


def test_script_text_in_a_row_is_inert(as_grace: Client) -> None:
    evil = "<script>alert(1)</script>"
    queue = QueueFactory.create(name=evil, description=evil)
    for url in (f"{SETUP}/queue/", change(queue), f"{SETUP}/category/add/"):
        assert evil not in as_grace.get(url).content.decode()


def test_set_up_speaks_the_words_of_the_desk(client_of: Callable[[User], Client]) -> None:
    admin, team = client_of(UserFactory.create(role=Role.ADMINISTRATOR)), TeamFactory.create()
    for address in ("/admin/helpdesk/team/add/", f"/admin/helpdesk/team/{team.pk}/change/"):
        page = admin.get(address).content.decode()
        assert "Save and stay here" in page
        for words in ("Select value", "continue editing", "add another", "---------"):
            assert words not in page
    row = TagFactory.create(name="vpn")
    assert "“VPN” is saved." in text_of(admin.get(save(admin, change(row), name="VPN").url))
