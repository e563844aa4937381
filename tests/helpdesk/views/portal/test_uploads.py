"""Files that come in one by one: what is taken, what is refused in which words, and of whom the notes are."""

from functools import partial
from io import BytesIO

import pytest
from django.core import signing
from django.test import Client

from helpdesk.choices import Role
from helpdesk.models import Attachment, Blob, Ticket
from tests.factories import UserFactory
from tests.helpdesk.views.portal.conftest import text_of
from tests.helpdesk.views.portal.filing import TYPED, upload
from tests.together import together

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("first_tier")]


def send(client, name="ink.txt", content=b"no ink at all"):
    return client.post("/uploads/", {"file": upload(name, content)})


def note(client, name="ink.txt"):
    return send(client, name).json()["note"]


def test_file_that_came_before_is_on_the_ticket(as_ada):
    notes = [note(as_ada, "a.txt"), note(as_ada, "b.txt")]
    as_ada.post("/tickets/new/printing/", {**TYPED, "kept": notes})
    assert [file.name for file in Attachment.objects.all()] == ["a.txt", "b.txt"]


def test_answer_names_the_file_as_it_will_stand_there(as_ada):
    answer = send(as_ada, "../../etc/pass\u202ewd", b"12345").json()
    assert (answer["name"], answer["size"]) == ("passwd", 5)


def test_same_note_twice_is_one_file(as_ada):
    one = note(as_ada)
    as_ada.post("/tickets/new/printing/", {**TYPED, "kept": [one, one]})
    assert Attachment.objects.count() == 1


def test_empty_file_is_refused_by_its_name(as_ada):
    response = send(as_ada, "nothing.txt", b"")
    assert (response.status_code, response.json()["error"]) == (422, "“nothing.txt” is empty.")


def test_file_over_the_limit_is_refused_and_not_kept(as_ada, settings_of_desk):
    settings_of_desk(max_file_mb=1)
    response = send(as_ada, "large.txt", b"x" * ((1 << 20) + 1))
    assert response.status_code == 422
    assert "“large.txt” is larger than 1 MB" in response.json()["error"]
    assert not Blob.objects.exists()


@pytest.mark.parametrize("body", [{}, {"file": "not a file"}, {"other": BytesIO(b"x")}])
def test_request_without_a_file_is_told_so(as_ada, body):
    response = as_ada.post("/uploads/", body)
    assert response.status_code == 422
    assert "did not arrive" in response.json()["error"]


def test_who_is_logged_out_is_told_and_not_sent_away(client_of):
    response = send(client_of())
    assert response.status_code == 401
    assert "Log in again in another tab" in response.json()["error"]


def test_auditor_sends_no_files(client_of):
    assert send(client_of(UserFactory.create(role=Role.AUDITOR))).status_code == 403
    assert not Blob.objects.exists()


def test_other_site_cannot_send_files_for_somebody(ada):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ada)
    assert send(strict).status_code == 403
    assert not Blob.objects.exists()


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_address_only_takes(as_ada, method):
    assert getattr(as_ada, method)("/uploads/").status_code == 405


def test_note_is_of_no_use_to_somebody_else(as_ada, client_of):
    response = client_of(UserFactory.create()).post("/tickets/new/printing/", {**TYPED, "kept": note(as_ada)})
    assert response.status_code == 422
    assert "Please choose them again" in text_of(response)
    assert not Attachment.objects.exists()


# A seal holds the time, and a test's name must be the same in every process.
@pytest.mark.parametrize(
    "forged",
    ["x", "1:2:3", signing.dumps([1, "a.txt"]), "[1, 2]"],
    ids=["nothing", "parts", "sealed by nobody", "bare"],
)
def test_forged_note_is_told_and_the_good_one_stays(as_ada, forged):
    good = note(as_ada, "good.txt")
    response = as_ada.post("/tickets/new/printing/", {**TYPED, "kept": [forged, good]})
    assert response.status_code == 422
    assert "It says that there is none." in text_of(response)
    assert [file.name for file in response.context["uploads"].files] == ["good.txt"]
    assert not Ticket.objects.exists()


def test_more_notes_than_a_message_takes_are_refused_together(as_ada, settings_of_desk):
    settings_of_desk(max_files=2)
    notes = [note(as_ada, f"{n}.txt") for n in range(3)]
    response = as_ada.post("/tickets/new/printing/", {**TYPED, "subject": "", "kept": notes})
    assert "These are 3 files; one message takes 2." in text_of(response)
    assert len(response.context["uploads"].files) == 3
    unwanted = response.context["uploads"].files[0].blob.pk
    as_ada.post("/tickets/new/printing/", {**TYPED, "kept": notes, "remove": unwanted})
    assert [file.name for file in Attachment.objects.all()] == ["1.txt", "2.txt"]


def test_many_small_files_that_stand_nowhere_are_bounded_too(as_ada, settings_of_desk):
    settings_of_desk(max_files=1)
    answers = [send(as_ada, f"{n}.txt").status_code for n in range(11)]
    assert answers == [200] * 10 + [422]


@pytest.mark.django_db(transaction=True)
def test_many_at_once_leave_no_more_lying_than_one_may(client_of, ada, settings_of_desk):
    settings_of_desk(max_files=1, max_file_mb=1)
    clients = [client_of(ada) for _time in range(8)]
    answers = together(*(partial(send, client, content=b"x" * (1 << 20)) for client in clients))
    assert sorted(answer.status_code for answer in answers) == [200] * 4 + [422] * 4
    assert Blob.objects.count() == 4
