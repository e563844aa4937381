"""Two tickets become one and two again: what goes over, who reads it, where late words land, and two at once."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from helpdesk.actions import conversation, linking, properties, status, watching
from helpdesk.actions.consumers import consume_due
from helpdesk.actions.merging import merge, undo_merge
from helpdesk.actions.sub_tasks import Plan, add_sub_task
from helpdesk.choices import MoveName, Relation, ResolutionKind, Status
from helpdesk.errors import Code, DomainError
from helpdesk.models import (
    Delivery,
    FieldValue,
    Message,
    SubTask,
    Ticket,
    TicketEvent,
    TicketLink,
    TicketMerge,
    User,
)
from helpdesk.permissions import Right, may
from helpdesk.selectors import conversation as read
from helpdesk.selectors.filing import latest_waits
from helpdesk.selectors.merging import new_readers
from helpdesk.selectors.watchers import watchers_of
from tests.factories import (
    CategoryFactory,
    CustomFieldFactory,
    OrganizationFactory,
    OrganizationMembershipFactory,
    QueueFactory,
    TeamFactory,
    UserFactory,
    actor,
    make_agent,
    make_ticket,
)
from tests.helpdesk.actions.desk import LATER, Desk

pytestmark = pytest.mark.django_db
SOON = LATER + timedelta(hours=2)


def now(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def join(d: Desk, ticket: Ticket, into: Ticket, **how: Any) -> TicketMerge:
    return merge(**{"ticket": ticket, "into": into, "by": d.desk(), "now": LATER, **how})


def again(d: Desk, subject: str = "Smoke in the printer room", requester: User | None = None) -> Ticket:
    return make_ticket(requester or d.requester, d.queue, subject=subject, body=f"{subject}.")


def bodies(ticket: Ticket) -> list[str]:
    return list(read.public_messages(ticket).values_list("body", flat=True))


def everything(ticket: Ticket) -> dict[str, Any]:
    """All that belongs to a ticket, to be compared; but its version, its events and the times of its last change."""
    row = Ticket.objects.filter(pk=ticket.pk).values().get()
    for name in ("version", "updated_at", "public_at"):
        del row[name]
    return {
        **row,
        "messages": list(Message.objects.filter(ticket=ticket).order_by("pk").values()),
        "watchers": sorted(watchers_of(ticket).values_list("pk", flat=True)),
        "tags": sorted(ticket.tags.values_list("name", flat=True)),
        "answers": list(FieldValue.objects.filter(ticket=ticket).order_by("pk").values()),
        "sub_tasks": list(SubTask.objects.filter(ticket=ticket).order_by("pk").values()),
        "links": sorted(
            TicketLink.objects.filter(source=ticket).values_list("kind", "target"),
        )
        + sorted(TicketLink.objects.filter(target=ticket).values_list("source", "kind")),
    }


def full(d: Desk) -> tuple[Ticket, Ticket]:
    """Two tickets with a little of everything on both."""
    field = CustomFieldFactory.create(category=CategoryFactory.create(queue=d.queue))
    other_field = CustomFieldFactory.create(category=field.category)
    source, target = again(d), d.ticket
    for ticket, tags in ((source, ["fire", "smoke"]), (target, ["fire"])):
        conversation.reply(ticket=ticket, body=f"More on {ticket.ref}", by=d.me(), now=LATER)
        conversation.add_note(ticket=ticket, body=f"A note on {ticket.ref}", by=d.desk(), now=LATER)
        properties.retag(ticket=ticket, add=tags, by=d.desk(), now=LATER)
        add_sub_task(ticket=ticket, plan=Plan(f"Look at {ticket.ref}"), by=d.desk(), now=LATER)
        FieldValue.objects.create(ticket=ticket, field=field, value=ticket.ref)
        watching.add_watcher(ticket=ticket, email="both@example.org", by=d.desk(), now=LATER)
        watching.add_watcher(ticket=ticket, email=f"w{ticket.number}@example.org", by=d.desk(), now=LATER)
    FieldValue.objects.create(ticket=source, field=other_field, value="Only here")
    parent, blocked = again(d), again(d)
    for other, relation in ((parent, Relation.CHILD_OF), (blocked, Relation.BLOCKS), (target, Relation.DUPLICATES)):
        linking.link(ticket=source, other=other, relation=relation, by=d.desk(), now=LATER)
    linking.link(ticket=target, other=blocked, relation=Relation.BLOCKS, by=d.desk(), now=LATER)
    return now(source), now(target)


def test_everything_goes_over_in_the_order_of_time(d: Desk) -> None:
    source, target = full(d)
    join(d, source, target, knowing=True)
    source, target = now(source), now(target)
    assert (source.status, source.resolution_kind, source.merged_into) == (Status.CLOSED, "merged", target)
    said = list(read.messages(d.desk(), target))
    assert [message.created_at for message in said] == sorted(message.created_at for message in said)
    assert {message.origin_ref for message in said} == {"", source.ref}
    assert next(message.body for message in said if message.origin_ref) == "Smoke in the printer room."
    assert not Message.objects.filter(ticket=source).exists()
    assert {tag.name for tag in target.tags.all()} == {"fire", "smoke"}
    assert watchers_of(target).filter(email=f"w{source.number}@example.org").exists()
    assert watchers_of(target).count() == 3, "Who asked for both follows neither."
    assert sorted(FieldValue.objects.filter(ticket=target).values_list("value", flat=True)) == ["Only here", target.ref]
    assert SubTask.objects.filter(ticket=target).count() == 2
    kinds = sorted(TicketLink.objects.filter(target=target).values_list("kind", flat=True))
    assert kinds == ["duplicates", "parent"]
    assert TicketLink.objects.filter(source=target, kind="blocks").count() == 1


def test_undoing_puts_everything_back_as_it_was(d: Desk) -> None:
    source, target = full(d)
    before = everything(source), everything(target)
    done = join(d, source, target, knowing=True)
    assert (everything(source), everything(target)) != before
    undo_merge(merge=done, by=d.desk(), now=SOON)
    assert (everything(source), everything(target)) == before
    undo_merge(merge=done, by=d.desk(), now=SOON)
    assert (everything(source), everything(target)) == before
    assert TicketEvent.objects.filter(kind="unmerged").count() == 2
    # And once more, from the beginning.
    join(d, source, target, knowing=True)
    assert now(source).merged_into == target


def test_what_was_written_since_stays(d: Desk) -> None:
    source = again(d)
    done = join(d, source, d.ticket)
    conversation.reply(ticket=d.ticket, body="One word for both", by=d.desk(), now=SOON)
    undo_merge(merge=done, by=d.desk(), now=SOON)
    assert bodies(source) == ["Smoke in the printer room."]
    assert bodies(d.ticket)[-1] == "One word for both"
    assert now(d.ticket).unanswered_since is None, "That was answered since."
    assert now(source).unanswered_since is not None


def test_events_stay_their_tickets_own_and_are_told_together(d: Desk) -> None:
    source = again(d)
    properties.retag(ticket=source, add=["fire"], by=d.desk(), now=LATER)
    before = list(TicketEvent.objects.filter(ticket=source).order_by("seq").values())
    done = join(d, source, d.ticket, now=SOON)
    assert list(TicketEvent.objects.filter(ticket=source).order_by("seq").values())[: len(before)] == before
    entries = read.timeline(d.desk(), now(d.ticket))
    told = [(entry.event.kind, entry.origin) for entry in entries]
    assert told == [
        ("ticket_created", ""),
        ("ticket_created", source.ref),
        ("tags_changed", source.ref),
        ("took_in", ""),
    ]
    undo_merge(merge=done, by=d.desk(), now=SOON)
    kinds = [entry.event.kind for entry in read.timeline(d.desk(), now(d.ticket))]
    assert kinds == ["ticket_created", "took_in", "unmerged"]


def test_merge_is_left_out_of_what_is_counted(d: Desk) -> None:
    source = again(d)
    for ticket in (source, d.ticket):
        conversation.reply(ticket=ticket, body="We look.", by=d.desk(), now=LATER)
    assert len(latest_waits(d.queue)) == 2
    join(d, source, d.ticket)
    assert len(latest_waits(d.queue)) == 1


def test_merging_across_requesters_is_refused_until_somebody_says_that_they_may(d: Desk) -> None:
    bob = UserFactory.create(name="Bob")
    source = again(d, requester=bob)
    assert set(new_readers(source, d.ticket).of_source) == {bob}
    with pytest.raises(DomainError, match="could not read before") as refused:
        join(d, source, d.ticket)
    assert refused.value.field == "knowing"
    assert now(source).merged_into is None
    join(d, source, d.ticket, knowing=True)
    assert list(watchers_of(d.ticket)) == [bob]
    assert not new_readers(now(source), now(source))


def test_same_requester_in_two_organisations_is_across_too(d: Desk) -> None:
    organization = OrganizationFactory.create()
    OrganizationMembershipFactory.create(user=d.requester, organization=organization)
    source = again(d)
    assert source.organization == organization
    with pytest.raises(DomainError):
        join(d, source, d.ticket)


def test_who_asked_there_keeps_reading_and_cannot_be_taken_off(d: Desk) -> None:
    bob = UserFactory.create(name="Bob")
    source = again(d, requester=bob)
    join(d, source, d.ticket, knowing=True)
    assert "Smoke in the printer room." in bodies(d.ticket)
    for by in (d.me(), d.desk(), actor(bob)):
        with pytest.raises(DomainError, match="Bob asked for a ticket that goes on here"):
            watching.remove_watcher(ticket=d.ticket, who=bob, by=by, now=SOON)


def test_closed_account_follows_nothing_after_a_merge(d: Desk) -> None:
    gone = UserFactory.create()
    source = again(d, requester=gone)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    join(d, source, d.ticket, knowing=True)
    assert not watchers_of(d.ticket).exists()


def test_late_words_land_where_the_ticket_goes_on(d: Desk) -> None:
    source = again(d)
    stale = now(source)
    join(d, source, d.ticket)
    # The form of a page from before the merge, and of a mail's reference after it.
    for ticket, text in ((stale, "From an old page"), (now(source), "From an old mail")):
        landed = conversation.reply(ticket=ticket, body=text, by=d.me(), now=SOON, seen_version=1)
        assert landed == d.ticket
    assert bodies(d.ticket)[-2:] == ["From an old page", "From an old mail"]
    note = conversation.add_note(ticket=stale, body="Seen.", by=d.desk(), now=SOON)
    assert note == d.ticket


def test_rejection_from_an_old_page_is_not_lost(d: Desk) -> None:
    source = again(d)
    how: dict[str, Any] = {"ticket": source, "now": LATER}
    status.make_move(move=MoveName.RESOLVE, text="Done.", resolution_kind="fixed", by=d.desk(), **how)
    join(d, source, d.ticket)
    landed = status.make_move(move=MoveName.REJECT, text="It smokes on.", by=d.me(), **how)
    assert landed == d.ticket
    assert bodies(d.ticket)[-1] == "It smokes on."
    assert now(source).status == Status.CLOSED


def test_nothing_else_is_done_to_a_merged_ticket(d: Desk) -> None:
    source = again(d)
    join(d, source, d.ticket)
    tries: list[Callable[[], object]] = [
        partial(properties.retag, ticket=source, add=["x"], by=d.desk(), now=SOON),
        partial(status.make_move, ticket=source, move=MoveName.CONFIRM, by=d.me(), now=SOON),
        partial(add_sub_task, ticket=source, plan=Plan("x"), by=d.desk(), now=SOON),
        partial(watching.add_watcher, ticket=source, email="x@example.org", by=d.me(), now=SOON),
    ]
    for act in tries:
        with pytest.raises(DomainError, match="merged into another one"):
            act()


def test_stranger_to_both_says_nothing_on_either(d: Desk) -> None:
    source = again(d)
    join(d, source, d.ticket)
    with pytest.raises(DomainError) as refused:
        conversation.reply(ticket=now(source), body="Hello", by=actor(UserFactory.create()), now=SOON)
    assert refused.value.code is Code.FORBIDDEN


def test_who_saw_only_the_merged_one_still_reads_it_and_nothing_more(d: Desk) -> None:
    team = TeamFactory.create()
    source = make_ticket(d.requester, QueueFactory.create(teams=[team]), body="For one team alone.")
    both = actor(make_agent(team, d.teams[0]))
    merge(ticket=source, into=d.ticket, by=both, now=LATER)
    assert bodies(now(source)) == ["For one team alone."]
    assert "It smokes since nine." not in bodies(now(source))


def test_private_ticket_is_merged_among_its_own_alone(d: Desk) -> None:
    category = CategoryFactory.create(queue=d.queue)
    category.restricted_to.add(d.teams[0])
    bob = UserFactory.create()
    one, two = (make_ticket(who, category=category) for who in (bob, d.requester))
    for pair in ((one, d.ticket), (d.ticket, one)):
        with pytest.raises(DomainError, match="private"):
            join(d, *pair, knowing=True)
    join(d, one, two, knowing=True)
    assert list(watchers_of(now(two))) == [bob]
    assert may(actor(bob), Right.VIEW, now(two))


def test_chain_goes_to_its_end_and_comes_apart_in_order(d: Desk) -> None:
    a, b, c = again(d, "A"), again(d, "B"), again(d, "C")
    first = join(d, a, b)
    second = join(d, b, c)
    assert {now(a).merged_into, now(b).merged_into} == {c}
    assert bodies(c) == ["A.", "B.", "C."]
    landed = conversation.reply(ticket=a, body="To the end", by=d.me(), now=SOON)
    assert landed == c
    with pytest.raises(DomainError, match="Undo that first"):
        undo_merge(merge=first, by=d.desk(), now=SOON)
    undo_merge(merge=second, by=d.desk(), now=SOON)
    assert (now(a).merged_into, now(b).merged_into, now(b).has_merged) == (b, None, True)
    assert (bodies(b), bodies(c)) == (["A.", "B."], ["C.", "To the end"])
    undo_merge(merge=first, by=d.desk(), now=SOON)
    assert (bodies(a), bodies(b)) == (["A."], ["B."])
    assert not Message.objects.exclude(origin=None).exists()


def test_merging_into_a_merged_one_goes_where_that_went(d: Desk) -> None:
    a, b, c = again(d), again(d), again(d)
    join(d, b, c)
    assert join(d, a, b).target == c


@pytest.mark.parametrize("into", ["itself", "its_own_part"])
def test_circles_are_refused(d: Desk, into: str) -> None:
    a = again(d)
    join(d, a, d.ticket)
    with pytest.raises(DomainError) as refused:
        join(d, d.ticket, d.ticket if into == "itself" else a)
    assert refused.value.field == "into"


def test_second_click_is_the_same_merge_and_another_target_is_refused(d: Desk) -> None:
    source = again(d)
    assert join(d, source, d.ticket) == join(d, source, d.ticket)
    with pytest.raises(DomainError, match="meanwhile") as refused:
        join(d, source, again(d))
    assert refused.value.code is Code.STALE


def test_unsolved_is_not_buried_in_what_is_solved_but_the_other_way_is_fine(d: Desk) -> None:
    d.resolve()
    source = again(d)
    with pytest.raises(DomainError, match="Reopen"):
        join(d, source, d.ticket)
    before = everything(d.ticket)
    done = join(d, d.ticket, source)
    assert now(d.ticket).close_due_at is None
    undo_merge(merge=done, by=d.desk(), now=SOON)
    assert everything(d.ticket) == before


def test_merge_of_an_older_page_is_refused(d: Desk) -> None:
    source = again(d)
    seen = (source.version, d.ticket.version)
    conversation.reply(ticket=source, body="Wait", by=d.me(), now=LATER)
    with pytest.raises(DomainError, match="changed while you were looking"):
        join(d, source, d.ticket, seen=seen)


def test_undoing_ends_after_a_day(d: Desk) -> None:
    done = join(d, again(d), d.ticket)
    with pytest.raises(DomainError, match="for a day"):
        undo_merge(merge=done, by=d.desk(), now=LATER + timedelta(days=1, seconds=1))


def test_both_have_to_be_ones_own_work(d: Desk) -> None:
    elsewhere = make_ticket(d.requester, QueueFactory.create(teams=[TeamFactory.create()]))
    for by, one, two in (
        (d.desk(), d.ticket, elsewhere),
        (d.desk(), elsewhere, d.ticket),
        (d.me(), again(d), d.ticket),
    ):
        with pytest.raises(DomainError) as refused:
            join(d, one, two, by=by)
        assert refused.value.code is Code.FORBIDDEN


def test_nobody_resolves_as_merged_by_hand(d: Desk) -> None:
    with pytest.raises(DomainError):
        d.move(MoveName.RESOLVE, d.desk(), "Gone.", ResolutionKind.MERGED)
    other = again(d)
    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.filter(pk=d.ticket.pk).update(merged_into=other)


def test_each_is_told_once_by_mail(d: Desk) -> None:
    bob = UserFactory.create(name="Bob")
    source = again(d, requester=bob)
    watching.add_watcher(ticket=source, email="w@example.org", by=d.desk(), now=LATER)
    consume_due(now=LATER, limit=50)
    Delivery.objects.all().delete()
    done = join(d, source, d.ticket, knowing=True)
    consume_due(now=LATER, limit=50)
    told = sorted((one.kind, str(one.recipient)) for one in Delivery.objects.select_related("recipient"))
    watcher = User.objects.get(email="w@example.org")
    assert told == sorted([("merged", "Bob"), ("merged", str(watcher)), ("took_in", "Ida")])
    undo_merge(merge=done, by=d.desk(), now=SOON)
    consume_due(now=SOON, limit=50)
    assert Delivery.objects.filter(kind="unmerged", recipient=bob).count() == 1
