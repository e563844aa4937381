"""What a person, an agent and a team lead do on a day: on a desktop, on a phone, and by the keyboard alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from helpdesk.actions import conversation, status
from helpdesk.choices import Channel, MoveName, ResolutionKind, Status, TeamRole
from helpdesk.models import CustomField, Message, Queue, Team, Ticket, User
from tests.browser import PHONE, WIDE, Browse, assert_accessible
from tests.factories import (
    NOW,
    CategoryFactory,
    QueueFactory,
    TeamFactory,
    TeamMembershipFactory,
    TierFactory,
    UserFactory,
    actor,
    make_agent,
    make_ticket,
)
from tests.journeys.hands import Hands

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

With = Callable[[User], Hands]


@pytest.fixture(
    params=[
        pytest.param((WIDE, False), marks=pytest.mark.long, id="desktop"),
        pytest.param((PHONE, False), id="phone"),
        pytest.param((WIDE, True), id="keyboard"),
    ]
)
def hands(request: pytest.FixtureRequest, browse: Browse) -> With:
    """The hands of anybody, in a browser of their own."""
    width, keys = request.param
    return lambda user: Hands(browse(user, width=width), keys)


@pytest.fixture(autouse=True)
def files_of_this_test(settings: object, tmp_path: object) -> None:
    """Uploads go where the test ends."""
    settings.MEDIA_ROOT = tmp_path / "files"  # type: ignore[attr-defined, operator]


@pytest.fixture
def team(db: None) -> Team:
    TierFactory.create(level=2)
    return TeamFactory.create(name="First line")


@pytest.fixture
def queue(team: Team) -> Queue:
    queue = QueueFactory.create(name="Support", is_default=True, teams=[team])
    printing = CategoryFactory.create(name="Printing", code="printing", queue=queue)
    CategoryFactory.create(name="Something else", code="other", queue=queue)
    CustomField.objects.create(category=printing, code="room", label="Which room?", is_required=True)
    return queue


@pytest.fixture
def ida(db: None) -> User:
    return UserFactory.create(name="Ida Berg", email="ida@example.org")


@pytest.fixture
def mara(team: Team) -> User:
    return make_agent(team, name="Mara Silva", email="mara@example.org")


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


def test_person_asks_forgets_something_answers_and_confirms(hands: With, ida: User, mara: User, queue: Queue) -> None:
    hand = hands(ida)
    page = hand.page
    page.goto("/")
    hand.press(page.locator("main").get_by_role("link", name="Get help", exact=True))
    hand.press(page.get_by_role("link", name="Printing"))
    hand.type(page.get_by_label("In a few words"), "Empty pages")
    hand.type(page.get_by_label("What happened?"), "Since nine the printer prints *empty* pages.")
    hand.press(page.get_by_role("button", name="Send"))
    problem = page.get_by_role("alert").get_by_role("link")
    expect(problem).to_have_count(1)
    assert_accessible(page)
    hand.press(problem)
    expect(page.get_by_label("Which room?")).to_be_focused()
    hand.type(page.get_by_label("Which room?"), "12")
    hand.press(page.get_by_role("button", name="Send"))
    heading(page, "We have received it")
    ticket = Ticket.objects.get()
    assert ticket.subject == "Empty pages"
    by = actor(mara, Channel.DESK)
    status.make_move(ticket=ticket, move=MoveName.ASK, text="Which paper is in it?", by=by, now=NOW)
    page.goto("/")
    hand.type(page.get_by_role("searchbox"), "empty")
    found = page.locator(".seek-found").get_by_role("link", name="Empty pages")
    hand.press(found)
    heading(page, "Empty pages")
    expect(page.locator("main")).to_contain_text("Which paper is in it?")
    hand.type(page.get_by_label("Your message"), "The thick one.")
    hand.press(page.get_by_role("button", name="Send answer"))
    expect(page.locator("main")).to_contain_text("The thick one.")
    ticket.refresh_from_db()
    assert ticket.status == Status.OPEN
    kind = ResolutionKind.ANSWERED
    status.make_move(ticket=ticket, move=MoveName.RESOLVE, text="Use thin paper.", resolution_kind=kind, by=by, now=NOW)
    page.reload()
    hand.press(page.get_by_role("button", name="This solved it"))
    expect(page.get_by_role("status").first).to_contain_text("Your ticket is closed.")
    page.go_back()
    page.goto(f"/tickets/{ticket.ref}/")
    ticket.refresh_from_db()
    assert ticket.status == Status.CLOSED
    assert Message.objects.filter(ticket=ticket).count() == 4


def _side(hand: Hands) -> None:
    """Have the panel in view: on a phone it is a sheet."""
    if hand.is_phone and not hand.page.locator("#side").is_visible():
        hand.press(hand.page.locator("#to-side"))


def _no_side(hand: Hands) -> None:
    if hand.is_phone and hand.page.locator("#side").is_visible():
        hand.press(hand.page.locator("#side").get_by_role("button", name="Close"))


def test_agent_finds_takes_sorts_answers_and_resolves(hands: With, ida: User, mara: User, queue: Queue) -> None:
    make_ticket(ida, queue, subject="The lamp flickers")
    ticket = make_ticket(ida, queue, subject="The door is stuck")
    hand = hands(mara)
    page = hand.page
    page.goto("/admin/tickets/")
    hand.type(page.get_by_role("searchbox"), "door")
    hand.page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="The lamp flickers")).to_have_count(0)
    hand.press(page.get_by_role("link", name="The door is stuck"))
    heading(page, "The door is stuck")
    _side(hand)
    hand.press(page.get_by_role("button", name="Take it"))
    expect(page.locator("#part-assignee")).to_contain_text("Mara Silva")
    hand.choose(page.locator("#part-properties").get_by_label("Priority"), "P2 high")
    if hand.keys:
        page.keyboard.press("Tab")
    expect(page.locator("#part-head")).to_contain_text("P2")
    hand.type(page.get_by_role("combobox", name="Add a tag"), "door")
    page.keyboard.press("Enter")
    expect(page.locator("#part-tags .chip")).to_contain_text("door")
    assert_accessible(page)
    _no_side(hand)
    if hand.keys:
        hand.reach(page.get_by_role("radio", name="Reply"))
        page.keyboard.press("ArrowRight")
    else:
        page.locator(".tab-note").click()
    hand.type(page.locator(".compose-note textarea"), "The hinge is rusty.")
    hand.press(page.get_by_role("button", name="Add internal note"))
    expect(page.locator(".said-note")).to_contain_text("The hinge is rusty.")
    conversation.reply(ticket=ticket, body="Now it squeaks, too.", by=actor(ida), now=NOW)
    page.reload()
    _side(hand)
    hand.press(page.locator("#act-resolve > summary"))
    hand.choose(page.locator("#act-resolve select"), "Fixed")
    hand.type(page.locator("#act-resolve textarea"), "The hinge is oiled.")
    hand.press(page.locator("#act-resolve").get_by_role("button", name="Resolve"))
    expect(page.locator("#part-head")).to_contain_text("Resolved")
    ticket.refresh_from_db()
    assert (ticket.status, ticket.priority, ticket.assignee) == (Status.RESOLVED, 2, mara)
    assert [tag.name for tag in ticket.tags.all()] == ["door"]
    assert Message.objects.filter(ticket=ticket, visibility="internal").count() == 1


def test_team_lead_shares_out_the_work_and_escalates(
    hands: With, ida: User, mara: User, team: Team, queue: Queue
) -> None:
    tickets = [make_ticket(ida, queue, subject=f"Room {number} is cold") for number in (1, 2, 3)]
    sam = make_agent(name="Sam Rivera", email="sam@example.org")
    TeamMembershipFactory.create(team=team, user=sam, role=TeamRole.LEAD)
    hand = hands(sam)
    page = hand.page
    page.goto("/admin/")
    hand.press(page.locator("main").get_by_role("link", name="Unassigned").first)
    for ticket in tickets[:2]:
        hand.tick(page.get_by_role("checkbox", name=f"Select {ticket.ref}"))
    hand.press(page.get_by_role("button", name="Assign", exact=True))
    heading(page, "Assign 2 tickets")
    hand.pick(page.get_by_role("combobox"), "Mara", "Mara Silva")
    assert_accessible(page)
    hand.press(page.locator("main form button[type=submit]").last)
    expect(page.get_by_role("status").last).to_contain_text("2 tickets are done.")
    hand.press(page.get_by_role("link", name="Back", exact=True))
    hand.tick(page.get_by_role("checkbox", name=f"Select {tickets[2].ref}"))
    hand.press(page.get_by_role("button", name="Escalate", exact=True))
    heading(page, "Escalate 1 ticket")
    hand.type(page.get_by_role("textbox"), "The heating plant itself.")
    hand.press(page.locator("main form button[type=submit]").last)
    expect(page.get_by_role("status").last).to_contain_text("1 ticket is done.")
    assert [Ticket.objects.get(pk=ticket.pk).assignee for ticket in tickets] == [mara, mara, None]
    assert Ticket.objects.get(pk=tickets[2].pk).tier.level == 2
