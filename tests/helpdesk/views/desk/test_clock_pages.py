"""Why a clock is due when it is, and what people do to clocks by hand."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from http import HTTPStatus

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helpdesk.actions import clocks, conversation, properties, status
from helpdesk.choices import Metric, MoveName, OrganizationRole, Role
from helpdesk.errors import DomainError
from helpdesk.models import PolicyRule, Queue, SLACycle, Ticket, User
from helpdesk.views.desk import stream
from tests.factories import NOW, OrganizationFactory, OrganizationMembershipFactory, UserFactory, actor, make_ticket
from tests.helpdesk.views.desk.pages import post, text_of, url
from tests.promises import HOUR, OFFICE, make_calendar, make_policy, plain_rules, promise_all, targets

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def promise(queue: Queue) -> None:
    office = make_calendar(OFFICE, holidays=(date(2026, 3, 3),))
    promise_all(make_policy(plain_rules(), calendar=office), queue=queue)


def why(client: Client, ticket: Ticket, metric: Metric = Metric.RESOLUTION) -> str:
    """What the page says of the newest clock."""
    cycle = SLACycle.objects.filter(ticket=ticket, metric=metric).latest("number")
    with time_machine.travel(NOW + 2 * HOUR, tick=False):
        response = client.get(url(ticket, f"clocks/{cycle.pk}"))
    assert response.status_code == HTTPStatus.OK
    return text_of(response)


def test_page_tells_policy_rule_and_every_line(ada: User, queue: Queue, as_mara: Client) -> None:
    page = why(as_mara, make_ticket(ada, queue, now=NOW + HOUR))
    for words in (
        "Resolution: 7 h left (Wed 10:00 UTC)",
        "8 h of working time",
        "Policy 0, version 1",
        "The first rule that fits: queue “Support”.",
        "Calendar 0, version 1 (UTC)",
        "2 Mar, 10:00:00 2 Mar, 17:00:00 Counted 7 h",
        "Holiday: Holiday",
        "4 Mar, 09:00:00 4 Mar, 10:00:00 Counted 1 h",
        "Together: all that was promised 8 h",
        "Started",
    ):
        assert words in page


def test_lines_that_are_cut_to_seconds_still_add_up(ada: User, queue: Queue, as_mara: Client) -> None:
    page = why(as_mara, make_ticket(ada, queue, now=NOW + timedelta(hours=1, seconds=0.6)))
    assert "Counted 6 h 59 min 59 s" in page
    assert "Counted 1 h 1 s" in page
    assert "promised 8 h" in page


def test_pause_leads_to_what_caused_it(ada: User, queue: Queue, mara: User, as_mara: Client) -> None:
    ticket = make_ticket(ada, queue)
    status.make_move(ticket=ticket, move=MoveName.ASK, text="Which?", by=actor(mara), now=NOW + HOUR)
    page = why(as_mara, ticket)
    assert "Resolution paused, 7 h left" in page
    assert "Status “Waiting for the requester”: the clock stands Mara Silva" in page
    assert "Together, until the clock stood 1 h" in page
    cycle = SLACycle.objects.get(ticket=ticket, metric=Metric.RESOLUTION)
    body = as_mara.get(url(ticket, f"clocks/{cycle.pk}")).content.decode()
    assert "#message-" in body


def test_link_into_the_middle_of_a_long_talk_asks_for_all_of_it(
    ada: User, queue: Queue, mara: User, as_mara: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "KEPT", 1)
    ticket = make_ticket(ada, queue)
    status.make_move(ticket=ticket, move=MoveName.ASK, text="Which?", by=actor(mara), now=NOW + HOUR)
    cycle = SLACycle.objects.get(ticket=ticket, metric=Metric.RESOLUTION)
    where = url(ticket, f"clocks/{cycle.pk}")
    assert f'href="{url(ticket)}#message-' in as_mara.get(where).content.decode()
    for n in (2, 3):
        conversation.add_note(ticket=ticket, body="Well.", by=actor(mara), now=NOW + n * HOUR)
    body = as_mara.get(where).content.decode()
    # Each link leads to where something is.
    for way, anchor in re.findall(rf'href="({url(ticket)}[^"#]*)#([^"]+)"', body):
        assert f'id="{anchor}"' in as_mara.get(way).content.decode()
    assert "?all=1#message-" in body


def test_page_tells_what_came_due_and_was_taken_back(ada: User, queue: Queue, mara: User, as_mara: Client) -> None:
    more = plain_rules(
        targets=targets(first_response=1, resolution=8) | {Metric.FIRST_RESPONSE: {3: HOUR, 4: 8 * HOUR}}
    )
    ticket = make_ticket(ada, queue, priority=3)
    other = make_policy(more)
    by = actor(mara)
    clocks.sweep(now=NOW + 90 * MINUTE, limit=5)
    boss = User.objects.get(pk=mara.pk)
    boss.role = "manager"
    boss.save()
    clocks.choose_policy(ticket=ticket, chosen=True, policy=other, by=actor(boss), now=NOW + 95 * MINUTE)
    properties.set_priority(ticket=ticket, to=4, by=by, now=NOW + 100 * MINUTE)
    page = why(as_mara, ticket, Metric.FIRST_RESPONSE)
    assert "Warning at 75 % recorded" in page
    assert "Breach withdrawn" in page
    assert "Somebody chose it by hand for this ticket." in page
    assert "Promises, one after another" in page


def test_clock_of_another_ticket_is_not_there(ada: User, queue: Queue, as_mara: Client) -> None:
    one, other = make_ticket(ada, queue), make_ticket(ada, queue)
    pk = SLACycle.objects.filter(ticket=other).earliest("pk").pk
    assert as_mara.get(url(one, f"clocks/{pk}")).status_code == HTTPStatus.NOT_FOUND


def test_page_costs_the_same_for_few_and_many_turns(ada: User, queue: Queue, mara: User, as_mara: Client) -> None:
    ticket = make_ticket(ada, queue, now=NOW + MINUTE)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            why(as_mara, ticket)
        return len(queries)

    why(as_mara, ticket)
    before = cost()
    for n in (1, 2, 3):
        status.make_move(ticket=ticket, move=MoveName.ASK, text="Which?", by=actor(mara), now=NOW + n * 10 * MINUTE)
        conversation.reply(ticket=ticket, body="This.", by=actor(ada), now=NOW + (n * 10 + 5) * MINUTE)
    assert cost() == before


def test_ticket_is_acknowledged_once(ticket: Ticket, as_mara: Client, client_of: Callable[[User], Client]) -> None:
    assert 'id="acknowledge"' in as_mara.get(url(ticket)).content.decode()
    answer = as_mara.post(url(ticket, "acknowledge"), follow=True)
    assert "You have seen" in text_of(answer)
    assert "Seen by Mara Silva" in text_of(answer)
    assert 'id="acknowledge"' not in answer.content.decode()
    assert post(as_mara, ticket, "acknowledge").status_code == HTTPStatus.FOUND
    assert client_of(ticket.requester).post(url(ticket, "acknowledge")).status_code in {302, 403, 404}


def test_lead_chooses_what_is_promised_and_sees_before_what_becomes_due(
    ada: User, queue: Queue, client_of: Callable[[User], Client]
) -> None:
    ticket = make_ticket(ada, queue)
    quick = make_policy(plain_rules(targets=targets(first_response=0.5, resolution=24)))
    boss = client_of(UserFactory.create(role=Role.MANAGER))
    with time_machine.travel(NOW + HOUR, tick=False):
        page = text_of(boss.get(url(ticket, "policy")))
        data = {"policy": str(quick.pk), "seen": "rules"}
        answer = boss.post(url(ticket, "policy"), data, follow=True)
        late = boss.post(url(ticket, "policy"), {"policy": "none", "seen": "rules"})
    assert "What the rules say First response would be due 10:00 UTC, which is over already" in page
    assert "Policy 1 First response would be due 09:30 UTC, which is over already" in page
    assert "Resolution would be due Tue 09:00 UTC" in page
    assert "Nothing at all First response: nothing promised" in page
    assert "Policy 1." in text_of(answer)
    assert Ticket.objects.get(pk=ticket.pk).sla_policy == quick
    due = SLACycle.objects.get(ticket=ticket, metric=Metric.RESOLUTION).due_at
    assert due == NOW + 24 * HOUR
    assert "Somebody chose another policy meanwhile." in text_of(late)


def test_agent_may_not_choose_what_is_promised(ticket: Ticket, as_mara: Client) -> None:
    assert as_mara.get(url(ticket, "policy")).status_code == HTTPStatus.FORBIDDEN
    assert "Choose what is promised" not in text_of(as_mara.get(url(ticket)))


def test_agent_says_for_which_organisation_it_is_and_sees_before_what_becomes_due(
    ada: User, queue: Queue, mara: User, as_mara: Client, client_of: Callable[[User], Client]
) -> None:
    clinic, museum, other = (OrganizationFactory.create(name=name) for name in ("Clinic", "Museum", "Other"))
    for place in (clinic, museum):
        OrganizationMembershipFactory.create(user=ada, organization=place)
    curator = UserFactory.create()
    OrganizationMembershipFactory.create(user=curator, organization=museum, role=OrganizationRole.MANAGER)
    quick = promise_all(make_policy(plain_rules(targets=targets(first_response=0.5))), organization=museum)
    PolicyRule.objects.exclude(pk=quick.pk).update(position=quick.position + 1)
    ticket = make_ticket(ada, queue)
    assert ticket.organization == clinic
    assert client_of(curator).get(f"/tickets/{ticket.ref}/").status_code == HTTPStatus.NOT_FOUND
    assert url(ticket, "organization") in as_mara.get(url(ticket)).content.decode()
    with time_machine.travel(NOW + HOUR / 4, tick=False):
        page = text_of(as_mara.get(url(ticket, "organization")))
        # What the page calls its choice hides nothing of the frame.
        assert "Mara Silva" in page
        assert "Clinic First response would be due 10:00 UTC" in page
        assert "Museum First response would be due 09:30 UTC" in page
        assert "No organisation First response would be due 10:00 UTC" in page
        wrong = as_mara.post(url(ticket, "organization"), {"organization": other.pk, "seen": clinic.pk})
        data = {"organization": museum.pk, "seen": clinic.pk}
        answer = as_mara.post(url(ticket, "organization"), data, follow=True)
        late = as_mara.post(url(ticket, "organization"), {"organization": "0", "seen": clinic.pk})
    assert wrong.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "the one you chose is gone" in text_of(wrong)
    assert "Mara Silva said that this is for Museum" in text_of(answer)
    assert "Meanwhile it is for “Museum”." in text_of(late)
    assert client_of(curator).get(f"/tickets/{ticket.ref}/").status_code == HTTPStatus.OK
    cycle = SLACycle.objects.get(ticket=ticket, metric=Metric.FIRST_RESPONSE)
    assert (cycle.due_at, cycle.binding) == (NOW + HOUR / 2, 2)
    with pytest.raises(DomainError, match="does not belong to this organisation"):
        properties.set_organization(ticket=ticket, to=other, by=actor(mara), now=NOW + HOUR)
