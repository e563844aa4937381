"""The people and the places of the demo."""

from dataclasses import dataclass, field
from typing import Final

from helpdesk.choices import Role

PASSWORD: Final = "watchdesk-demo"  # noqa: S105 - everybody may know it: the demo listens on this machine only


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the demo. `teams` and `organizations` are names; a star marks who leads or manages."""

    name: str
    email: str
    role: Role = Role.REQUESTER
    shown_as: str = ""
    time_zone: str = "Europe/Berlin"
    language: str = "en"
    region: str = ""
    teams: tuple[str, ...] = field(default=())
    organizations: tuple[str, ...] = field(default=())


ORGANIZATIONS: Final = ("Harbour Clinic", "Fjord Logistics")
TEAMS: Final = {"Front desk": 1, "Engineering": 2, "Platform": 3}

PEOPLE: Final = (
    Person(
        "Ida Berg",
        "ida@example.org",
        shown_as="Requester",
        organizations=("Harbour Clinic",),
    ),
    Person(
        "Jonas Lind",
        "jonas@example.org",
        shown_as="Organisation manager",
        organizations=("Harbour Clinic*",),
    ),
    Person(
        "Noor Haddad",
        "noor@example.org",
        organizations=("Fjord Logistics",),
        time_zone="Europe/Oslo",
    ),
    Person(
        "Mara Silva",
        "mara@example.org",
        Role.AGENT,
        "Agent, tier 1",
        teams=("Front desk",),
        region="europe",
    ),
    Person(
        "Tom Okafor",
        "tom@example.org",
        Role.AGENT,
        "Agent, tier 2",
        teams=("Engineering",),
        region="europe",
    ),
    Person(
        "Lea Novak",
        "lea@example.org",
        Role.AGENT,
        "Agent, tier 3",
        teams=("Platform",),
        region="europe",
    ),
    Person(
        "Sam Rivera",
        "sam@example.org",
        Role.AGENT,
        "Team lead",
        teams=("Front desk*",),
        region="americas",
    ),
    Person(
        "Grace Kim",
        "grace@example.org",
        Role.MANAGER,
        "Manager",
        time_zone="Asia/Singapore",
        region="apac",
    ),
    Person("Ada Stern", "ada@example.org", Role.ADMINISTRATOR, "Administrator"),
    Person("Otto Weiss", "otto@example.org", Role.AUDITOR, "Auditor"),
)

# Role, address and password, as `make demo` prints them.
DEMO_LOGINS: Final[list[tuple[str, str, str]]] = [(p.shown_as, p.email, PASSWORD) for p in PEOPLE if p.shown_as]
