"""How tickets stand to each other: the two sides of each link, and whether a link would close a circle."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final

from helpdesk.choices import LinkKind, Relation

# The link of each relation, and whether the ticket that sees it so is the link's source.
_SIDES: Final[Mapping[Relation, tuple[LinkKind, bool]]] = {
    Relation.CHILD_OF: (LinkKind.PARENT, False),
    Relation.PARENT_OF: (LinkKind.PARENT, True),
    Relation.BLOCKED_BY: (LinkKind.BLOCKS, False),
    Relation.BLOCKS: (LinkKind.BLOCKS, True),
    Relation.DUPLICATES: (LinkKind.DUPLICATES, True),
    Relation.DUPLICATED_BY: (LinkKind.DUPLICATES, False),
    Relation.RELATES: (LinkKind.RELATES, True),
}
_SEEN: Final = {side: relation for relation, side in _SIDES.items()} | {
    (LinkKind.RELATES, False): Relation.RELATES,
}


def ends(relation: Relation, here: int, there: int) -> tuple[LinkKind, int, int]:
    """The link that `here` sees so towards `there`: its kind, its source and its target.

    What holds in both directions alike starts at the lower id, so that it is kept once.
    """
    kind, is_source = _SIDES[relation]
    return kind, *canonical(kind, *((here, there) if is_source else (there, here)))


def canonical(kind: LinkKind, source: int, target: int) -> tuple[int, int]:
    """The source and the target as they are kept."""
    return (min(source, target), max(source, target)) if kind is LinkKind.RELATES else (source, target)


def seen(kind: str, *, as_source: bool) -> Relation:
    """How a link looks from its source, or from its target."""
    return _SEEN[LinkKind(kind), as_source]


def opposite(relation: Relation) -> Relation:
    """The same link as the other ticket sees it."""
    kind, is_source = _SIDES[relation]
    return seen(kind, as_source=not is_source)


def closes_circle(source: int, target: int, onwards: Callable[[Collection[int]], Iterable[int]]) -> bool:
    """Whether a link from source to target would lead back to where it begins.

    `onwards` tells of some tickets to which ones the links of this kind lead from any of them. Each is asked about
    once, and a whole step at a time, however the links run.
    """
    known = {target}
    step: Collection[int] = known
    while step and source not in known:
        step = set(onwards(step)) - known
        known = known | step
    return source in known
