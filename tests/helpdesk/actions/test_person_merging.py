"""Two accounts of one person become one with all that belongs to them, and two again as they were."""

from datetime import time, timedelta
from functools import partial

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from helpdesk import registry
from helpdesk.actions import conversation, exports, people, person_merging, preferences, tickets, watching
from helpdesk.actions.consumers import consume_due
from helpdesk.actions.setup import Change, save_setup
from helpdesk.actors import SYSTEM
from helpdesk.choices import DeliveryChannel, FieldKind, Occasion, OrganizationRole, Role
from helpdesk.errors import DomainError
from helpdesk.models import (
    AuditEvent,
    Delivery,
    Export,
    FieldValue,
    NotificationPreference,
    OrganizationMembership,
    PersonMerge,
    Problem,
    QuietHours,
    SubTask,
    Ticket,
    TicketEvent,
    TimeEntry,
    User,
    Watcher,
)
from helpdesk.selectors.conversation import public_messages, timeline
from helpdesk.selectors.person_merging import duplicates_of
from helpdesk.selectors.watchers import watchers_of
from helpdesk.views.desk.words import line
from tests.factories import (
    NOW,
    CustomFieldFactory,
    OrganizationFactory,
    OrganizationMembershipFactory,
    QueueFactory,
    TierFactory,
    UserFactory,
    actor,
    choosing,
    make_ticket,
)
from tests.together import together

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def person(name: str, **values: object) -> User:
    made = UserFactory.create(name=name, email=f"{name.lower()}@example.org", **values)
    EmailAddress.objects.create(user=made, email=made.email, primary=True, verified=True)
    return made


@pytest.fixture
def boss(db: None) -> User:
    return UserFactory.create(role=Role.ADMINISTRATOR, name="Grace")


@pytest.fixture
def ida(db: None) -> User:
    return person("Ida")


@pytest.fixture
def bo(db: None) -> User:
    return person("Bo")


def merge(source: User, target: User, boss: User) -> PersonMerge:
    return person_merging.merge(source=source, target=target, by=actor(boss), now=NOW)


def undo(row: PersonMerge, boss: User) -> person_merging.Undone:
    return person_merging.undo(merge=row, by=actor(boss), now=LATER)


def state() -> dict[str, list[tuple[object, ...]]]:
    """All that a merge may touch."""
    return {
        "tickets": list(Ticket.objects.order_by("pk").values_list("pk", "requester", "updated_at")),
        "watchers": sorted(Watcher.objects.values_list("ticket", "user")),
        "addresses": list(
            EmailAddress.objects.order_by("pk").values_list("pk", "user", "email", "primary", "verified")
        ),
        "places": list(OrganizationMembership.objects.order_by("pk").values_list("pk", "user", "role", "is_active")),
        "mails": list(Delivery.objects.order_by("pk").values_list("pk", "recipient")),
        "exports": list(Export.objects.order_by("created_at").values_list("pk", "owner")),
        "problems": list(Problem.objects.order_by("pk").values_list("pk", "owner")),
        "times": list(TimeEntry.objects.order_by("pk").values_list("pk", "person")),
        "sub_tasks": list(SubTask.objects.order_by("pk").values_list("pk", "assignee")),
        "answers": list(FieldValue.objects.order_by("pk").values_list("pk", "person")),
        "people": list(User.objects.order_by("pk").values_list("pk", "is_active", "merged_into", "is_vip", "name")),
    }


def full(ida: User, bo: User) -> list[Ticket]:
    """Both with tickets, watched tickets, places and mails that wait."""
    own, both, harbour = make_ticket(ida), make_ticket(UserFactory.create()), OrganizationFactory.create()
    asked = [make_ticket(bo) for _ in range(3)]
    for ticket, who in ((own, bo), (both, bo), (both, ida), (asked[0], ida), (make_ticket(), bo)):
        Watcher.objects.create(ticket=ticket, user=who)
    OrganizationMembershipFactory.create(user=ida, organization=harbour)
    OrganizationMembershipFactory.create(user=bo, organization=harbour, role=OrganizationRole.MANAGER)
    OrganizationMembershipFactory.create(user=bo, organization=OrganizationFactory.create())
    User.objects.filter(pk=bo.pk).update(is_vip=True)
    exports.request_export(kind="my_tickets", name="t.csv", query={"format": "csv"}, by=actor(bo), now=NOW)
    # Of the days when he worked here.
    Problem.objects.create(title="Down", owner=bo, created_at=NOW, updated_at=NOW)
    TimeEntry.objects.create(ticket=both, person=bo, minutes=5, created_at=NOW)
    SubTask.objects.create(ticket=both, title="Call", assignee=bo, created_at=NOW)
    question = CustomFieldFactory.create(kind=FieldKind.PERSON)
    FieldValue.objects.create(ticket=both, field=question, person=bo)
    consume_due(now=NOW, limit=50)
    return asked


