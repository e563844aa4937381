"""A ticket's life through the actions: what is on it, on its record and refused."""

from datetime import timedelta

import pytest
from django.utils import timezone

from helpdesk.actions import assignment, conversation, housekeeping, status, tickets, tiers
from helpdesk.actors import SYSTEM, Actor
from helpdesk.choices import Channel, MoveName, ResolutionKind, Role, Status, Visibility
from helpdesk.errors import Code, DomainError
from helpdesk.models import DeskSettings, Message, Queue, Ticket, TicketEvent, User
from tests.factories import (
    NOW,
    CategoryFactory,
    FirstTierRuleFactory,
    OrganizationFactory,
    OrganizationMembershipFactory,
    QueueFactory,
    TeamFactory,
    TeamMembershipFactory,
    TierFactory,
    UserFactory,
    actor,
    make_agent,
    make_ticket,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


class Desk:
    """One queue with a team on each of three tiers and an agent in each."""

    def __init__(self) -> None:
        self.teams = [TeamFactory.create(tier=TierFactory.create(level=level)) for level in (1, 2, 3)]
        self.queue: Queue = QueueFactory.create(teams=self.teams)
        self.agents = [make_agent(team, name=f"Agent {n}") for n, team in enumerate(self.teams, 1)]
        self.requester: User = UserFactory.create(name="Ida")
        self.ticket = make_ticket(self.requester, self.queue)

    def desk(self, tier: int = 1) -> Actor:
        return actor(self.agents[tier - 1], Channel.DESK)

    def me(self) -> Actor:
        return actor(self.requester)

    def move(self, move: MoveName, by: Actor, text: str = "", kind: str = "") -> Ticket:
        return status.make_move(
            ticket=self.ticket,
            move=move,
            by=by,
            now=LATER,
            text=text,
            resolution_kind=kind,
        )

    def resolve(self) -> Ticket:
        return self.move(MoveName.RESOLVE, self.desk(), "Put it out.", ResolutionKind.FIXED)

    def take(self, tier: int = 1) -> Ticket:
        return assignment.assign(
            ticket=self.ticket,
            to=self.agents[tier - 1],
            seen_assignee_id=self.now().assignee_id,
            by=self.desk(tier),
            now=LATER,
        )

    def now(self) -> Ticket:
        return Ticket.objects.get(pk=self.ticket.pk)

    def record(self) -> list[str]:
        return list(TicketEvent.objects.filter(ticket=self.ticket).order_by("seq").values_list("kind", flat=True))


@pytest.fixture
def d() -> Desk:
    return Desk()


def test_new_ticket_has_number_queue_priority_and_tier_of_its_category() -> None:
    for level in (1, 2):
        TierFactory.create(level=level)
    rule = FirstTierRuleFactory.create(code="r", plan={"1": [2], "2": [2], "3": [1], "4": [1]})
    category = CategoryFactory.create(queue=QueueFactory.create(first_tier_rule=rule, default_priority=2))
    one = make_ticket(category=category)
    two = make_ticket()
    assert two.number > one.number >= 1001
    assert (one.queue, one.priority, one.tier.level, one.status) == (
        category.queue,
        2,
        2,
        Status.NEW,
    )
    event = TicketEvent.objects.get(ticket=one)
    assert (event.kind, event.seq, one.version) == ("ticket_created", 1, 1)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"subject": "  "}, "subject"),
        ({"subject": "x" * 201}, "subject"),
        ({"body": "\n"}, "text"),
    ],
)
def test_ticket_without_words_is_refused_at_its_field(values: dict[str, str], field: str) -> None:
    with pytest.raises(DomainError) as refusal:
        make_ticket(**values)
    assert refusal.value.field == field
    assert not Ticket.objects.exists()


def test_ticket_goes_to_the_requesters_organization() -> None:
    place = OrganizationMembershipFactory.create(organization=OrganizationFactory.create(), user=UserFactory.create())
    assert make_ticket(place.user).organization == place.organization


def test_category_that_nobody_takes_is_refused() -> None:
    category = CategoryFactory.create(is_active=False)
    with pytest.raises(DomainError, match="nobody takes"):
        make_ticket(category=category)


def test_only_the_desk_files_for_others(d: Desk) -> None:
    other = UserFactory.create()
    with pytest.raises(DomainError) as refusal:
        make_ticket(d.requester, d.queue, on_behalf_of=other)
    assert refusal.value.code is Code.FORBIDDEN
    assert make_ticket(d.agents[0], d.queue, on_behalf_of=other).requester == other


def test_same_submission_twice_makes_one_ticket(d: Desk) -> None:
    once = tickets.Submission.of("k", {"subject": "s"})
    first = make_ticket(d.requester, d.queue, submission=once)
    assert make_ticket(d.requester, d.queue, submission=once) == first
    with pytest.raises(DomainError, match=first.ref):
        make_ticket(
            d.requester,
            d.queue,
            submission=tickets.Submission.of("k", {"subject": "other"}),
        )
    assert make_ticket(queue=d.queue, submission=once) != first, "a key is its sender's own"


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


def test_taking_a_new_ticket_opens_it(d: Desk) -> None:
    assert d.take().status == Status.OPEN


