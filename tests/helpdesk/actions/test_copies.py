"""Addresses typed with a reply: they follow from those words on, are told once, within limits."""

import pytest

from helpdesk.actions import conversation, status, watching
from helpdesk.actions.consumers import consume_due
from helpdesk.choices import MoveName
from helpdesk.errors import DomainError
from helpdesk.models import Delivery, Message, User
from helpdesk.selectors.watchers import watchers_of
from tests.factories import UserFactory, actor
from tests.helpdesk.actions.desk import LATER, Desk

pytestmark = pytest.mark.django_db


def say(d: Desk, *cc: str) -> None:
    conversation.reply(ticket=d.ticket, body="We look.", by=d.desk(), now=LATER, cc=cc)


def test_those_who_get_a_copy_follow_and_are_told_by_one_mail(d: Desk) -> None:
    say(d, "Noor Ali <noor@example.org>", "NOOR@example.org", d.requester.email)
    noor = User.objects.get(email="noor@example.org")
    assert list(watchers_of(d.ticket)) == [noor]
    consume_due(now=LATER, limit=50)
    told = Delivery.objects.filter(recipient=noor)
    assert [delivery.kind for delivery in told] == ["reply_added"]
    say(d, "noor@example.org")
    assert d.record().count("watcher_added") == 1


@pytest.mark.parametrize("wrong", ["nobody", "a@b", "x" * 300 + "@example.org"])
def test_wrong_address_sends_nothing_and_adds_nobody(d: Desk, wrong: str) -> None:
    with pytest.raises(DomainError, match="Write an address") as refused:
        say(d, "noor@example.org", wrong)
    assert refused.value.field == "cc"
    assert not watchers_of(d.ticket).exists()
    assert Message.objects.count() == 1


def test_there_is_an_end_to_copies(d: Desk) -> None:
    with pytest.raises(DomainError, match="at most 10"):
        say(d, *(f"n{number}@example.org" for number in range(11)))


def test_who_may_add_nobody_sends_no_copy(d: Desk) -> None:
    who = UserFactory.create()
    watching.add_watcher(ticket=d.ticket, email=who.email, by=d.desk(), now=LATER)
    with pytest.raises(DomainError):
        conversation.reply(ticket=d.ticket, body="x", by=actor(who), now=LATER, cc=["noor@example.org"])


def test_copy_goes_with_the_words_of_a_move_too(d: Desk) -> None:

    status.make_move(
        ticket=d.ticket, move=MoveName.ASK, text="Which room?", by=d.desk(), now=LATER, cc=["noor@example.org"]
    )
    assert watchers_of(d.ticket).get().email == "noor@example.org"
