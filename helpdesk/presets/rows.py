"""The rows themselves; the figures are those of the support procedures that the desk was made for."""

from typing import Any, Final

TIERS: Final[list[dict[str, Any]]] = [
    {
        "level": 1,
        "name": "First contact",
        "handles": "Basic questions, accounts, guidance, documentation",
    },
    {
        "level": 2,
        "name": "Engineers",
        "handles": "Troubleshooting, bugs, performance, integrations",
    },
    {
        "level": 3,
        "name": "Senior engineers",
        "handles": "Complex issues, configuration, security incidents",
    },
    {
        "level": 4,
        "name": "Architects",
        "handles": "Architecture and strategy, critical system failure",
    },
]

REGIONS: Final[list[dict[str, Any]]] = [
    {"code": "americas", "name": "Americas", "time_zone": "America/Los_Angeles"},
    {"code": "europe", "name": "Europe", "time_zone": "Europe/London"},
    {"code": "apac", "name": "APAC", "time_zone": "Asia/Singapore"},
    {"code": "latam", "name": "LATAM", "time_zone": "America/Sao_Paulo"},
]

DEFAULT_RULE: Final = "all-tier-1"
FIRST_TIER_RULES: Final[list[dict[str, Any]]] = [
    {
        "code": DEFAULT_RULE,
        "name": "Every report starts at tier 1",
        "plan": {"1": [1], "2": [1], "3": [1], "4": [1]},
    },
    {
        "code": "by-severity",
        "name": "By severity: low 1, medium 2, high 3, critical 4",
        "plan": {"1": [4], "2": [3], "3": [2], "4": [1]},
    },
    {
        "code": "operations",
        "name": "Operations: P4 tier 1, P3 tiers 1 and 2, P2 tier 2, P1 the full team",
        "plan": {"1": [1, 2, 3, 4], "2": [2], "3": [1, 2], "4": [1]},
    },
]

QUEUE: Final[dict[str, Any]] = {
    "code": "support",
    "name": "Support",
    "description": "Everything that has no queue of its own",
}
