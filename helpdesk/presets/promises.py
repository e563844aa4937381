"""What is promised, by the support procedures: three policies, and the calendars of the four regions.

The times of answers, resolutions and escalations are those of the procedures, and so are the spans of updates. Theirs
count around the clock. Of our own are: the next answer is owed as soon as the first one, updates are owed for P1 and P2
alone, warnings come at 75 and 90 %, a clock stands while the ticket waits for somebody outside of the desk, and a
ticket that nobody looked at in time goes up one tier.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from helpdesk.choices import Deed, Metric, Priority, Reached, Status, WorkState
from helpdesk.domain.sla_rules import Act, Rules, Rung
from helpdesk.presets.rows import REGIONS

# Since always: also what was filed before the rows were loaded was promised this.
SINCE: Final = datetime(2000, 1, 1, tzinfo=UTC)

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
AROUND_THE_CLOCK: Final = "around-the-clock"
CALENDARS: Final[list[dict[str, Any]]] = [
    {
        "code": AROUND_THE_CLOCK,
        "name": "Around the clock",
        "time_zone": "UTC",
        "week": {day: [["00:00", "24:00"]] for day in _DAYS},
    },
    *(
        {
            "code": f"business-{region['code']}",
            "name": f"Business hours, {region['name']}",
            "time_zone": region["time_zone"],
            "week": {day: [["09:00", "17:00"]] for day in _DAYS[:5]},
        }
        for region in REGIONS
    ),
]

_HOUR: Final = 60
_DAY: Final = 24 * _HOUR
_WAITING: Final = frozenset({Status.PENDING, Status.ON_HOLD})
_PAUSES: Final = {
    Metric.NEXT_RESPONSE: _WAITING,
    Metric.UPDATE: _WAITING,
    Metric.RESOLUTION: _WAITING,
}
_WARNED: Final = (Act(Deed.NOTIFY, Reached.ASSIGNEE),)
_BREACHED: Final = (*_WARNED, Act(Deed.NOTIFY, Reached.TEAM_LEADS))
# Minutes between two updates, by the state of the work.
_UPDATES: Final = {
    WorkState.ACTIVE: 30,
    WorkState.EMERGENCY: 15,
    WorkState.GO_LIVE: 15,
    WorkState.DEPLOYMENT: 5,
}


def _row(minutes: Sequence[int]) -> dict[int, timedelta]:
    return {priority.value: timedelta(minutes=span) for priority, span in zip(Priority, minutes, strict=False)}


def _rules(response: Sequence[int], resolution: Sequence[int] = (), escalation: Sequence[int] = ()) -> Rules:
    targets = {Metric.FIRST_RESPONSE: _row(response), Metric.NEXT_RESPONSE: _row(response)}
    if resolution:
        targets[Metric.RESOLUTION] = _row(resolution)
    return Rules(
        targets=targets,
        updates={state: _row((minutes, minutes)) for state, minutes in _UPDATES.items()},
        pauses=_PAUSES,
        warn_at=(75, 90),
        warned=_WARNED,
        breached=_BREACHED,
        owed=_WARNED,
        rungs=tuple(_rung(priority, after) for priority, after in _row(escalation).items()),
    )


def _rung(priority: int, after: timedelta) -> Rung:
    acts = [Act(Deed.RAISE_TIER), Act(Deed.NOTIFY, Reached.TEAM_LEADS)]
    if priority == Priority.P1:
        acts += [Act(Deed.CALL_ONCALL), Act(Deed.NOTIFY, Reached.MANAGERS)]
    return Rung(f"p{priority}", Metric.FIRST_RESPONSE, frozenset({priority}), tuple(acts), after=after)


GO_LIVE: Final = "go-live"
STANDARD: Final = "standard"
# Code, name, description, rules.
POLICIES: Final[Mapping[str, tuple[str, str, Rules]]] = {
    GO_LIVE: (
        "Go-live",
        "While something new goes live, and the days after",
        _rules((15, _HOUR, 4 * _HOUR, _DAY), (2 * _HOUR, 8 * _HOUR, _DAY, 3 * _DAY)),
    ),
    STANDARD: (
        "Standard",
        "What everybody is promised who has no other promise",
        _rules((_HOUR, 4 * _HOUR, _DAY, 3 * _DAY), (4 * _HOUR, _DAY, 3 * _DAY, 7 * _DAY)),
    ),
    "operations": (
        "24/7 operations",
        "Alerts and operations: who does not answer in time is passed by",
        _rules((15, _HOUR, 4 * _HOUR, 8 * _HOUR), (), (30, 2 * _HOUR, 8 * _HOUR, _DAY)),
    ),
}
# Which policy applies: what was filed during a go-live, then everything else.
RULES: Final[list[dict[str, Any]]] = [
    {"position": 10, "policy": GO_LIVE, "phase": WorkState.GO_LIVE},
    {"position": 100, "policy": STANDARD},
]
