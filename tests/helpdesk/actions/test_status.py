"""The moves of a ticket through its life."""

from datetime import timedelta

import pytest

from helpdesk.actions import conversation, status, tiers
from helpdesk.choices import MoveName, ResolutionKind, Status, Visibility
from helpdesk.errors import Code, DomainError
from helpdesk.models import DeskSettings, Message, TicketEvent
from tests.helpdesk.actions.desk import LATER, Desk

pytestmark = pytest.mark.django_db


def test_whole_story_stands_on_the_record_in_order(d: Desk) -> None:
    d.take()
    d.move(MoveName.ASK, d.desk(), "Which printer?")
    conversation.reply(ticket=d.ticket, body="The red one.", by=d.me(), now=LATER)
    tiers.escalate(ticket=d.ticket, reason="Needs an engineer.", by=d.desk(), now=LATER)
    d.take(2)
    tiers.escalate(ticket=d.ticket, reason="Needs the makers.", by=d.desk(2), now=LATER)
    d.take(3)
    d.move(MoveName.RESOLVE, d.desk(3), "Water.", ResolutionKind.FIXED)
    d.move(MoveName.REJECT, d.me(), "It burns again.")
    d.move(MoveName.RESOLVE, d.desk(3), "Sand.", ResolutionKind.FIXED)
    d.move(MoveName.CONFIRM, d.me())
    assert d.record() == [
        "ticket_created", "assigned", "status_changed", "reply_added", "status_changed", "reply_added",
        "status_changed", "escalated", "assigned", "assigned", "escalated", "assigned", "assigned",
        "resolved", "rejected", "resolved", "confirmed",
    ]  # fmt: skip
    ticket = d.now()
    assert (ticket.status, ticket.tier.level, ticket.version) == (Status.CLOSED, 3, 17)
    seqs = TicketEvent.objects.filter(ticket=ticket).order_by("seq").values_list("seq", flat=True)
    assert list(seqs) == list(range(1, 18))


@pytest.mark.parametrize(
    ("move", "kind", "field"),
    [
        (MoveName.ASK, "", "text"),
        (MoveName.HOLD, "", "text"),
        (MoveName.RESOLVE, "fixed", "text"),
    ],
)
def test_move_without_its_words_is_refused_and_leaves_no_trace(d: Desk, move: MoveName, kind: str, field: str) -> None:
    before = d.record()
    with pytest.raises(DomainError) as refusal:
        d.move(move, d.desk(), "  ", kind)
    assert (refusal.value.code, refusal.value.field) == (Code.MISSING, field)
    assert d.record() == before


@pytest.mark.parametrize("kind", ["", "magic"])
def test_resolution_wants_a_kind_from_the_list(d: Desk, kind: str) -> None:
    with pytest.raises(DomainError) as refusal:
        d.move(MoveName.RESOLVE, d.desk(), "Done.", kind)
    assert refusal.value.field == "resolution_kind"


def test_why_it_is_on_hold_is_the_desks_own(d: Desk) -> None:
    d.move(MoveName.HOLD, d.desk(), "The vendor sleeps.")
    assert Message.objects.get(body="The vendor sleeps.").visibility == Visibility.INTERNAL


def test_reopening_needs_the_window(d: Desk) -> None:
    d.resolve()
    d.move(MoveName.CONFIRM, d.me())
    with pytest.raises(DomainError, match="too long ago"):
        status.make_move(
            ticket=d.ticket,
            move=MoveName.REOPEN,
            by=d.me(),
            now=LATER + timedelta(days=14),
            text="again",
        )
    last = LATER + timedelta(days=14) - timedelta(seconds=1)
    reopened = status.make_move(ticket=d.ticket, move=MoveName.REOPEN, by=d.me(), now=last, text="again")
    assert reopened.status == Status.OPEN


def test_second_of_two_who_resolve_is_told(d: Desk) -> None:
    d.resolve()
    with pytest.raises(DomainError, match="done already") as refusal:
        d.move(MoveName.RESOLVE, d.desk(2), "Me too.", ResolutionKind.FIXED)
    assert refusal.value.code is Code.ILLEGAL_MOVE
    assert d.record().count("resolved") == 1


def test_desk_cannot_confirm_for_the_requester(d: Desk) -> None:
    d.resolve()
    with pytest.raises(DomainError) as refusal:
        d.move(MoveName.CONFIRM, d.desk())
    assert refusal.value.code is Code.FORBIDDEN


@pytest.mark.parametrize("move", [MoveName.CLOSE, MoveName.TRIAGE, MoveName.HAND_OVER, MoveName.ANSWER])
def test_what_follows_by_itself_is_nobodys_move(d: Desk, move: MoveName) -> None:
    with pytest.raises(DomainError, match="follows by itself"):
        d.move(move, d.desk())


def test_quiet_ticket_closes_as_of_its_day_however_late_the_sweep(d: Desk) -> None:
    DeskSettings(quiet_days=3).save()
    d.resolve()
    due = LATER + timedelta(days=3)
    assert status.close_quiet(now=due - timedelta(seconds=1), limit=10) == 0
    assert status.close_quiet(now=due + timedelta(hours=9), limit=10) == 1
    ticket, event = d.now(), TicketEvent.objects.filter(ticket=d.ticket).latest("seq")
    assert (ticket.status, ticket.closed_at) == (Status.CLOSED, due)
    assert (event.kind, event.effective_at, event.actor, event.data) == (
        "closed",
        due,
        None,
        {"quiet_days": 3},
    )
    assert status.close_quiet(now=due + timedelta(days=9), limit=10) == 0


def test_record_of_a_closing_tells_the_days_that_were_really_waited(d: Desk) -> None:
    DeskSettings(quiet_days=5).save()
    d.resolve()
    DeskSettings.objects.update(quiet_days=30)
    status.close_quiet(now=LATER + timedelta(days=6), limit=10)
    assert TicketEvent.objects.filter(ticket=d.ticket).latest("seq").data == {"quiet_days": 5}


def test_ticket_that_was_rejected_in_time_does_not_close(d: Desk) -> None:
    d.resolve()
    d.move(MoveName.REJECT, d.me(), "No.")
    assert status.close_quiet(now=LATER + timedelta(days=99), limit=10) == 0
