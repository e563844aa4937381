"""What somebody began to write is there when they come back."""

from datetime import timedelta

import pytest

from helpdesk.actions import drafts, housekeeping
from helpdesk.errors import DomainError
from helpdesk.models import Draft
from helpdesk.selectors.drafts import draft_at
from tests.factories import NOW, UserFactory, actor

pytestmark = pytest.mark.django_db


def test_newest_saving_is_what_one_finds_and_nobody_else_does() -> None:
    me, other = actor(UserFactory.create()), actor(UserFactory.create())
    drafts.save_draft(place="new", content={"text": "One"}, by=me, now=NOW)
    drafts.save_draft(place="new", content={"text": "Two 🔥"}, by=me, now=NOW)
    drafts.save_draft(place="reply:1042", content={"text": "Three"}, by=me, now=NOW)
    assert draft_at(me, "new") == {"text": "Two 🔥"}
    assert draft_at(me, "note:1042") == draft_at(other, "new") == {}


def test_discarded_draft_is_gone_and_an_older_tab_may_write_again() -> None:
    me = actor(UserFactory.create())
    drafts.save_draft(place="new", content={"text": "One"}, by=me, now=NOW)
    drafts.discard_draft(place="new", by=me, now=NOW)
    assert draft_at(me, "new") == {}
    drafts.save_draft(place="new", content={"text": "Two"}, by=me, now=NOW)
    assert draft_at(me, "new") == {"text": "Two"}


def test_what_is_too_long_is_refused_and_keeps_the_last_draft() -> None:
    me = actor(UserFactory.create())
    drafts.save_draft(place="new", content={"text": "One"}, by=me, now=NOW)
    with pytest.raises(DomainError, match="too long"):
        drafts.save_draft(place="new", content={"text": "ä" * 50_000}, by=me, now=NOW)
    assert draft_at(me, "new") == {"text": "One"}


@pytest.mark.parametrize(
    "place", ["", "new:1", "reply:", "reply:0", "reply:x", "elsewhere", "new\n", "reply:" + "1" * 40]
)
def test_draft_has_a_place_that_exists(place: str) -> None:
    with pytest.raises(DomainError):
        drafts.save_draft(place=place, content={}, by=actor(UserFactory.create()), now=NOW)


def test_characters_that_no_database_stores_are_left_out() -> None:
    me = actor(UserFactory.create())
    drafts.save_draft(place="new", content={"te\x00xt": ["a\x00b\ud800", 1, None]}, by=me, now=NOW)
    assert draft_at(me, "new") == {"text": ["ab", 1, None]}


def test_whoever_begins_too_much_loses_the_oldest() -> None:
    me = actor(UserFactory.create())
    for number in range(1, 103):
        drafts.save_draft(place=f"reply:{number}", content={"n": number}, by=me, now=NOW + timedelta(seconds=number))
    assert (draft_at(me, "reply:2"), draft_at(me, "reply:3")) == ({}, {"n": 3})


def test_old_drafts_are_forgotten() -> None:
    me = actor(UserFactory.create())
    drafts.save_draft(place="new", content={"n": 1}, by=me, now=NOW - timedelta(days=31))
    drafts.save_draft(place="note:1", content={"n": 2}, by=me, now=NOW - timedelta(days=29))
    assert housekeeping.forget_drafts(now=NOW, limit=5) == 1
    assert list(Draft.objects.values_list("place", flat=True)) == ["note:1"]
