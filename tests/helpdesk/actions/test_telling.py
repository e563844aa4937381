"""Everybody is told as they chose: in their inbox at once, by mail when their quiet hours are over."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpdesk import registry
from helpdesk.actions import assignment, conversation, deliveries, inbox, people, preferences, setup, status, watching
from helpdesk.actions.consumers import consume_due
from helpdesk.actions.telling import put_off, tell
from helpdesk.choices import DeliveryChannel, MoveName, Occasion, Role, Urgency
from helpdesk.errors import DomainError
from helpdesk.models import AuditEvent, Delivery, InboxEntry, NotificationPreference, QuietHours, TicketEvent, User
from helpdesk.selectors import inbox as entries
from tests.factories import NOW, UserFactory, actor, make_ticket
from tests.helpdesk.actions.desk import LATER, Desk

pytestmark = pytest.mark.django_db

EMAIL, INBOX = DeliveryChannel.EMAIL, DeliveryChannel.INBOX
ALL_DAY = frozenset(range(1, 8))


def settle(now: datetime = LATER) -> None:
    consume_due(now=now, limit=100)


@pytest.fixture
def taken(d: Desk) -> Desk:
    """The ticket is the first agent's, and nothing waits."""
    d.take()
    settle()
    Delivery.objects.all().delete()
    InboxEntry.objects.all().delete()
    return d


def mails(person: User) -> list[Delivery]:
    return list(Delivery.objects.filter(recipient=person).order_by("pk"))


def choose(person: User, *cells: tuple[Occasion, DeliveryChannel], on: bool = False) -> None:
    preferences.choose(choices=dict.fromkeys(cells, on), by=actor(person), now=LATER)


def be_quiet(person: User, starts: time = time(9), ends: time = time(17), **more: Any) -> QuietHours:
    by = actor(person)
    return preferences.set_quiet_hours(
        weekdays=more.get("weekdays", ALL_DAY), starts=starts, ends=ends, whole_days=(), by=by, now=more.get("now", NOW)
    )


def test_who_works_on_it_is_told_in_the_inbox_and_by_mail_who_asked_by_mail(taken: Desk) -> None:
    conversation.reply(ticket=taken.ticket, body="Still smoking.", by=taken.me(), now=LATER)
    conversation.reply(ticket=taken.ticket, body="We look.", by=taken.desk(2), now=LATER)
    settle()
    agent = taken.agents[0]
    assert [(one.occasion, one.channel) for one in mails(agent)] == [("words", "email")] * 2
    assert [(one.user, one.occasion) for one in InboxEntry.objects.order_by("pk")] == [(agent, "words")] * 2
    assert [one.occasion for one in mails(taken.requester)] == ["answers"]


@pytest.mark.parametrize(
    ("act", "occasion"),
    [
        (lambda d: conversation.add_note(ticket=d.ticket, body="@Agent 1", by=d.desk(2), now=LATER), "notes"),
        (lambda d: d.move(MoveName.START, d.desk(2)), "status"),
        (lambda d: assignment.assign(ticket=d.ticket, to=d.agents[0], seen_assignee_id=None, by=d.desk(2), now=LATER),
         "assigned"),
    ],
)  # fmt: skip
def test_what_happens_is_told_on_its_occasion(d: Desk, act: Callable[[Desk], Any], occasion: str) -> None:
    if occasion == "status":
        d.take()
    act(d)
    settle()
    told = InboxEntry.objects.filter(user=d.agents[0]).latest("pk")
    assert told.occasion == Delivery.objects.filter(recipient=d.agents[0]).latest("pk").occasion == occasion


def test_receipt_can_be_turned_off_and_an_answer_cannot(d: Desk) -> None:
    choose(d.requester, (Occasion.RECEIPTS, EMAIL), (Occasion.ANSWERS, EMAIL), (Occasion.PROGRESS, EMAIL))
    d.take()
    d.move(MoveName.START, d.desk())
    conversation.reply(ticket=d.ticket, body="We look.", by=d.desk(), now=LATER)
    settle()
    assert [one.kind for one in mails(d.requester)] == ["reply_added"]


def test_who_hears_of_a_ticket_filed_for_them_hears_it_without_receipts_too(d: Desk) -> None:
    choose(d.requester, (Occasion.RECEIPTS, EMAIL))
    make_ticket(d.agents[0], d.queue, on_behalf_of=d.requester)
    settle()
    assert [one.occasion for one in mails(d.requester)] == ["answers"]


