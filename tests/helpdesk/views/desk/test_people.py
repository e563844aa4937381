"""The pages on which administrators make two accounts of one person one."""

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from helpdesk.choices import OrganizationRole, Role
from helpdesk.models import PersonMerge, User
from tests.factories import OrganizationFactory, OrganizationMembershipFactory, UserFactory, make_ticket
from tests.helpdesk.views.desk.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def ida(db: None) -> User:
    return UserFactory.create(name="Ida Berg", email="ida@example.org")


@pytest.fixture
def twin(db: None) -> User:
    """Ida again, at another address that nobody confirmed."""
    twin = UserFactory.create(name="Ida Berg", email="i.berg@example.org")
    EmailAddress.objects.create(user=twin, email=twin.email, primary=True, verified=False)
    return twin


@pytest.fixture
def as_role(client_of: Callable[[User], Client]) -> Callable[[Role], Client]:
    return lambda role: client_of(UserFactory.create(role=role))


@pytest.fixture
def as_boss(as_role: Callable[[Role], Client]) -> Client:
    return as_role(Role.ADMINISTRATOR)


def page_of(person: User) -> str:
    return f"/admin/helpdesk/user/{person.pk}/change/"


def merging(person: User) -> str:
    return f"/admin/people/{person.pk}/merge/"


def test_person_page_leads_to_the_preview_of_a_merge(as_boss: Client, ida: User, twin: User) -> None:
    make_ticket(twin)
    place = OrganizationMembershipFactory.create(
        user=twin, organization=OrganizationFactory.create(name="Harbour Clinic"), role=OrganizationRole.MANAGER
    )
    page = as_boss.get(page_of(ida))
    assert "Probably the same person" in text_of(page)
    link = f"{merging(twin)}?into={ida.pk}"
    assert f'href="{link}"' in page.content.decode()
    shown = text_of(as_boss.get(link))
    for words in (
        "1 ticket",
        "1 e-mail address",
        "1 place in an organisation",
        "Whoever reads the mail of i.berg@example.org can choose a new password for Ida Berg (ida@example.org).",
        "Nobody has confirmed this address yet.",
        f"Ida Berg (ida@example.org) becomes an organisation manager of {place.organization}",
        "You can take it back until",
    ):
        assert words in shown
    assert not PersonMerge.objects.exists()


def test_merge_is_done_and_taken_back_by_buttons(as_boss: Client, ida: User, twin: User) -> None:
    ticket = make_ticket(twin)
    page = as_boss.post(merging(twin), {"into": ida.pk}, follow=True)
    assert page.request["PATH_INFO"] == page_of(ida)
    assert "Ida Berg (i.berg@example.org) was merged into Ida Berg (ida@example.org). You can take it back" in text_of(
        page
    )
    assert "Take the merge back" in text_of(page)
    ticket.refresh_from_db()
    assert ticket.requester == ida
    gone = as_boss.get(page_of(twin))
    assert "This account was merged into Ida Berg (ida@example.org)" in text_of(gone)
    assert 'name="_save"' not in gone.content.decode()
    again = as_boss.post(merging(twin), {"into": ida.pk})
    assert (again.status_code, "was merged already" in text_of(again)) == (422, True)
    row = PersonMerge.objects.get()
    page = as_boss.post(f"/admin/people/merges/{row.pk}/undo/", follow=True)
    assert (
        "Ida Berg (i.berg@example.org) is an account of its own again. Back with it: 1 ticket, 1 e-mail address."
        in text_of(page)
    )
    page = as_boss.post(f"/admin/people/merges/{row.pk}/undo/", follow=True)
    assert "This merge was taken back already." in text_of(page)


@pytest.mark.parametrize(
    ("typed", "words"),
    [("", "Choose the account that stays."), ("Nobody At All", "Nobody who asks for help is called")],
)
def test_what_was_not_chosen_well_is_said_at_its_place(as_boss: Client, twin: User, typed: str, words: str) -> None:
    page = as_boss.get(merging(twin), {"into": typed})
    assert (page.status_code, words in text_of(page)) == (422, True)
    assert typed in page.content.decode()


def test_account_is_found_by_its_address(as_boss: Client, ida: User, twin: User) -> None:
    assert "This account stays" in text_of(as_boss.get(merging(twin), {"into": ida.email}))
    assert "one account already" in text_of(as_boss.get(merging(twin), {"into": twin.email}))


@pytest.mark.parametrize(("role", "status"), [(Role.AGENT, 404), (Role.MANAGER, 403), (Role.AUDITOR, 403)])
def test_who_changes_no_people_merges_none(
    as_role: Callable[[Role], Client], ida: User, twin: User, role: Role, status: int
) -> None:
    client = as_role(role)
    assert client.get(merging(twin)).status_code == status
    assert client.post(merging(twin), {"into": ida.pk}).status_code == status
    assert not PersonMerge.objects.exists()


def test_suggestions_name_accounts_to_who_sees_them(as_role: Callable[[Role], Client], ida: User) -> None:
    url = "/admin/suggest/account/?q=ida"
    assert as_role(Role.AGENT).get(url).json()["options"] == []
    assert as_role(Role.MANAGER).get(url).json()["options"][0]["hint"] == "ida@example.org"


def test_pages_about_accounts_have_one_heading_and_a_way_back(as_boss: Client, ida: User) -> None:
    for where in ("/admin/people/invitations/", f"/admin/people/{ida.pk}/", merging(ida)):
        page = as_boss.get(where).content.decode()
        assert page.count("<h1") == 1, where
        assert 'href="/admin/helpdesk/user/"' in page.partition('class="desk-crumbs"')[2].partition("</p>")[0]