def test_everything_goes_along(ida: User, bo: User, boss: User) -> None:
    asked = full(ida, bo)
    merge(bo, ida, boss)
    assert set(Ticket.objects.filter(requester=ida)) >= set(asked)
    assert not Ticket.objects.filter(requester=bo).exists()
    assert not Watcher.objects.filter(user=bo).exists()
    assert not Watcher.objects.filter(user=ida, ticket__requester=ida).exists()
    assert Watcher.objects.filter(user=ida).count() == 2
    assert list(EmailAddress.objects.filter(user=ida).order_by("-primary").values_list("email", "primary")) == [
        ("ida@example.org", True),
        ("bo@example.org", False),
    ]
    roles = OrganizationMembership.objects.filter(user=ida, is_active=True).values_list("role", flat=True)
    assert sorted(roles) == ["member", "member"]
    assert {mail.recipient for mail in Delivery.objects.filter(ticket__in=asked)} == {ida}
    assert Export.objects.get().owner == Problem.objects.get().owner == TimeEntry.objects.get().person == ida
    assert SubTask.objects.get().assignee == FieldValue.objects.get().person == ida
    bo.refresh_from_db()
    ida.refresh_from_db()
    assert (bo.is_active, bo.merged_into, ida.is_vip) == (False, ida, True)
    assert AuditEvent.objects.filter(kind="person_merged").count() == 2


def test_taking_it_back_leaves_everything_as_it_was(ida: User, bo: User, boss: User) -> None:
    full(ida, bo)
    before = state()
    undone = undo(merge(bo, ida, boss), boss)
    assert state() == before
    assert undone.stays == {}
    assert undone.back["tickets"] == 3


def test_words_are_shown_under_the_name_that_is_left(ida: User, bo: User, boss: User) -> None:
    ticket = make_ticket(bo)
    row = merge(bo, ida, boss)
    message = public_messages(ticket).get()
    assert (message.author, str(message.author)) == (bo, "Ida")
    entry = timeline(actor(boss), Ticket.objects.get(pk=ticket.pk))[-1]
    assert line(entry) == "Grace merged Bo (bo@example.org) into Ida (ida@example.org)"
    undo(row, boss)
    assert str(public_messages(ticket).get().author) == "Bo"
    entry = timeline(actor(boss), Ticket.objects.get(pk=ticket.pk))[-1]
    assert line(entry) == "Grace took back the merge of Bo (bo@example.org) into Ida (ida@example.org)"


def test_what_changed_since_stays_where_it_is(ida: User, bo: User, boss: User) -> None:
    first, _second = make_ticket(bo), make_ticket(bo)
    OrganizationMembershipFactory.create(user=bo, organization=OrganizationFactory.create())
    row = merge(bo, ida, boss)
    other = UserFactory.create()
    Ticket.objects.filter(pk=first.pk).update(requester=other)
    OrganizationMembership.objects.filter(user=ida).update(user=other)
    fresh = make_ticket(ida, now=LATER)
    undone = undo(row, boss)
    assert (undone.back, undone.stays) == ({"tickets": 1, "addresses": 1}, {"tickets": 1, "places": 1})
    assert undone.filed_since == 1
    for ticket, who in ((first, other), (fresh, ida)):
        ticket.refresh_from_db()
        assert ticket.requester == who


def test_later_words_from_the_old_address_are_the_new_accounts(ida: User, bo: User, boss: User) -> None:
    ticket = make_ticket()
    merge(bo, ida, boss)
    assert make_ticket(bo).requester == ida
    watching.add_watcher(ticket=ticket, email="BO@example.org", by=actor(ticket.requester), now=NOW)
    assert list(watchers_of(ticket)) == [ida]


def test_who_is_left_logs_in_with_both_addresses(ida: User, bo: User, boss: User) -> None:
    for who, password in ((ida, "correct horse battery"), (bo, "another one of theirs")):
        who.set_password(password)
        who.save()
    old = Client()
    old.force_login(bo)
    row = merge(bo, ida, boss)
    assert old.get("/tickets/").status_code == 302
    mine = Client()
    mine.post("/accounts/login/", {"login": "bo@example.org", "password": "correct horse battery"})
    assert mine.session["_auth_user_id"] == str(ida.pk)
    theirs = Client()
    theirs.post("/accounts/login/", {"login": "bo@example.org", "password": "another one of theirs"})
    assert "_auth_user_id" not in theirs.session
    undo(row, boss)
    theirs.post("/accounts/login/", {"login": "bo@example.org", "password": "another one of theirs"})
    assert theirs.session["_auth_user_id"] == str(bo.pk)