def test_choice_turned_off_after_the_mail_was_queued_counts_when_it_leaves(taken: Desk) -> None:
    conversation.reply(ticket=taken.ticket, body="Still smoking.", by=taken.me(), now=LATER)
    settle()
    choose(taken.agents[0], (Occasion.WORDS, EMAIL))
    deliveries.claim_next(now=LATER)
    assert [(one.state, one.cancel_reason) for one in mails(taken.agents[0])] == [("cancelled", "unwanted")]


def test_quiet_hours_put_mails_off_and_leave_inboxes_alone(taken: Desk) -> None:
    be_quiet(taken.agents[0])
    conversation.reply(ticket=taken.ticket, body="Still smoking.", by=taken.me(), now=LATER)
    settle()
    assert [one.not_before for one in mails(taken.agents[0])] == [datetime(2026, 3, 2, 17, tzinfo=UTC)]
    assert InboxEntry.objects.get().created_at == LATER
    assert deliveries.claim_next(now=LATER) is None


def test_hours_that_began_after_the_mail_was_queued_put_it_off_when_it_leaves(taken: Desk) -> None:
    conversation.reply(ticket=taken.ticket, body="Still smoking.", by=taken.me(), now=LATER)
    settle()
    be_quiet(taken.agents[0], now=LATER)
    claimed = deliveries.claim_next(now=LATER)
    assert claimed is not None
    [mail] = mails(taken.agents[0])
    assert (mail.state, mail.attempts, mail.not_before) == ("waiting", 0, datetime(2026, 3, 2, 17, tzinfo=UTC))
    claimed = deliveries.claim_next(now=mail.not_before)
    assert claimed is not None
    assert claimed.lease_until is not None


def test_end_of_quiet_lets_what_waited_leave_at_once(taken: Desk) -> None:
    agent = taken.agents[0]
    be_quiet(agent)
    conversation.reply(ticket=taken.ticket, body="Still smoking.", by=taken.me(), now=LATER)
    settle()
    soon = LATER + timedelta(minutes=5)
    preferences.set_quiet_hours(weekdays=(), starts=time(9), ends=time(17), whole_days=(), by=actor(agent), now=soon)
    assert [one.not_before for one in mails(agent)] == [soon]
    preferences.mute(until=soon + timedelta(hours=2), by=actor(agent), now=soon)
    deliveries.claim_next(now=soon)
    assert [one.not_before for one in mails(agent)] == [soon + timedelta(hours=2)]
    preferences.mute(until=None, by=actor(agent), now=soon)
    assert [one.not_before for one in mails(agent)] == [soon]


def test_mails_that_wait_follow_the_zone_of_their_reader(taken: Desk) -> None:
    agent = taken.agents[0]
    be_quiet(agent)
    conversation.reply(ticket=taken.ticket, body="Still smoking.", by=taken.me(), now=LATER)
    settle()
    profile = {"name": agent.name, "language": agent.spoken_language, "by": actor(agent), "now": LATER}
    people.change_profile(**profile, time_zone="Europe/Berlin")
    assert [one.not_before for one in mails(agent)] == [datetime(2026, 3, 2, 16, tzinfo=UTC)]
    people.change_profile(**profile, time_zone="Atlantic/Azores")
    assert [one.not_before for one in mails(agent)] == [datetime(2026, 3, 2, 18, tzinfo=UTC)]
    people.change_profile(**profile, time_zone="Asia/Tokyo")
    assert [one.not_before for one in mails(agent)] == [LATER]


def test_mails_that_wait_follow_the_zone_that_an_administrator_sets(taken: Desk) -> None:
    agent, boss = taken.agents[0], UserFactory.create(role=Role.ADMINISTRATOR)
    be_quiet(agent)
    conversation.reply(ticket=taken.ticket, body="Still smoking.", by=taken.me(), now=LATER)
    settle()
    row = User.objects.get(pk=agent.pk)
    row.time_zone = "Europe/Berlin"
    setup.save_setup(change=setup.Change(row, ["time_zone"]), by=actor(boss), now=LATER)
    assert [one.not_before for one in mails(agent)] == [datetime(2026, 3, 2, 16, tzinfo=UTC)]


