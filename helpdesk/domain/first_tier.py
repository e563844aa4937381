"""The tier at which a report starts, by its priority."""

from collections.abc import Mapping, Sequence

from helpdesk.choices import Priority

TierPlan = Mapping[str, Sequence[int]]
"""Priority (`"1"` … `"4"`) to the levels that take part; the first of them owns the ticket."""


def problems(plan: object, levels: frozenset[int]) -> list[str]:
    """The codes of what is wrong with a plan that somebody typed: `shape`, `priority:N`, `level:N`."""
    if not isinstance(plan, Mapping) or set(plan) != {str(p.value) for p in Priority}:
        return ["shape"]
    found: list[str] = []
    for priority, tiers in sorted(plan.items()):
        if not isinstance(tiers, list | tuple) or not tiers or len(set(map(str, tiers))) != len(tiers):
            found.append(f"priority:{priority}")
        else:
            # Equal to a level is not enough: True is 1 for Python, and no level for people.
            found += [f"level:{tier}" for tier in tiers if type(tier) is not int or tier not in levels]
    return found


def first_level(plan: TierPlan, priority: int) -> int:
    """The level of the tier that owns a new ticket of this priority."""
    return plan[str(priority)][0]


def next_level(levels: Sequence[int], current: int, step: int) -> int | None:
    """The level one step up (+1) or down (-1) the ladder of tiers that exist, or None at its end."""
    ladder = sorted(levels)
    further = [level for level in ladder if (level > current if step > 0 else level < current)]
    if not further:
        return None
    return further[0] if step > 0 else further[-1]
