"""Tickets that wait on somebody outside: said with the hold, found by their number there, over with the hold."""

import pytest

from helpdesk.actions import status
from helpdesk.actions.merging import merge, undo_merge
from helpdesk.actions.partners import Wait, wait_on
from helpdesk.choices import MoveName
from helpdesk.errors import Code, DomainError
from helpdesk.models import Partner, PartnerWait, Ticket
from helpdesk.selectors import conversation
from helpdesk.selectors.partners import known_outside_as
from helpdesk.views.desk import words
from tests.factories import PartnerFactory, make_ticket
from tests.helpdesk.actions.desk import LATER, Desk

pytestmark = pytest.mark.django_db


def hold(d: Desk, wait: Wait | None) -> Ticket:
    return status.make_move(
        ticket=d.ticket, move=MoveName.HOLD, text="They look at their switch.", by=d.desk(), now=LATER, wait=wait
    )


@pytest.fixture
def carrier(db: None) -> Partner:
    return PartnerFactory.create(name="Northern Lines")


def test_hold_says_on_whom_and_under_which_reference(d: Desk, carrier: Partner) -> None:
    held = hold(d, Wait(carrier, " NL-77 / 12 "))
    assert held.waits is not None
    assert (held.waits.partner, held.waits.reference) == (carrier, "NL-77 / 12")
    said = [words.line(entry) for entry in conversation.timeline(d.desk(), held)]
    assert said[-1] == "Agent 1 waits on Northern Lines, under NL-77 / 12"


@pytest.mark.parametrize("move", [MoveName.START, MoveName.ASK, MoveName.RESOLVE])
def test_wait_is_over_with_the_hold_and_the_ticket_still_found(d: Desk, carrier: Partner, move: MoveName) -> None:
    hold(d, Wait(carrier, "NL-77"))
    assert d.move(move, d.desk(), "Done.", "fixed" if move is MoveName.RESOLVE else "").waits is None
    for typed in ("nl-77", "NL-7", "NL-77"):
        assert known_outside_as(typed) == [d.ticket.pk]
    assert known_outside_as("77") == known_outside_as("L-77") == known_outside_as("") == []


def test_reference_that_comes_later_is_told_and_the_same_one_again_is_not(d: Desk, carrier: Partner) -> None:
    hold(d, Wait(carrier))
    for reference in ("NL-1", "NL-1", "NL-2"):
        wait_on(ticket=d.ticket, wait=Wait(carrier, reference), by=d.desk(), now=LATER)
    assert PartnerWait.objects.count() == 3
    assert d.record().count("partner_awaited") == 3
    assert known_outside_as("NL-1") == known_outside_as("NL-2") == [d.ticket.pk]


def test_only_a_ticket_on_hold_waits_on_a_partner_in_use(d: Desk, carrier: Partner) -> None:
    with pytest.raises(DomainError) as refused:
        wait_on(ticket=d.ticket, wait=Wait(carrier), by=d.desk(), now=LATER)
    assert refused.value.code is Code.ILLEGAL_MOVE
    for wait, field in ((Wait(carrier, "x" * 61), "partner_reference"), (Wait(carrier), "partner")):
        if field == "partner":
            Partner.objects.update(is_active=False)
        with pytest.raises(DomainError) as refused:
            hold(d, wait)
        assert refused.value.field == field
    assert d.now().status == "new", "Nothing of a refused hold is done."


def test_merge_ends_the_wait_and_undoing_it_brings_it_back(d: Desk, carrier: Partner) -> None:
    before = hold(d, Wait(carrier, "NL-77")).waits
    done = merge(ticket=d.ticket, into=make_ticket(d.requester, d.queue), by=d.desk(), now=LATER)
    assert d.now().waits is None
    undo_merge(merge=done, by=d.desk(), now=LATER)
    assert d.now().waits == before
