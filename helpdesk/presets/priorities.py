"""What priorities follow from, by the go-live support plan: its table of severity, and a matrix of our own."""

from typing import Any, Final

from helpdesk.choices import Priority

# Rows are impacts from everybody to one person, columns urgencies from stopped to what can wait.
_MATRIX: Final = ((1, 2, 3), (2, 3, 4), (3, 4, 4))
CELLS: Final[list[dict[str, Any]]] = [
    {"impact": impact, "urgency": urgency, "priority": priority}
    for impact, row in enumerate(_MATRIX, start=1)
    for urgency, priority in enumerate(row, start=1)
]

# Code, name, the same in German, unit; P2 above, P3 from. A single complaint is low.
_MEASURES: Final = (
    ("performance", "Performance lost", "Verlust an Leistung", "%", 50, 20),
    ("errors", "Error rate", "Fehlerquote", "%", 10, 5),
    ("complaints", "User complaints", "Beschwerden", "", 5, 2),
    ("alerts", "Monitoring alerts", "Alarme der Überwachung", "", 3, 1),
)
_CASES: Final = (
    ("unavailable", "Completely unavailable", "Überhaupt nicht erreichbar"),
    ("data-loss", "Data lost or corrupted", "Daten verloren oder beschädigt"),
    ("security", "Security breach", "Sicherheitsvorfall"),
    ("critical-function", "A critical function is broken", "Eine wichtige Funktion ist gestört"),
)
CRITERIA: Final[list[dict[str, Any]]] = [
    {
        **row,
        "translations": {"de": {"name": german}},
        "position": position * 10,
    }
    for position, (german, row) in enumerate(
        [
            *(
                (german, {"code": code, "name": name, "is_case": True, "case_priority": Priority.P1})
                for code, name, german in _CASES
            ),
            *(
                (german, {"code": code, "name": name, "unit": unit, "high_above": high, "medium_from": medium})
                for code, name, german, unit, high, medium in _MEASURES
            ),
        ],
        start=1,
    )
]