def test_what_is_critical_leaves_at_once_before_and_beside_what_waits(taken: Desk) -> None:
    agent = taken.agents[0]
    be_quiet(agent)
    conversation.reply(ticket=taken.ticket, body="Still smoking.", by=taken.me(), now=LATER)
    settle()
    event = TicketEvent.objects.get(ticket=taken.ticket, kind="reply_added")
    other = TicketEvent.objects.filter(ticket=taken.ticket, kind="assigned").latest("pk")
    assert tell([agent], Occasion.LADDER, other, is_critical=True, now=LATER) == {agent.pk: {INBOX, EMAIL}}
    told = deliveries.claim_next(now=LATER)
    assert told is not None
    assert (told.event, told.urgency, told.is_critical) == (other, Urgency.NOW, True)
    assert told.lease_until is not None
    assert deliveries.claim_next(now=LATER) is None
    assert [one.event for one in InboxEntry.objects.filter(is_critical=True)] == [other]
    # Told again, by whomever and for whatever, nobody is told twice.
    tell([agent, agent], Occasion.WORDS, event, now=LATER)
    assert InboxEntry.objects.filter(event=event).count() == len([m for m in mails(agent) if m.event == event]) == 1


def test_weighty_occasion_cannot_be_turned_off_everywhere(d: Desk) -> None:
    agent = d.agents[0]
    with pytest.raises(DomainError, match="Leave one way") as refused:
        choose(agent, (Occasion.CLOCK_BREACHED, EMAIL), (Occasion.CLOCK_BREACHED, INBOX))
    assert refused.value.field == "clock_breached"
    choose(agent, (Occasion.CLOCK_BREACHED, EMAIL))
    with pytest.raises(DomainError):
        choose(agent, (Occasion.CLOCK_BREACHED, INBOX))
    NotificationPreference.objects.create(user=agent, occasion="clock_breached", channel="inbox", on=False)
    event = TicketEvent.objects.filter(ticket=d.ticket).latest("pk")
    assert tell([agent], Occasion.CLOCK_BREACHED, event, is_critical=True, now=LATER) == {agent.pk: {INBOX, EMAIL}}


def test_only_differences_are_kept(d: Desk) -> None:
    agent = d.agents[0]
    choose(agent, (Occasion.WORDS, EMAIL), (Occasion.NOTES, INBOX))
    choose(agent, (Occasion.UPDATE_OWED, EMAIL), on=True)
    assert NotificationPreference.objects.filter(user=agent).count() == 3
    choose(agent, (Occasion.WORDS, EMAIL), (Occasion.RECEIPTS, EMAIL), on=True)
    rows = NotificationPreference.objects.filter(user=agent).order_by("occasion")
    assert [(row.occasion, row.on) for row in rows] == [("notes", False), ("update_owed", True)]
    # The same once more changes nothing, and is not put on record.
    before = AuditEvent.objects.filter(kind="notifications_chosen").count()
    choose(agent, (Occasion.NOTES, INBOX))
    assert AuditEvent.objects.filter(kind="notifications_chosen").count() == before == 3


def test_requester_chooses_nothing_of_the_desks(d: Desk) -> None:
    choose(d.requester, (Occasion.NOTES, EMAIL), (Occasion.WATCHED, INBOX), (Occasion.WATCHED, EMAIL))
    assert [(row.occasion, row.channel) for row in NotificationPreference.objects.all()] == [("watched", "email")]


@pytest.mark.parametrize("days", [{8}, {0}, {-1}])
def test_days_that_no_week_has_are_refused(d: Desk, days: set[int]) -> None:
    with pytest.raises(DomainError, match="Choose days"):
        be_quiet(d.agents[0], weekdays=days)


def test_quiet_that_never_ends_is_refused(d: Desk) -> None:
    with pytest.raises(DomainError, match="Leave some time"):
        be_quiet(d.agents[0], time(8), time(8))
    with pytest.raises(DomainError, match="within the next 30 days"):
        preferences.mute(until=NOW + timedelta(days=31), by=actor(d.agents[0]), now=NOW)
    with pytest.raises(DomainError, match="within the next 30 days"):
        preferences.mute(until=NOW, by=actor(d.agents[0]), now=NOW)
    assert not QuietHours.objects.exists()


def test_closed_account_chooses_nothing(d: Desk) -> None:
    User.objects.filter(pk=d.requester.pk).update(is_active=False)
    with pytest.raises(DomainError, match="closed"):
        choose(User.objects.get(pk=d.requester.pk), (Occasion.RECEIPTS, EMAIL))


