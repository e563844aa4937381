"""Colleagues who are mentioned in notes: told by mail and on their home, as far as they may read it."""

import pytest

from helpdesk.actions import assignment, conversation
from helpdesk.actions.consumers import consume_due
from helpdesk.actions.mentions import see_mention
from helpdesk.choices import Channel, Role
from helpdesk.models import Delivery, Mention
from helpdesk.selectors.mentions import mentionable, named, unseen
from tests.factories import CategoryFactory, TeamFactory, UserFactory, actor, make_agent
from tests.helpdesk.actions.desk import LATER, Desk

pytestmark = pytest.mark.django_db


def note(d: Desk, text: str) -> None:
    conversation.add_note(ticket=d.ticket, body=text, by=d.desk(), now=LATER)


def test_who_is_mentioned_is_told_once_and_sees_it_until_they_write(d: Desk) -> None:
    note(d, "@Agent 2 and @Agent 1, @agent 2 again")
    consume_due(now=LATER, limit=50)
    assert [one.recipient for one in Delivery.objects.filter(kind="note_added")] == [d.agents[1]]
    assert [mention.message.body[:8] for mention in unseen(d.desk(2), 5)] == ["@Agent 2"]
    assert not unseen(d.desk(1), 5).exists()
    conversation.reply(ticket=d.ticket, body="I look.", by=d.desk(2), now=LATER)
    assert not unseen(d.desk(2), 5).exists()


def test_assignee_who_is_mentioned_gets_one_mail(d: Desk) -> None:
    assignment.assign(ticket=d.ticket, to=d.agents[1], seen_assignee_id=None, by=d.desk(), now=LATER)
    note(d, "@Agent 2")
    consume_due(now=LATER, limit=50)
    assert Delivery.objects.filter(kind="note_added").count() == 1


def test_words_for_everybody_mention_nobody(d: Desk) -> None:
    conversation.reply(ticket=d.ticket, body="@Agent 2", by=d.desk(), now=LATER)
    assert not Mention.objects.exists()


def test_who_may_not_read_it_is_not_told_and_named_to_the_writer(d: Desk) -> None:
    far = make_agent(TeamFactory.create(), name="Far Away")
    found = named("@Far Away @Ida @Agent 2", d.ticket)
    assert (list(found.readers), list(found.others)) == ([d.agents[1]], [far])
    note(d, "@Far Away @Ida")
    assert not Mention.objects.exists()


def test_one_of_two_namesakes_who_may_read_it_is_meant(d: Desk) -> None:
    make_agent(TeamFactory.create(), name="Agent 2")
    found = named("@Agent 2", d.ticket)
    assert (list(found.readers), list(found.others)) == ([d.agents[1]], [])


def test_handle_is_what_stands_before_the_at_of_the_address(d: Desk) -> None:
    noor = make_agent(d.teams[0], name="Noor Ali", email="noor@example.org")
    assert named("@noor, please", d.ticket).readers == [noor]


def test_one_sees_ones_own_mentions_alone(d: Desk) -> None:
    note(d, "@Agent 2")
    mention = Mention.objects.get()
    see_mention(pk=mention.pk, by=d.desk(3), now=LATER)
    assert unseen(d.desk(2), 5).exists()
    see_mention(pk=mention.pk, by=d.desk(2), now=LATER)
    assert not unseen(d.desk(2), 5).exists()


def test_who_lost_sight_of_the_ticket_is_not_reminded_of_it(d: Desk) -> None:
    note(d, "@Agent 2")
    d.queue.teams.remove(d.teams[1])
    assert not unseen(d.desk(2), 5).exists()


def test_suggested_are_those_who_read_it(d: Desk) -> None:
    manager = UserFactory.create(role=Role.MANAGER)
    for out in (Role.AUDITOR, Role.AGENT, Role.REQUESTER):
        UserFactory.create(role=out)
    assert set(mentionable(d.ticket)) == {*d.agents, manager}
    category = CategoryFactory.create(queue=d.queue)
    category.restricted_to.add(d.teams[0])
    d.ticket.category = category
    d.ticket.save()
    assert set(mentionable(d.now())) == {d.agents[0]}
    assert not named("@Agent 2", d.now()).readers
    assert actor(manager, Channel.DESK).standing.role is Role.MANAGER