def test_event_that_waits_is_told_to_who_is_left(ida: User, bo: User, boss: User) -> None:
    ticket = make_ticket()
    watching.add_watcher(ticket=ticket, email=bo.email, by=actor(ticket.requester), now=NOW)
    merge(bo, ida, boss)
    consume_due(now=NOW, limit=20)
    assert Delivery.objects.get(kind="watcher_added").recipient == ida


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.REQUESTER])
def test_nobody_gains_a_right_of_the_desk(ida: User, boss: User, role: Role) -> None:
    colleague = person("Mara", role=role)
    for source, target in ((colleague, ida), (ida, colleague)):
        with pytest.raises(DomainError, match="Only accounts of people who ask for help"):
            merge(source, target, boss)


def test_circles_and_oneself_are_refused(ida: User, bo: User, boss: User) -> None:
    cy = person("Cy")
    with pytest.raises(DomainError, match="one account already"):
        merge(ida, ida, boss)
    merge(bo, ida, boss)
    with pytest.raises(DomainError, match="Bo was merged into another account"):
        merge(ida, bo, boss)
    with pytest.raises(DomainError, match="Bo was merged already"):
        merge(bo, cy, boss)
    User.objects.filter(pk=cy.pk).update(is_active=False)
    with pytest.raises(DomainError, match="The account of Cy is closed"):
        merge(ida, cy, boss)


def test_chain_is_taken_back_from_its_end(ida: User, bo: User, boss: User) -> None:
    cy = person("Cy")
    make_ticket(bo)
    before = state()
    first = merge(bo, ida, boss)
    second = merge(User.objects.get(pk=ida.pk), cy, boss)
    assert str(User.objects.get(pk=bo.pk)) == "Cy"
    with pytest.raises(DomainError, match=r"Ida was merged into Cy since\. Take that back first."):
        undo(first, boss)
    undo(second, boss)
    undo(first, boss)
    assert state() == before


def test_merge_is_taken_back_once_and_for_a_day(ida: User, bo: User, boss: User) -> None:
    row = merge(bo, ida, boss)
    with pytest.raises(DomainError, match="for a day; this one is older"):
        person_merging.undo(merge=row, by=actor(boss), now=NOW + timedelta(hours=24, seconds=1))
    undo(row, boss)
    with pytest.raises(DomainError, match="taken back already"):
        undo(row, boss)
    merge(User.objects.get(pk=bo.pk), ida, boss)


def test_only_who_changes_people_merges(ida: User, bo: User, boss: User) -> None:
    row = merge(bo, ida, boss)
    for role in set(Role) - {Role.ADMINISTRATOR}:
        by = actor(UserFactory.create(role=role))
        with pytest.raises(DomainError, match="You may not merge accounts"):
            person_merging.merge(source=ida, target=person(f"x{role}"), by=by, now=NOW)
        with pytest.raises(DomainError, match="You may not merge accounts"):
            person_merging.undo(merge=row, by=by, now=NOW)


def test_merged_account_is_not_changed(ida: User, bo: User, boss: User) -> None:
    merge(bo, ida, boss)
    bo.refresh_from_db()
    bo.is_active = True
    with pytest.raises(DomainError, match="This account was merged into Ida"):
        save_setup(change=Change(bo, ["is_active"]), by=actor(boss), now=NOW)


def test_apps_above_bring_what_is_theirs(ida: User, bo: User, boss: User) -> None:
    seen: list[str] = []
    part = registry.MergePart(
        "shifts",
        count=lambda *_both: 1,
        words=lambda count: f"{count} shift",
        move=lambda merging: seen.append(f"to {merging.target}") or {"ids": [7]},  # type: ignore[func-returns-value]
        put_back=lambda merging, moved: (len(moved["ids"]), seen.append(f"back to {merging.source}") or 0),  # type: ignore[func-returns-value]
    )
    registry.merge_parts.register(part)
    try:
        undone = undo(merge(bo, ida, boss), boss)
    finally:
        registry.merge_parts.unregister("shifts")
    assert seen == ["to Ida", "back to Bo"]
    assert undone.back["shifts"] == 1