def test_second_of_two_who_take_is_told_who_has_it(d: Desk) -> None:
    d.take()
    with pytest.raises(DomainError, match="Agent 1 took this ticket meanwhile") as refusal:
        assignment.assign(
            ticket=d.ticket,
            to=d.agents[1],
            seen_assignee_id=None,
            by=d.desk(2),
            now=LATER,
        )
    assert refusal.value.code is Code.STALE
    assert d.now().assignee == d.agents[0]


@pytest.mark.parametrize("role", [Role.REQUESTER, Role.AUDITOR, Role.AGENT])
def test_nobody_gets_a_ticket_that_they_may_not_work(d: Desk, role: Role) -> None:
    stranger = UserFactory.create(role=role)
    with pytest.raises(DomainError) as refusal:
        assignment.assign(ticket=d.ticket, to=stranger, seen_assignee_id=None, by=d.desk(), now=LATER)
    assert refusal.value.field == "assignee"


def test_deactivated_colleague_gets_no_ticket(d: Desk) -> None:
    d.agents[1].is_active = False
    d.agents[1].save()
    with pytest.raises(DomainError):
        assignment.assign(
            ticket=d.ticket,
            to=d.agents[1],
            seen_assignee_id=None,
            by=d.desk(),
            now=LATER,
        )


def test_question_waits_for_the_requester_and_the_answer_opens_it(d: Desk) -> None:
    d.take()
    assert d.move(MoveName.ASK, d.desk(), "Which one?").status == Status.PENDING
    assert conversation.reply(ticket=d.ticket, body="Red.", by=d.me(), now=LATER).status == Status.OPEN


def test_desks_reply_opens_a_new_ticket_and_leaves_others_as_they_are(d: Desk) -> None:
    assert conversation.reply(ticket=d.ticket, body="Hello.", by=d.desk(), now=LATER).status == Status.OPEN
    d.move(MoveName.START, d.desk())
    assert conversation.reply(ticket=d.ticket, body="Still at it.", by=d.desk(), now=LATER).status == "in_progress"


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


def test_escalation_wants_a_reason(d: Desk) -> None:
    with pytest.raises(DomainError) as refusal:
        tiers.escalate(ticket=d.ticket, reason=" ", by=d.desk(), now=LATER)
    assert refusal.value.field == "text"
    assert d.now().tier.level == 1


def test_escalation_goes_up_one_tier_and_out_of_the_hands_of_the_old_one(
    d: Desk,
) -> None:
    d.take()
    d.move(MoveName.START, d.desk())
    ticket = tiers.escalate(ticket=d.ticket, reason="Too hard.", by=d.desk(), now=LATER)
    assert (ticket.tier.level, ticket.assignee, ticket.status) == (2, None, Status.OPEN)
    note = Message.objects.get(body="Too hard.")
    assert note.visibility == Visibility.INTERNAL


def test_who_works_on_both_tiers_keeps_the_ticket(d: Desk) -> None:
    TeamMembershipFactory.create(team=d.teams[1], user=d.agents[0])
    d.take()
    d.move(MoveName.START, d.desk())
    ticket = tiers.escalate(ticket=d.ticket, reason="My other hat.", by=d.desk(), now=LATER)
    assert (ticket.tier.level, ticket.assignee, ticket.status) == (
        2,
        d.agents[0],
        Status.IN_PROGRESS,
    )


def test_ladder_of_tiers_has_two_ends(d: Desk) -> None:
    with pytest.raises(DomainError, match="no tier below"):
        tiers.deescalate(ticket=d.ticket, reason="r", by=d.desk(), now=LATER)
    for _step in range(2):
        tiers.escalate(ticket=d.ticket, reason="r", by=d.desk(), now=LATER)
    with pytest.raises(DomainError, match="no tier above"):
        tiers.escalate(ticket=d.ticket, reason="r", by=d.desk(), now=LATER)
    assert tiers.deescalate(ticket=d.ticket, reason="Known issue.", by=d.desk(), now=LATER).tier.level == 2


def test_tier_that_is_not_in_use_is_passed_by(d: Desk) -> None:
    d.teams[1].tier.is_active = False
    d.teams[1].tier.save()
    assert tiers.escalate(ticket=d.ticket, reason="r", by=d.desk(), now=LATER).tier.level == 3


def test_solved_ticket_is_not_escalated_or_assigned(d: Desk) -> None:
    d.resolve()
    with pytest.raises(DomainError, match="reopen it first"):
        tiers.escalate(ticket=d.ticket, reason="r", by=d.desk(), now=LATER)
    with pytest.raises(DomainError, match="reopen it first"):
        d.take()


def test_reply_of_the_requester_reopens_what_was_resolved(d: Desk) -> None:
    d.resolve()
    ticket = conversation.reply(ticket=d.ticket, body="No, it is not.", by=d.me(), now=LATER)
    assert (ticket.status, ticket.resolution_kind, ticket.close_due_at) == (
        Status.OPEN,
        "",
        None,
    )
    assert d.record()[-2:] == ["reply_added", "reopened"]


