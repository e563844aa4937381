"""An agent takes down a ticket for somebody else."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helpdesk.choices import FieldKind, PrioritySource, Role
from helpdesk.models import (
    Attachment,
    Category,
    Draft,
    FieldValue,
    OrganizationMembership,
    Queue,
    Team,
    Ticket,
    TicketEvent,
    User,
    Watcher,
)
from tests.factories import (
    CategoryFactory,
    CustomFieldFactory,
    OrganizationFactory,
    QueueFactory,
    TeamFactory,
    UserFactory,
    make_ticket,
)
from tests.helpdesk.views.desk.pages import text_of

pytestmark = pytest.mark.django_db

HERE = "/admin/tickets/new/"
PIECE = {"X-Piece": "1"}


@pytest.fixture(autouse=True)
def caller(ada: User) -> None:
    """Who calls is known, where a test says nothing else."""


@pytest.fixture
def printers(queue: Queue) -> Category:
    return CategoryFactory.create(name="Printers", queue=queue)


def file(client: Client, **said: Any) -> Any:
    form = {"requester": "ada@example.org", "subject": "No paper", "text": "None at **all**.", **said}
    return client.post(HERE, form, follow=True)


def the_ticket() -> Ticket:
    return Ticket.objects.get()


def test_ticket_of_a_caller_is_filed_followed_and_taken(as_mara: Client, mara: User, ada: User, queue: Queue) -> None:
    picture = SimpleUploadedFile("tray.txt", b"empty")
    page = file(as_mara, requester=str(ada.pk), priority="2", follow="on", assignee="on", files=picture)
    ticket = the_ticket()
    assert page.redirect_chain[-1][0] == f"/admin/tickets/{ticket.ref}/"
    assert f"{ticket.ref} is filed for Ada Lovelace, who gets a mail about it." in text_of(page)
    assert (ticket.requester, ticket.queue, ticket.priority, ticket.channel) == (ada, queue, 2, "desk")
    assert (ticket.assignee, ticket.status) == (mara, "open")
    assert Watcher.objects.filter(ticket=ticket, user=mara).exists()
    assert Attachment.objects.get(message__ticket=ticket).name == "tray.txt"
    kinds = list(TicketEvent.objects.filter(ticket=ticket).order_by("seq").values_list("kind", flat=True))
    assert kinds == ["ticket_created", "watcher_added", "assigned", "status_changed"]


def test_address_that_nobody_has_is_asked_for_a_name_and_becomes_a_requester(as_mara: Client, queue: Queue) -> None:
    page = file(as_mara, requester="New.Caller@Example.org")
    assert "Nothing is filed yet" in text_of(page)
    assert "Nobody here has the address new.caller@example.org yet." in text_of(page).lower().replace(
        "nobody", "Nobody", 1
    )
    assert not Ticket.objects.exists()
    file(as_mara, requester="New.Caller@Example.org", name="Nora New", asked=page.context["form"].asks)
    person = the_ticket().requester
    assert (person.name, person.email, person.role) == ("Nora New", "new.caller@example.org", Role.REQUESTER)


def test_organisation_is_chosen_where_the_person_has_several(as_mara: Client, ada: User, queue: Queue) -> None:
    first, second, strange = OrganizationFactory.create_batch(3)
    for place in (first, second):
        OrganizationMembership.objects.create(user=ada, organization=place)
    page = file(as_mara)
    assert "there is more to fill in" in text_of(page)
    asked = page.context["form"].asks
    refused = file(as_mara, organization=str(strange.pk), asked=asked)
    assert refused.status_code == 422
    assert "Choose one from the list" in text_of(refused)
    file(as_mara, organization=str(second.pk), asked=asked)
    assert the_ticket().organization == second
    # Of somebody else nobody saw the organisations yet.
    bo = UserFactory.create(email="bo@example.org")
    for place in (first, strange):
        OrganizationMembership.objects.create(user=bo, organization=place)
    assert "there is more to fill in" in text_of(file(as_mara, requester="bo@example.org", asked=asked))


def test_questions_of_a_topic_come_before_anything_is_filed_and_need_no_answer(
    as_mara: Client, printers: Category
) -> None:
    question = CustomFieldFactory.create(category=printers, label="Which room?", code="room", is_required=True)
    name = f"answer-{question.key}"
    page = file(as_mara, category=str(printers.pk))
    assert name in page.context["form"].fields, "the second step"
    assert page.context["form"]["text"].value() == "None at **all**."
    assert not Ticket.objects.exists()
    file(as_mara, category=str(printers.pk), asked=page.context["form"].asks)
    assert not FieldValue.objects.exists()
    Ticket.objects.update(subject="The first one")
    file(as_mara, **{"category": str(printers.pk), "asked": page.context["form"].asks, name: "12"})
    ticket = Ticket.objects.get(subject="No paper")
    assert (ticket.category, FieldValue.objects.get(ticket=ticket).answer) == (printers, "12")


def test_script_gets_what_is_asked_and_told_and_keeps_what_was_typed(
    as_mara: Client, printers: Category, ada: User, queue: Queue
) -> None:
    CustomFieldFactory.create(category=printers, label="Which room?", code="room")
    CustomFieldFactory.create(category=printers, label="Which colours?", kind=FieldKind.MULTI, options=["Red", "Blue"])
    OrganizationMembership.objects.create(user=ada, organization=OrganizationFactory.create(name="Clinic"))
    seen, secret = make_ticket(ada, queue), make_ticket(ada)
    form = {"look": "1", "requester": "ada", "category": printers.pk, "answer-room": "12"}
    answer = as_mara.post(HERE, form, headers=PIECE)
    said = text_of(answer)
    assert "<html" not in answer.content.decode()
    assert "Clinic" in said
    assert "Which room?" in said
    assert "Blue" in said
    assert 'value="12"' in answer.content.decode()
    assert seen.ref in said
    assert secret.ref not in said, "a ticket of a queue that the agent does not see"
    assert "Write" not in said, "nothing is missing as long as nothing was filed"


def test_priority_is_weighed_where_the_queue_weighs(as_mara: Client, queue: Queue) -> None:
    Queue.objects.update(priority_source=PrioritySource.WEIGHED)
    page = as_mara.get(HERE)
    asked = page.context["form"].asks
    half = file(as_mara, impact="1", asked=asked)
    assert half.status_code == 422
    assert "Choose how urgent it is." in text_of(half)
    answer = as_mara.post(HERE, {"look": "1", "impact": "1", "urgency": "1"}, headers=PIECE)
    assert "Priority: " in text_of(answer)
    file(as_mara, impact="1", urgency="1", asked=asked)
    assert TicketEvent.objects.filter(ticket=the_ticket(), kind="priority_weighed").exists()


def test_what_is_missing_or_wrong_is_told_at_its_place_and_all_is_kept(as_mara: Client, queue: Queue) -> None:
    said: dict[str, Any] = {"subject": " ", "text": "", "category": "7777777"}
    for whom, words in {
        "": "Write for whom it is",
        "nobody such": "Nobody is called “nobody such”.",
        "no@address": "Write an address like name@example.org.",
    }.items():
        page = file(as_mara, requester=whom, asked="name", **({} if "@" in whom else said))
        assert page.status_code == 422
        assert words in text_of(page)
        assert page.context["form"]["requester"].value() == whom
    refused = as_mara.post(HERE, {**said, "requester": "x"})
    for words in ("Write in a few words what it is about.", "Write what happened", "the one you chose is gone"):
        assert words in text_of(refused)
    assert not Ticket.objects.exists()


def test_closed_account_is_not_filed_for(as_mara: Client, queue: Queue) -> None:
    UserFactory.create(email="gone@example.org", is_active=False)
    assert "This person&#x27;s account is closed." in file(as_mara, requester="gone@example.org").content.decode()


def test_ticket_of_a_queue_that_one_does_not_work_is_filed_but_not_taken(as_mara: Client, queue: Queue) -> None:
    other = QueueFactory.create(name="Elsewhere", teams=[TeamFactory.create()])
    refused = file(as_mara, queue=str(other.pk), assignee="on")
    assert refused.status_code == 422
    assert "is in no team of this queue." in text_of(refused)
    assert not Ticket.objects.exists()
    page = file(as_mara, queue=str(other.pk), follow="on")
    assert page.redirect_chain[-1][0] == "/admin/tickets/"
    assert "with people whose tickets you do not see" in text_of(page)
    assert the_ticket().queue == other


def test_private_topic_is_told_and_its_ticket_goes_out_of_sight(as_mara: Client, queue: Queue) -> None:
    private = CategoryFactory.create(name="Security", queue=queue, restricted_to=[TeamFactory.create()])
    answer = as_mara.post(HERE, {"look": "1", "category": private.pk}, headers=PIECE)
    assert "This topic is private" in text_of(answer)
    page = file(as_mara, category=str(private.pk), follow="on")
    assert page.redirect_chain[-1][0] == "/admin/tickets/"
    assert not Watcher.objects.exists()


def test_form_that_is_sent_twice_files_once(as_mara: Client, queue: Queue) -> None:
    key = str(uuid4())
    for _time in range(2):
        file(as_mara, key=key)
    assert Ticket.objects.count() == 1
    assert "This form was sent before" in text_of(file(as_mara, key=key, subject="Another"))


def test_draft_comes_back_with_who_asks_and_goes_when_it_is_filed(
    as_mara: Client, mara: User, ada: User, printers: Category
) -> None:
    CustomFieldFactory.create(category=printers, label="Which room?", code="room")
    content = {"requester": str(ada.pk), "category": str(printers.pk), "answer-room": "12", "text": "Half"}
    kept = as_mara.post("/drafts/filing/", {"key": "", "content": content}, content_type="application/json")
    assert kept.status_code == 200
    page = as_mara.get(HERE)
    form = page.context["form"]
    assert form.person == ada
    assert (form["answer-room"].value(), form["text"].value()) == ("12", "Half")
    # What the address says counts more.
    assert as_mara.get(f"{HERE}?requester={mara.pk}").context["form"].person == mara
    file(as_mara)
    assert not Draft.objects.exists()


def test_text_is_shown_as_the_requester_will_see_it(as_mara: Client) -> None:
    answer = as_mara.post(f"{HERE}preview/", {"text": "None at **all** <b>x</b>"})
    assert "<strong>all</strong>" in answer.content.decode()
    assert "<b>" not in answer.content.decode()


def test_requesters_and_those_who_only_read_find_no_page(
    client_of: Callable[[User], Client], ada: User, team: Team
) -> None:
    for person in (ada, UserFactory.create(role=Role.AUDITOR), UserFactory.create(role=Role.PROCESS_LEAD)):
        client = client_of(person)
        for answer in (client.get(HERE), client.post(HERE, {}), client.post(f"{HERE}preview/", {"text": "x"})):
            assert answer.status_code in {302, 403}
    assert not Ticket.objects.exists()
    page = client_of(UserFactory.create(role=Role.AUDITOR)).get("/admin/")
    assert HERE not in page.content.decode()


def test_page_asks_the_database_as_often_for_one_ticket_as_for_three(as_mara: Client, ada: User, queue: Queue) -> None:
    counts = []
    for more in (1, 2):
        for _ticket in range(more):
            make_ticket(ada, queue)
        as_mara.get(HERE)
        with CaptureQueriesContext(connection) as queries:
            answer = as_mara.get(f"{HERE}?requester={ada.pk}")
        assert len(answer.context["open_tickets"]) == (1 if more == 1 else 3)
        counts.append(len(queries))
    assert counts[0] == counts[1]