def test_same_name_in_one_organisation_or_domain_is_probably_one_person(ida: User) -> None:
    harbour = OrganizationFactory.create()
    other = UserFactory.create(name="IDA", email="ida@elsewhere.example")
    UserFactory.create(name="Ida", email="ida@gmail.com")
    near = UserFactory.create(name="ida", email="i.d.a@example.org")
    UserFactory.create(name="Ida", email="left@example.org", is_active=False)
    UserFactory.create(name="Ida Berg", email="berg@example.org")
    assert duplicates_of(ida) == [near]
    for who in (ida, other):
        OrganizationMembershipFactory.create(user=who, organization=harbour)
    assert duplicates_of(ida) == [other, near]
    assert duplicates_of(UserFactory.create(name="")) == []


class TestTogether:
    """Real threads on the real database."""

    pytestmark = pytest.mark.django_db(transaction=True)

    @pytest.mark.parametrize("rounds", [5, pytest.param(300, marks=pytest.mark.long)])
    def test_ticket_that_is_filed_meanwhile_is_not_lost(self, rounds: int) -> None:
        queue, boss = QueueFactory.create(), UserFactory.create(role=Role.ADMINISTRATOR)
        TierFactory.create(level=1)
        for number in range(rounds):
            source, target = person(f"Bo{number}"), person(f"Ida{number}")
            make_ticket(source, queue)
            file = [
                partial(tickets.create_ticket, subject="s", body="b", by=choosing(actor(source)), queue=queue, now=NOW)
                for _ in range(2)
            ]
            results = together(*file, partial(merge, source, target, boss))
            assert not [result for result in results if isinstance(result, Exception)], results
            assert Ticket.objects.filter(requester=target).count() == 3
            assert TicketEvent.objects.filter(ticket__requester=target, kind="ticket_created").count() == 3

    def test_two_who_merge_do_it_once(self) -> None:
        ida, bo, boss = person("Ida"), person("Bo"), UserFactory.create(role=Role.ADMINISTRATOR)
        make_ticket(bo)
        results = together(partial(merge, bo, ida, boss), partial(merge, ida, bo, boss), partial(merge, bo, ida, boss))
        assert len([result for result in results if isinstance(result, PersonMerge)]) == 1
        assert all(isinstance(result, PersonMerge | DomainError) for result in results), results

    def test_answer_during_a_merge_is_said_once_or_refused(self) -> None:
        ida, bo, boss = person("Ida"), person("Bo"), UserFactory.create(role=Role.ADMINISTRATOR)
        ticket = make_ticket(bo)
        say = partial(conversation.reply, ticket=ticket, body="More.", by=actor(bo), now=NOW)
        said, merged = together(say, partial(merge, bo, ida, boss))
        assert isinstance(merged, PersonMerge)
        assert public_messages(ticket).count() == (1 if isinstance(said, DomainError) else 2)

    def test_watcher_who_is_added_meanwhile_is_not_lost(self) -> None:
        ida, bo, boss = person("Ida"), person("Bo"), UserFactory.create(role=Role.ADMINISTRATOR)
        ticket = make_ticket()
        add = partial(watching.add_watcher, ticket=ticket, email=bo.email, by=actor(ticket.requester), now=NOW)
        together(add, partial(merge, bo, ida, boss))
        assert list(watchers_of(ticket)) == [ida]


def test_person_who_was_merged_is_known_by_the_address(ida: User, bo: User, boss: User) -> None:
    merge(bo, ida, boss)
    with pytest.raises(DomainError, match="There is somebody with this address already"):
        people.add_person(name="Bo", email="bo@example.org", by=SYSTEM, now=NOW)


def test_what_was_chosen_stays_with_its_account_and_who_is_left_is_told_as_they_chose(
    ida: User, bo: User, boss: User
) -> None:
    receipts, progress = ((one, DeliveryChannel.EMAIL) for one in (Occasion.RECEIPTS, Occasion.PROGRESS))
    preferences.choose(choices={receipts: False}, by=actor(bo), now=NOW)
    preferences.set_quiet_hours(
        weekdays=range(1, 8), starts=time(8), ends=time(20), whole_days=(), by=actor(bo), now=NOW
    )
    preferences.choose(choices={progress: False}, by=actor(ida), now=NOW)
    row = merge(bo, ida, boss)
    assert [(one.user, one.occasion) for one in NotificationPreference.objects.order_by("user")] == [
        (ida, "progress"), (bo, "receipts")
    ]  # fmt: skip
    make_ticket(ida)
    consume_due(now=NOW, limit=50)
    assert Delivery.objects.get(recipient=ida).not_before == NOW
    undo(row, boss)
    assert QuietHours.objects.get().user == bo
