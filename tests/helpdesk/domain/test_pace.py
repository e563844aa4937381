"""How many rows are held at once."""

from helpdesk.domain.pace import Pace


def test_pace_takes_more_while_it_is_quick_and_fewer_once_it_is_not() -> None:
    pace, sizes = Pace(400), list[int]()
    for taken in (0.1, 0.1, 0.1, 0.3, 0.6, 2, 2, 2, 2, 2, 0.1):
        sizes.append(pace.size)
        pace.after(taken)
    assert sizes == [100, 200, 400, 400, 400, 200, 100, 50, 25, 12, 10]
    assert pace.size == 20
