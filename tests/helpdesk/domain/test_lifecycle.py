"""The table of moves against the sentences of the design, and its consequences against the database's constraints."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.choices import MoveName, Status
from helpdesk.domain.lifecycle import (
    MOVES,
    Stand,
    Windows,
    check,
    consequence,
    is_open_to,
    legal_moves,
)
from helpdesk.errors import Code, DomainError

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
WINDOWS = Windows(quiet=timedelta(days=5), reopening=timedelta(days=14))

# The lifecycle written down a second time, move by move, as somebody would explain it.
EXPLAINED = {
    "new": {"triage": "open", "start": "in_progress", "ask": "pending", "hold": "on_hold", "hand_over": "open",
            "resolve": "resolved"},
    "open": {"start": "in_progress", "ask": "pending", "hold": "on_hold", "resolve": "resolved"},
    "in_progress": {"ask": "pending", "hold": "on_hold", "hand_over": "open", "resolve": "resolved"},
    "pending": {"start": "in_progress", "hold": "on_hold", "answer": "open", "hand_over": "open",
                "resolve": "resolved"},
    "on_hold": {"start": "in_progress", "ask": "pending", "hand_over": "open", "resolve": "resolved"},
    "resolved": {"confirm": "closed", "reject": "open", "reopen": "open", "close": "closed"},
    "closed": {"reopen": "open"},
}  # fmt: skip


@pytest.mark.parametrize("status", Status)
def test_lifecycle_allows_exactly_the_moves_that_the_design_tells(
    status: Status,
) -> None:
    closed_at = NOW - timedelta(days=1) if status is Status.CLOSED else None
    legal = legal_moves(Stand(status, closed_at), NOW, WINDOWS)
    assert {move.name.value: move.target.value for move in legal} == EXPLAINED[status]


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=60)))
def test_closed_ticket_can_be_reopened_within_the_window_only(age: timedelta) -> None:
    stand = Stand(Status.CLOSED, NOW - age)
    assert is_open_to(MOVES[MoveName.REOPEN], stand, NOW, WINDOWS) is (age < timedelta(days=14))


@given(
    st.sampled_from(MoveName),
    st.sampled_from(Status),
    st.text(max_size=5),
    st.sampled_from(["", "fixed"]),
)
def test_check_refuses_what_is_illegal_or_not_filled_in(name: MoveName, status: Status, text: str, kind: str) -> None:
    move, stand = MOVES[name], Stand(status, NOW if status is Status.CLOSED else None)
    wants_text = name.value in {"ask", "hold", "resolve", "reject", "reopen"}
    if name.value not in EXPLAINED[status]:
        expected = Code.ILLEGAL_MOVE
    elif (wants_text and not text.strip()) or (name is MoveName.RESOLVE and not kind):
        expected = Code.MISSING
    else:
        expected = None
    try:
        check(move, stand, NOW, WINDOWS, text=text, resolution_kind=kind)
    except DomainError as refusal:
        assert refusal.code is expected
        assert str(refusal)
    else:
        assert expected is None


@given(st.lists(st.sampled_from(MoveName), max_size=12), st.integers(1, 30))
def test_columns_fit_the_status_after_any_walk_through_the_table(names: list[MoveName], quiet: int) -> None:
    windows = Windows(timedelta(days=quiet), timedelta(days=14))
    status, resolved_at, closed_at, now = Status.NEW, None, None, NOW
    for name in names:
        now += timedelta(hours=7)
        if not is_open_to(MOVES[name], Stand(status, closed_at), now, windows):
            continue
        last_resolved = resolved_at
        after = consequence(MOVES[name], now, windows, resolved_at)
        status, resolved_at, closed_at = (
            after.status,
            after.resolved_at,
            after.closed_at,
        )
        assert after.status_since == now
        assert (resolved_at is not None) is (status in {Status.RESOLVED, Status.CLOSED})
        assert (closed_at is not None) is (status is Status.CLOSED)
        assert (after.close_due_at is not None) is (status is Status.RESOLVED)
        assert after.clears_resolution is (status not in {Status.RESOLVED, Status.CLOSED})
        if status is Status.RESOLVED:
            assert (resolved_at, after.close_due_at) == (
                now,
                now + timedelta(days=quiet),
            )
        if status is Status.CLOSED:
            assert resolved_at == last_resolved


def test_refusal_says_what_is_possible_in_its_place() -> None:
    with pytest.raises(DomainError, match="starts a new, linked ticket"):
        check(
            MOVES[MoveName.REOPEN],
            Stand(Status.CLOSED, NOW - timedelta(days=20)),
            NOW,
            WINDOWS,
            text="again",
            resolution_kind="",
        )
    with pytest.raises(DomainError, match="done already"):
        check(
            MOVES[MoveName.RESOLVE],
            Stand(Status.RESOLVED),
            NOW,
            WINDOWS,
            text="x",
            resolution_kind="fixed",
        )
