from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.answering import ENOUGH, STEPS, usual_wait

minutes = st.integers(0, 60 * 24 * 40).map(lambda number: timedelta(minutes=number))


@given(st.lists(minutes, max_size=120))
def test_what_is_said_holds_for_four_of_five_and_no_shorter_step_does(waits):
    said = usual_wait(waits)

    def holds(span):
        return sum(wait <= span for wait in waits) * 100 >= 80 * len(waits)

    fitting = [step for step in STEPS if holds(step)] if len(waits) >= ENOUGH else []
    assert said == (fitting[0] if fitting else None)


@pytest.mark.parametrize(("count", "said"), [(9, None), (10, timedelta(minutes=15))])
def test_few_tickets_tell_nothing(count, said):
    assert usual_wait([timedelta(minutes=3)] * count) == said
