"""How tickets stand to each other, against the plainest way to find a circle."""

from collections.abc import Collection, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.choices import LinkKind, Relation
from helpdesk.domain.relations import closes_circle, ends, opposite, seen

nodes = st.integers(0, 7)
links = st.frozensets(st.tuples(nodes, nodes), max_size=20)


def reached(known: frozenset[tuple[int, int]], start: int) -> set[int]:
    """Everything that the links lead to, found by going over all of them until nothing more is found."""
    found = {start}
    for _link in known:
        found |= {target for source, target in known if source in found}
    return found


@given(links, nodes, nodes)
def test_circle_is_found_as_by_going_everywhere(known: frozenset[tuple[int, int]], source: int, target: int) -> None:
    asked: list[int] = []

    def onwards(ids: Collection[int]) -> Iterable[int]:
        asked.extend(ids)
        return [end for begin, end in known if begin in ids]

    assert closes_circle(source, target, onwards) is (source in reached(known, target))
    assert len(asked) == len(set(asked)), "Nothing is asked about twice."


@given(links)
def test_links_that_are_let_in_one_after_the_other_never_make_a_circle(wanted: frozenset[tuple[int, int]]) -> None:
    known: set[tuple[int, int]] = set()
    for source, target in sorted(wanted):
        if not closes_circle(source, target, lambda ids: [end for begin, end in known if begin in ids]):
            known.add((source, target))
    for node in range(8):
        assert all(node not in reached(frozenset(known), end) for begin, end in known if begin == node)


@pytest.mark.parametrize("relation", Relation)
@pytest.mark.parametrize(("here", "there"), [(1, 2), (2, 1)])
def test_a_link_is_the_same_from_both_sides(relation: Relation, here: int, there: int) -> None:
    kind, source, target = ends(relation, here, there)
    assert (kind, source, target) == ends(opposite(relation), there, here)
    assert seen(kind, as_source=source == here) is relation
    assert opposite(opposite(relation)) is relation
    assert kind is not LinkKind.RELATES or source < target
