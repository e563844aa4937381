"""What a merge would do, before it is done."""

import pytest

from helpdesk.selectors.merging import candidates, preview
from tests.factories import UserFactory
from tests.helpdesk.actions.desk import Desk
from tests.helpdesk.actions.test_merging import again, full, join

pytestmark = pytest.mark.django_db


def test_what_it_could_be_merged_into_is_the_requesters_most_similar_first(d: Desk) -> None:
    far, near = again(d, "My invoice is wrong"), again(d, "The printer is on fire again")
    again(d, requester=UserFactory.create())
    assert candidates(d.desk(), d.ticket) == [near, far]
    join(d, near, far)
    assert candidates(d.desk(), d.ticket) == [far]


def test_preview_counts_what_goes_over(d: Desk) -> None:
    source, target = full(d)
    shown = preview(source, target)
    assert (shown.replies, shown.notes, shown.tags, shown.sub_tasks, shown.links) == (2, 1, ["smoke"], 1, 2)
    assert [person.email for person in shown.readers.of_source] == [f"w{source.number}@example.org"]
