"""Every state of every page in a real browser; see `tests/test_every_page.py` for the pages as they come."""

from collections.abc import Callable, Iterator

import pytest

from tests.browser import Browse
from tests.config.test_routes import world
from tests.states.desk import desk_states, ticket_states
from tests.states.portal import door_states, guest_states, portal_states
from tests.states.scene import Scene
from tests.states.seeing import Eyes, State
from tests.states.setup import setup_states
from tests.world import World

__all__ = ["world"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    "states",
    [
        pytest.param((portal_states, guest_states, door_states), id="portal"),
        pytest.param((ticket_states, desk_states, setup_states), id="desk"),
    ],
)
def test_every_state(
    browse: Browse,
    world: World,
    states: tuple[Callable[[Scene], Iterator[State]], ...],
    request: pytest.FixtureRequest,
) -> None:
    scene = Scene(world)
    is_long = request.config.option.long
    chosen = [state for make in states for state in make(scene) if is_long or not state.is_rare]
    wrong = Eyes(browse, scene.people).look(chosen, thorough=is_long)
    assert not wrong, "\n".join(wrong)