def test_telling_a_hundred_costs_as_many_queries_as_telling_one(d: Desk) -> None:
    event = TicketEvent.objects.select_related("ticket").filter(ticket=d.ticket).latest("pk")
    counts = []
    for size in (1, 20):
        people = [UserFactory.create(role=Role.AGENT) for _number in range(size)]
        for person in people:
            be_quiet(person)
            choose(person, (Occasion.WORDS, INBOX), (Occasion.STATUS, EMAIL))
        with CaptureQueriesContext(connection) as queries:
            told = tell(people, Occasion.STATUS, event, now=LATER)
            told = tell(people, Occasion.WORDS, event, now=LATER)
        assert set(map(frozenset, told.values())) == {frozenset({EMAIL})}
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_inbox_shows_nothing_of_what_its_person_may_not_see_any_more(taken: Desk) -> None:
    agent = taken.agents[1]
    watching.add_watcher(ticket=taken.ticket, email=agent.email, by=taken.desk(), now=LATER)
    conversation.add_note(ticket=taken.ticket, body="@Agent 2", by=taken.desk(), now=LATER)
    settle()
    assert {one.occasion for one in entries.entries(actor(agent))} == {"watched", "notes"}
    assert len(entries.unread_tickets(actor(agent))) == 2
    # Outside of the team they still watch, and read no notes.
    taken.queue.teams.remove(taken.teams[1])
    assert [one.occasion for one in entries.entries(actor(agent))] == ["watched"]
    watching.remove_watcher(ticket=taken.ticket, who=agent, by=taken.desk(), now=LATER)
    assert not entries.entries(actor(agent)).exists()
    assert entries.unread_tickets(actor(agent)) == []
    assert entries.entry_of(actor(agent), InboxEntry.objects.filter(user=agent).latest("pk").pk) is None


def test_who_answers_has_read_what_they_were_told_about_it(taken: Desk) -> None:
    elsewhere = make_ticket(taken.requester, taken.queue)
    agent = taken.agents[0]
    for ticket in (taken.ticket, elsewhere):
        if ticket is elsewhere:
            assignment.assign(ticket=ticket, to=agent, seen_assignee_id=None, by=taken.desk(2), now=LATER)
        conversation.reply(ticket=ticket, body="Still smoking.", by=taken.me(), now=LATER)
    settle()
    conversation.reply(ticket=taken.ticket, body="We look.", by=taken.desk(), now=LATER)
    assert set(entries.unread(actor(agent)).values_list("ticket", flat=True)) == {elsewhere.pk}


def test_all_up_to_what_was_seen_is_read_and_nobody_elses(taken: Desk) -> None:
    one, other = taken.agents[:2]
    event = TicketEvent.objects.filter(ticket=taken.ticket).latest("pk")
    tell([one, other], Occasion.STATUS, event, now=LATER)
    seen = InboxEntry.objects.get(user=one)
    status.make_move(ticket=taken.ticket, move=MoveName.START, by=taken.desk(2), now=LATER)
    settle()
    assert inbox.read_all(up_to=seen.pk, by=actor(one), now=LATER) == 1
    assert entries.unread(actor(one)).count() == 1
    theirs = InboxEntry.objects.get(user=other)
    inbox.read_entry(entry=theirs, by=actor(one), now=LATER)
    assert entries.unread(actor(other)).get() == theirs


def test_entries_go_after_ninety_days(taken: Desk) -> None:
    event = TicketEvent.objects.filter(ticket=taken.ticket).latest("pk")
    tell(taken.agents, Occasion.STATUS, event, now=LATER)
    assert inbox.forget(now=LATER + inbox.LIFE, limit=10) == 0
    assert inbox.forget(now=LATER + inbox.LIFE + timedelta(seconds=1), limit=2) == 2
    assert InboxEntry.objects.count() == 1


def test_every_kind_that_is_told_is_asked_before_it_leaves() -> None:
    kinds = registry.consumers["notify"].kinds
    assert {registry.delivery_kinds[kind].put_off for kind in kinds} == {put_off}


def test_several_events_ask_the_database_as_often_as_one(taken: Desk) -> None:
    def asked(count: int) -> int:
        for _number in range(count):
            make_ticket(queue=taken.queue)
        with CaptureQueriesContext(connection) as captured:
            settle()
        return len(captured)

    asked(1)
    assert asked(1) == asked(4)
    assert Delivery.objects.filter(occasion="receipts").count() == 6
