import uuid
from functools import partial

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from helpdesk.choices import Role
from helpdesk.models import Attachment, Blob, Ticket
from tests.factories import UserFactory
from tests.helpdesk.views.portal.conftest import hidden, text_of
from tests.helpdesk.views.portal.filing import FORM, TYPED, upload
from tests.together import together

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("first_tier")]


def test_filed_ticket_is_confirmed_with_what_happens_next(as_ada):
    response = as_ada.post(FORM, TYPED, follow=True)
    page = text_of(response)
    assert response.redirect_chain[0][0] == f"/tickets/{Ticket.objects.get().ref}/received/"
    assert "We have received it" in page
    assert Ticket.objects.get().ref in page
    assert "ada@example.org" in page
    assert "We usually answer" not in page


def test_filed_ticket_goes_where_its_category_sends_it(as_ada, ada, category):
    as_ada.post(FORM, TYPED)
    ticket = Ticket.objects.get()
    assert (ticket.requester, ticket.category, ticket.queue) == (ada, category, category.queue)


def test_sending_the_form_twice_makes_one_ticket(as_ada):
    typed = {**TYPED, "key": hidden(as_ada.get(FORM), "key")}
    first = as_ada.post(FORM, {**typed, "files": upload()})
    second = as_ada.post(FORM, {**typed, "files": upload()})
    assert first.url == second.url
    assert Ticket.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_ticket(client_of, ada):
    clients = [client_of(ada) for _time in range(3)]
    typed = {**TYPED, "key": str(uuid.uuid4())}
    answers = together(*(partial(client.post, FORM, {**typed, "files": upload()}) for client in clients))
    assert {answer.url for answer in answers} == {f"/tickets/{Ticket.objects.get().ref}/received/"}
    assert Attachment.objects.count() == 1


def test_form_sent_again_with_another_text_says_where_the_first_is(as_ada):
    typed = {**TYPED, "key": hidden(as_ada.get(FORM), "key")}
    as_ada.post(FORM, typed)
    response = as_ada.post(FORM, {**typed, "text": "Now it smokes."})
    assert response.status_code == 409
    assert Ticket.objects.get().ref in text_of(response)
    assert "Now it smokes." in text_of(response)
    as_ada.post(FORM, {**typed, "text": "Now it smokes.", "key": hidden(response, "key")})
    assert Ticket.objects.count() == 2


def test_missing_answers_are_named_and_nothing_typed_is_lost(as_ada):
    response = as_ada.post(FORM, {"subject": "", "text": "It smokes."})
    html = response.content.decode()
    assert response.status_code == 422
    assert '<a href="#id_subject">Write in a few words what it is about.</a>' in html
    assert 'aria-describedby="id_subject_helptext id_subject_error"' in html
    assert 'id="id_subject_error"' in html
    assert "It smokes." in html
    assert Ticket.objects.count() == 0


def test_too_long_subject_is_refused_with_its_text_kept(as_ada):
    response = as_ada.post(FORM, {**TYPED, "subject": "x" * 201})
    assert response.status_code == 422
    assert "there is room for 200" in text_of(response)
    assert "x" * 201 in response.content.decode()


def test_files_are_on_the_ticket(as_ada):
    as_ada.post(FORM, {**TYPED, "files": [upload("a.txt"), upload("b.txt")]})
    assert [file.name for file in Attachment.objects.all()] == ["a.txt", "b.txt"]


def test_files_need_not_be_chosen_again_after_a_mistake(as_ada):
    refused = as_ada.post(FORM, {**TYPED, "subject": "", "files": upload()})
    assert "ink.txt" in text_of(refused)
    as_ada.post(FORM, {**TYPED, "kept": hidden(refused, "kept")})
    assert [file.name for file in Attachment.objects.all()] == ["ink.txt"]


def test_kept_file_can_be_removed(as_ada):
    refused = as_ada.post(FORM, {**TYPED, "subject": "", "files": [upload("a.txt"), upload("b.txt")]})
    kept = refused.context["uploads"].kept
    notes = [one.note for one in kept]
    as_ada.post(FORM, {**TYPED, "kept": notes, "remove": kept[0].file.blob.pk})
    assert [file.name for file in Attachment.objects.all()] == ["b.txt"]


def test_kept_files_are_of_no_use_to_somebody_else(as_ada, client_of):
    refused = as_ada.post(FORM, {**TYPED, "subject": "", "files": upload()})
    thief = client_of(UserFactory.create())
    response = thief.post(FORM, {**TYPED, "kept": hidden(refused, "kept")})
    assert response.status_code == 422
    assert "Please choose them again" in text_of(response)
    assert not Attachment.objects.exists()


def test_files_that_waited_too_long_have_to_be_chosen_again(as_ada, later):
    refused = as_ada.post(FORM, {**TYPED, "subject": "", "files": upload()})
    note = hidden(refused, "kept")
    with later(days=2):
        response = as_ada.post(FORM, {**TYPED, "kept": note})
    assert response.status_code == 422
    assert "waited too long" in text_of(response)
    assert "It says that there is none." in text_of(response)


def test_file_over_the_limit_is_refused_alone(as_ada, settings_of_desk):
    settings_of_desk(max_file_mb=1)
    files = [upload("small.txt"), upload("large.txt", b"x" * (1 << 20) + b"x")]
    response = as_ada.post(FORM, {**TYPED, "files": files})
    assert response.status_code == 422
    assert "“large.txt” is larger than 1 MB" in text_of(response)
    assert [file.name for file in response.context["uploads"].files] == ["small.txt"]


@pytest.mark.parametrize("typed", [TYPED, {**TYPED, "subject": ""}])
def test_too_many_files_are_refused_before_one_is_stored(as_ada, settings_of_desk, typed):
    settings_of_desk(max_files=1)
    response = as_ada.post(FORM, {**typed, "files": [upload("a.txt"), upload("b.txt")]})
    assert response.status_code == 422
    assert "These are 2 files; one message takes 1." in text_of(response)
    assert not Blob.objects.exists()
    assert not default_storage.exists("blobs")


def test_kept_files_count_and_stay_when_more_are_refused(as_ada, settings_of_desk):
    settings_of_desk(max_files=1)
    refused = as_ada.post(FORM, {**TYPED, "subject": "", "files": upload("a.txt")})
    response = as_ada.post(FORM, {**TYPED, "kept": hidden(refused, "kept"), "files": upload("b.txt")})
    assert "These are 2 files; one message takes 1." in text_of(response)
    assert [file.name for file in response.context["uploads"].files] == ["a.txt"]
    assert Blob.objects.count() == 1


def test_empty_file_is_refused_by_its_name(as_ada):
    response = as_ada.post(FORM, {**TYPED, "files": upload("nothing.txt", b"")})
    assert "“nothing.txt” is empty." in text_of(response)


def test_stranger_is_sent_to_log_in(client_of):
    response = client_of().get(FORM)
    assert response.status_code == 302
    assert response.url == f"/accounts/login/?next={FORM}"


def test_auditor_files_nothing(client_of):
    auditor = client_of(UserFactory.create(role=Role.AUDITOR))
    assert auditor.get(FORM).status_code == 403
    assert auditor.post(FORM, TYPED).status_code == 403


def test_form_that_fails_its_token_says_what_to_do(ada):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ada)
    response = strict.post(FORM, TYPED)
    assert response.status_code == 403
    assert "Please send it again" in text_of(response)
