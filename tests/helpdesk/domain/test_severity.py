"""Priorities from what was measured, against a table that is read slowly."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.choices import Priority
from helpdesk.domain.severity import Scale, clean_value, judge, plain, verdicts, worst
from helpdesk.errors import DomainError
from helpdesk.presets.priorities import CELLS, CRITERIA

PRESET = {
    row["code"]: Scale(
        row["code"],
        row.get("is_case", False),
        None,
        Decimal(row["high_above"]) if "high_above" in row else None,
        Decimal(row["medium_from"]) if "medium_from" in row else None,
    )
    for row in CRITERIA
}
NUMBERS = st.decimals(0, 200, places=2)
BOUNDS = st.none() | NUMBERS


@pytest.mark.parametrize(
    ("code", "value", "priority"),
    [
        ("performance", "50.01", 2), ("performance", "50", 3), ("performance", "20", 3), ("performance", "19.99", 4),
        ("errors", "10.01", 2), ("errors", "10", 3), ("errors", "5", 3), ("errors", "4.99", 4), ("errors", "0", 4),
        ("complaints", "6", 2), ("complaints", "5", 3), ("complaints", "2", 3), ("complaints", "1", 4),
        ("complaints", "0", 4), ("alerts", "4", 2), ("alerts", "3", 3), ("alerts", "1", 3), ("alerts", "0", 4),
        ("unavailable", "1", 1), ("data-loss", "1", 1), ("security", "1", 1), ("critical-function", "1", 1),
    ],
)  # fmt: skip
def test_preset_says_what_the_support_plan_says(code: str, value: str, priority: int) -> None:
    assert judge(PRESET[code], Decimal(value)) == priority


def slowly(scales: list[Scale], values: dict[str, Decimal]) -> Priority | None:
    """Look through the priorities from the worst on for a row that says it."""
    for priority in Priority:
        for scale in scales:
            if scale.code not in values:
                continue
            value = values[scale.code]
            if scale.is_case:
                says = bool(value) and priority == scale.case_priority
            elif priority == Priority.P1:
                says = scale.critical_above is not None and value > scale.critical_above
            elif priority == Priority.P2:
                says = scale.high_above is not None and value > scale.high_above
            elif priority == Priority.P3:
                says = scale.medium_from is not None and value >= scale.medium_from
            else:
                says = True
            if says:
                return priority
    return None


@st.composite
def situations(draw: st.DrawFn) -> tuple[list[Scale], dict[str, Decimal]]:
    scales, values = [], {}
    for number in range(draw(st.integers(0, 6))):
        code = f"row-{number}"
        if draw(st.booleans()):
            scales.append(Scale(code, is_case=True, case_priority=draw(st.sampled_from(Priority))))
            value = draw(st.none() | st.sampled_from([Decimal(0), Decimal(1)]))
        else:
            scales.append(Scale(code, False, draw(BOUNDS), draw(BOUNDS), draw(BOUNDS)))
            value = draw(st.none() | NUMBERS)
        if value is not None:
            values[code] = value
    return scales, values


@given(situations())
def test_worst_row_decides_whatever_the_rows_are(situation: tuple[list[Scale], dict[str, Decimal]]) -> None:
    scales, values = situation
    found = verdicts(scales, values)
    assert worst(found) == slowly(scales, values)
    for verdict in found:
        assert verdict.priority == slowly([verdict.scale], {verdict.scale.code: verdict.value})


@given(NUMBERS, NUMBERS)
def test_worse_measures_are_never_less_urgent(one: Decimal, other: Decimal) -> None:
    for scale in PRESET.values():
        if not scale.is_case:
            assert judge(scale, max(one, other)) <= judge(scale, min(one, other))


@given(NUMBERS)
def test_number_is_read_as_it_is_written(value: Decimal) -> None:
    scale = PRESET["errors"]
    for typed in (plain(value), f" {plain(value)} %", plain(value).replace(".", ",")):
        assert clean_value(scale, typed, field="x") == value


@pytest.mark.parametrize("typed", ["many", "-1", "1e5", "infinity", "nan", "1.2.3", "1 000 000 000", "٣", "10000000"])
def test_what_is_no_measure_is_refused_at_its_field(typed: str) -> None:
    with pytest.raises(DomainError) as refusal:
        clean_value(PRESET["errors"], typed, field="measure-errors")
    assert refusal.value.field == "measure-errors"


@given(st.text(max_size=12))
def test_whatever_is_typed_is_a_number_nothing_or_refused(typed: str) -> None:
    try:
        value = clean_value(PRESET["errors"], typed, field="x")
    except DomainError:
        return
    assert value is None or (value.is_finite() and value >= 0)


def test_bounds_stand_in_order() -> None:
    assert all(scale.is_in_order for scale in PRESET.values())
    assert not Scale("x", high_above=Decimal(5), medium_from=Decimal(6)).is_in_order
    assert not Scale("x", critical_above=Decimal(5), medium_from=Decimal(6)).is_in_order
    assert Scale("x", critical_above=Decimal(5)).is_in_order


def test_matrix_is_whole_and_never_less_urgent_for_worse() -> None:
    cells = {(cell["impact"], cell["urgency"]): cell["priority"] for cell in CELLS}
    assert set(cells) == {(impact, urgency) for impact in (1, 2, 3) for urgency in (1, 2, 3)}
    for (impact, urgency), priority in cells.items():
        assert cells.get((impact + 1, urgency), 4) >= priority
        assert cells.get((impact, urgency + 1), 4) >= priority
