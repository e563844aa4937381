"""Categories in the set-up: what they ask, and their words in other languages."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from helpdesk.models import AuditEvent, Category, CustomField
from tests.factories import CategoryFactory, CustomFieldFactory, KindFactory, QueueFactory
from tests.helpdesk.admin.conftest import fields_of, save
from tests.helpdesk.admin.test_setup import audited, change, said

pytestmark = pytest.mark.django_db
NEW = "fields-2-0"


@pytest.fixture
def category(db: None) -> Category:
    return CategoryFactory.create(name="Printing", code="printing")


@pytest.fixture
def german(settings: Any) -> None:
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("pt-br", "Português")]


def test_question_is_added_with_a_code_from_its_words(as_grace: Client, category: Category) -> None:
    CustomFieldFactory.create(category=category, code="which-printer")
    typed = {f"{NEW}-label": "Which printer?", f"{NEW}-kind": "choice", f"{NEW}-options": " Red \r\n\r\nBlue"}
    assert save(as_grace, change(category), **typed).status_code == 302
    question = CustomField.objects.get(code="which-printer-2")
    assert (question.label, question.kind, question.options) == ("Which printer?", "choice", ["Red", "Blue"])
    event = AuditEvent.objects.get()
    assert (event.kind, event.subject_type, event.data["category_id"]) == ("setup_added", "customfield", category.pk)
    assert "printer" not in str(event.data["values"].get("label", ""))


def test_new_category_begins_with_a_question(as_grace: Client) -> None:
    typed = {"name": "Scanning", "code": "scanning", "queue": QueueFactory.create().pk, f"{NEW}-label": "Since when?"}
    assert save(as_grace, "/admin/helpdesk/category/add/", **typed).status_code == 302
    assert list(Category.objects.get().fields.values_list("code", "label")) == [("since-when", "Since when?")]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"kind": "choice"}, "Write at least two answers, one a line."),
        ({"kind": "choice", "options": "Red\nRed"}, "“Red” stands there twice."),
        ({"kind": "choice", "options": "Red\n" + "x" * 121}, "is longer than 120 characters"),
        ({"kind": "choice", "options": "\n".join(map(str, range(51)))}, "These are 51 lines; the limit is 50."),
        ({"code": "taken"}, "There is a question of this code here already."),
    ],
)
def test_wrong_question_is_told_at_its_field_and_kept(
    as_grace: Client, category: Category, typed: dict[str, str], words: str
) -> None:
    CustomFieldFactory.create(category=category, code="taken")
    data = {f"{NEW}-{name}": value for name, value in typed.items()}
    page = save(as_grace, change(category), **{f"{NEW}-label": "What I asked", **data})
    assert words in said(page)
    assert "What I asked" in page.content.decode()
    assert CustomField.objects.count() == 1


def test_question_changes_closes_and_is_never_deleted(as_grace: Client, category: Category) -> None:
    question = CustomFieldFactory.create(category=category, label="Since when?")
    typed = {"fields-0-label": "Since what day?", "fields-0-code": "forged", "fields-0-DELETE": "on"}
    assert save(as_grace, change(category), **typed).status_code == 302
    assert audited() == [("setup_changed", "customfield", ["label"])]
    assert save(as_grace, change(category), **{"fields-0-is_active": None}).status_code == 302
    question.refresh_from_db()
    assert (question.label, question.is_active) == ("Since what day?", False)
    assert question.code != "forged"
    assert save(as_grace, change(category)).status_code == 302
    assert len(audited()) == 2


def test_who_saves_a_category_second_is_told_of_its_questions_too(as_grace: Client, category: Category) -> None:
    CustomFieldFactory.create(category=category)
    page = as_grace.get(change(category))
    assert save(as_grace, change(category), **{"fields-0-label": "Changed"}).status_code == 302
    assert as_grace.post(change(category), {**fields_of(page), "name": "Other"}).status_code == 409


def test_texts_are_translated_into_each_other_language(as_grace: Client, category: Category, german: None) -> None:
    question = CustomFieldFactory.create(category=category, kind="choice", options=["Red", "Blue"])
    typed = {
        "name_in_de": "Drucken",
        "description_in_pt-br": "Papel",
        "fields-0-label_in_de": "Welche Farbe?",
        "fields-0-options_in_de": "Rot\nBlau",
    }
    assert save(as_grace, change(category), **typed).status_code == 302
    category.refresh_from_db()
    question.refresh_from_db()
    assert category.translations == {"de": {"name": "Drucken"}, "pt-br": {"description": "Papel"}}
    assert question.translations == {"de": {"label": "Welche Farbe?", "options": ["Rot", "Blau"]}}
    with translation.override("de"):
        assert category.shown_name == "Drucken"
    # Saving again keeps them; emptying one takes it away and leaves the others.
    assert save(as_grace, change(category)).status_code == 302
    assert save(as_grace, change(category), name_in_de="").status_code == 302
    category.refresh_from_db()
    assert category.translations == {"pt-br": {"description": "Papel"}}
    assert "Drucken" not in str([event.data for event in AuditEvent.objects.all()])


def test_answers_are_translated_line_by_line(as_grace: Client, category: Category, german: None) -> None:
    CustomFieldFactory.create(category=category, kind="choice", options=["Red", "Blue"])
    page = save(as_grace, change(category), **{"fields-0-options_in_de": "Rot"})
    assert "Write as many lines as there are answers above, in the same order: 2." in said(page)


def test_new_question_comes_with_its_translation(as_grace: Client, category: Category, german: None) -> None:
    typed = {f"{NEW}-label": "Since when?", f"{NEW}-label_in_de": "Seit wann?"}
    assert save(as_grace, change(category), **typed).status_code == 302
    assert CustomField.objects.get().translations == {"de": {"label": "Seit wann?"}}


def test_translation_that_no_language_shows_is_kept(as_grace: Client, category: Category, settings: Any) -> None:
    settings.LANGUAGES = [("en", "English")]
    category.translations = {"de": {"name": "Drucken"}}
    category.save()
    page = as_grace.get(change(category))
    assert "name_in_de" not in page.content.decode()
    assert save(as_grace, change(category), description="Paper").status_code == 302
    category.refresh_from_db()
    assert (category.description, category.translations) == ("Paper", {"de": {"name": "Drucken"}})


def test_closed_kind_is_offered_no_more_and_kept_where_it_is(as_grace: Client, category: Category) -> None:
    old, other = KindFactory.create(is_active=False), KindFactory.create(is_active=False)
    category.kind = old
    category.save()
    page = as_grace.get(change(category)).content.decode()
    assert old.name in page
    assert other.name not in page
    assert save(as_grace, change(category), description="Paper").status_code == 302
    category.refresh_from_db()
    assert category.kind == old


def test_page_costs_the_same_for_one_question_and_three(as_grace: Client, category: Category) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert as_grace.get(change(category)).status_code == 200
        return len(queries)

    CustomFieldFactory.create(category=category)
    cost()
    one = cost()
    CustomFieldFactory.create_batch(2, category=category)
    assert cost() == one


def test_script_in_a_question_is_inert(as_grace: Client, category: Category) -> None:
    evil = "<script>alert(1)</script>"
    CustomFieldFactory.create(category=category, label=evil, help_text=evil, options=[evil, "</textarea>" + evil])
    assert evil not in as_grace.get(change(category)).content.decode()
