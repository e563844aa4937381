"""Two who merge at once, and words that come beside a merge: one wins, the other is told, and no word is lost."""

from functools import partial
from itertools import pairwise

import pytest

from helpdesk.actions import conversation
from helpdesk.actors import Actor
from helpdesk.errors import DomainError
from helpdesk.models import Message, Ticket
from tests.helpdesk.actions.desk import Desk
from tests.helpdesk.actions.test_merging import SOON, again, bodies, join, now
from tests.together import together


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rounds", [4, pytest.param(300, marks=pytest.mark.long)])
def test_two_merge_each_into_the_other(rounds: int) -> None:
    d = Desk()
    for _round in range(rounds):
        a, b = again(d), again(d)
        results = together(partial(join, d, a, b, by=d.desk()), partial(join, d, b, a, by=d.desk()))
        kinds = sorted(type(result).__name__ for result in results)
        assert kinds == ["DomainError", "TicketMerge"], results
        assert Ticket.objects.filter(pk__in=(a.pk, b.pk), merged_into__isnull=False).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rounds", [3, pytest.param(300, marks=pytest.mark.long)])
def test_no_word_is_lost_beside_a_merge(rounds: int) -> None:
    d = Desk()
    for number in range(rounds):
        a, b, c = (again(d, f"{number} {name}") for name in "abc")

        def say(ticket: Ticket, text: str, by: Actor) -> object:
            return conversation.reply(ticket=ticket, body=text, by=by, now=SOON)

        results = together(
            partial(join, d, a, b, by=d.desk()),
            partial(say, a, "one", d.me()),
            partial(say, b, "two", d.me()),
            partial(join, d, b, c, by=d.desk()),
        )
        assert not [one for one in results if isinstance(one, Exception) and not isinstance(one, DomainError)], results
        said = zip(("one", "two"), results[1:3], strict=True)
        written = {text for text, result in said if isinstance(result, Ticket)}
        ends = {now(ticket).merged_into or now(ticket) for ticket in (a, b, c)}
        assert written <= {body for end in ends for body in bodies(end)}
        for source, _target in pairwise((a, b, c)):
            assert not Message.objects.filter(ticket__merged_into__isnull=False).exists(), source