def test_late_reply_starts_a_linked_ticket(d: Desk) -> None:
    d.resolve()
    d.move(MoveName.CONFIRM, d.me())
    late = LATER + timedelta(days=15)
    new = conversation.reply(ticket=d.ticket, body="It burns again.", by=d.me(), now=late)
    assert new != d.ticket
    assert (new.follows, new.status, new.requester) == (
        d.ticket,
        Status.NEW,
        d.requester,
    )
    assert Message.objects.get(ticket=new).body == "It burns again."
    assert d.now().status == Status.CLOSED
    assert d.record()[-1] == "followed_up"


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


def test_reply_past_words_that_were_not_seen_is_refused(d: Desk) -> None:
    seen = d.now().version
    conversation.reply(ticket=d.ticket, body="Wait, it stopped.", by=d.me(), now=LATER)
    with pytest.raises(DomainError, match="Your text is kept") as refusal:
        conversation.reply(
            ticket=d.ticket,
            body="Throw water.",
            by=d.desk(),
            now=LATER,
            seen_version=seen,
        )
    assert refusal.value.code is Code.STALE
    conversation.reply(
        ticket=d.ticket,
        body="Good.",
        by=d.desk(),
        now=LATER,
        seen_version=d.now().version,
    )


def test_own_words_and_silent_events_do_not_hold_up_a_reply(d: Desk) -> None:
    seen = d.now().version
    conversation.reply(ticket=d.ticket, body="One.", by=d.desk(), now=LATER)
    conversation.add_note(ticket=d.ticket, body="A note.", by=d.desk(2), now=LATER)
    conversation.reply(ticket=d.ticket, body="Two.", by=d.desk(), now=LATER, seen_version=seen)


def test_requester_cannot_write_notes_or_work(d: Desk) -> None:
    with pytest.raises(DomainError) as note:
        conversation.add_note(ticket=d.ticket, body="x", by=d.me(), now=LATER)
    with pytest.raises(DomainError) as move:
        d.move(MoveName.START, d.me())
    assert (note.value.code, move.value.code) == (Code.FORBIDDEN, Code.FORBIDDEN)


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


def test_ticket_that_was_rejected_in_time_does_not_close(d: Desk) -> None:
    d.resolve()
    d.move(MoveName.REJECT, d.me(), "No.")
    assert status.close_quiet(now=LATER + timedelta(days=99), limit=10) == 0


def test_sweep_takes_no_more_than_its_limit(d: Desk) -> None:
    for _n in range(3):
        other = make_ticket(d.requester, d.queue)
        status.make_move(
            ticket=other,
            move=MoveName.RESOLVE,
            by=d.desk(),
            now=LATER,
            text="t",
            resolution_kind="fixed",
        )
    swept = [status.close_quiet(now=LATER + timedelta(days=9), limit=2) for _n in range(3)]
    assert swept == [2, 1, 0]


def test_desk_itself_is_nobodys_author() -> None:
    with pytest.raises(ValueError, match="no person"):
        _ = SYSTEM.person


@pytest.mark.parametrize("text", ["\0\0", " \x07 ", "\u202e"])
def test_text_of_nothing_but_what_cannot_be_seen_is_no_text(d: Desk, text: str) -> None:
    for attempt in (
        lambda: make_ticket(d.requester, d.queue, body=text),
        lambda: make_ticket(d.requester, d.queue, subject=text),
        lambda: conversation.reply(ticket=d.ticket, body=text, by=d.me(), now=LATER),
        lambda: d.move(MoveName.HOLD, d.desk(), text),
        lambda: tiers.escalate(ticket=d.ticket, reason=text, by=d.desk(), now=LATER),
    ):
        with pytest.raises(DomainError) as refusal:
            attempt()
        assert refusal.value.code is Code.MISSING


def test_text_too_long_for_a_message_is_told_so(d: Desk) -> None:
    conversation.reply(ticket=d.ticket, body="x" * 100_000, by=d.me(), now=LATER)
    with pytest.raises(DomainError, match="Attach the rest as a file"):
        conversation.reply(ticket=d.ticket, body="x" * 100_001, by=d.me(), now=LATER)


def test_follow_up_of_a_queue_that_is_gone_goes_to_the_default_one(d: Desk) -> None:
    default = QueueFactory.create(is_default=True)
    d.resolve()
    d.move(MoveName.CONFIRM, d.me())
    Queue.objects.filter(pk=d.queue.pk).update(is_active=False)
    new = conversation.reply(ticket=d.ticket, body="Again.", by=d.me(), now=LATER + timedelta(days=99))
    assert new.queue == default


def test_submission_is_remembered_for_a_fortnight_and_then_forgotten(d: Desk) -> None:
    once = tickets.Submission.of("k", {"subject": "s"})
    first = make_ticket(d.requester, d.queue, submission=once)
    now = timezone.now()
    assert housekeeping.forget_submissions(now=now + timedelta(days=13), limit=10) == 0
    assert make_ticket(d.requester, d.queue, submission=once) == first
    assert housekeeping.forget_submissions(now=now + timedelta(days=15), limit=10) == 1
    assert make_ticket(d.requester, d.queue, submission=once) != first
