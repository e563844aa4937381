"""Where people work and what they work on: organisations, teams, queues, topics."""

from dataclasses import dataclass
from typing import Final

from helpdesk.choices import PrioritySource

# Name and region.
ORGANIZATIONS: Final[dict[str, str]] = {
    "Harbour Clinic": "europe",
    "Fjord Logistics": "europe",
    "Bellweather Hotels": "europe",
    "Stadtbad Lindenau": "europe",
    "Musikschule Rosenthal": "europe",
    "Museum of Tides": "europe",
    "Okonkwo Dental Group": "europe",
    "Atlas Event Hire": "europe",
    "Cedar Valley Schools": "americas",
    "Prairie Veterinary Partners": "americas",
    "Larkspur Coworking": "americas",
    "Teatro Avenida": "latam",
    "Clínica São Lucas": "latam",
    "Quetzal Coffee Roasters": "latam",
    "Nagasaki Ferry Line": "apac",
    "Sunrise Yoga Collective": "apac",
    "Kauri Car Share": "apac",
    "Golden Mile Law": "apac",
}

EVERYWHERE: Final = ("support", "accounts", "feedback")
ENGINES: Final = ("support", "integrations", "platform")


@dataclass(frozen=True, slots=True)
class TeamPlace:
    """A team: its tier, its region, and the queues that it works."""

    tier: int
    region: str
    queues: tuple[str, ...]


TEAMS: Final[dict[str, TeamPlace]] = {
    "Front desk Europe": TeamPlace(1, "europe", EVERYWHERE),
    "Front desk Americas": TeamPlace(1, "americas", EVERYWHERE),
    "Front desk LATAM": TeamPlace(1, "latam", EVERYWHERE),
    "Front desk APAC": TeamPlace(1, "apac", EVERYWHERE),
    "Billing desk": TeamPlace(1, "europe", ("accounts", "feedback")),
    "Engineering Europe": TeamPlace(2, "europe", (*ENGINES, "accounts", "feedback")),
    "Engineering Americas": TeamPlace(2, "americas", ENGINES),
    "Engineering LATAM": TeamPlace(2, "latam", ENGINES),
    "Engineering APAC": TeamPlace(2, "apac", ENGINES),
    "Platform Europe": TeamPlace(3, "europe", ENGINES),
    "Platform Americas": TeamPlace(3, "americas", ENGINES),
    "Architects": TeamPlace(4, "europe", ENGINES),
}


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """A queue: how it is called, what it takes, and the rule for the first tier of its tickets."""

    name: str
    description: str
    rule: str
    priority: int = 3
    source: PrioritySource = PrioritySource.DIRECT


_MEASURED: Final = PrioritySource.MEASURED
_WEIGHED: Final = PrioritySource.WEIGHED
QUEUES: Final[dict[str, QueuePlace]] = {
    "support": QueuePlace("Support", "Everything that has no queue of its own", "all-tier-1"),
    "accounts": QueuePlace(
        "Accounts and billing", "Sign-in, rights, people, invoices, contracts", "all-tier-1", source=_WEIGHED
    ),
    "integrations": QueuePlace(
        "Integrations", "Calendars, the API, webhooks, imports, single sign-on", "second-tier-first"
    ),
    "platform": QueuePlace("Platform and incidents", "What stops a whole house", "second-tier-first", 2, _MEASURED),
    "feedback": QueuePlace("Ideas and feedback", "Wishes, praise and complaints", "all-tier-1", 4),
}
SECOND_TIER_FIRST: Final = ("second-tier-first", "Starts at tier 2, critical ones at tier 3", {1: 3, 2: 2, 3: 2, 4: 2})


@dataclass(frozen=True, slots=True)
class Topic:
    """A category: what people choose when they ask for help. One that is private names its teams."""

    name: str
    description: str
    queue: str
    kind: str
    position: int
    german: tuple[str, str]
    private_to: tuple[str, ...] = ()


TOPICS: Final[dict[str, Topic]] = {
    "invoice": Topic(
        "Invoices and contract",
        "Payments, seats, cancelling, addresses on invoices",
        "accounts",
        "question",
        25,
        ("Rechnungen und Vertrag", "Zahlungen, Plätze, Kündigung, Anschrift auf Rechnungen"),
    ),
    "connection": Topic(
        "Connections to other software",
        "Calendars, the API, webhooks, imports",
        "integrations",
        "bug",
        35,
        ("Verbindungen zu anderer Software", "Kalender, API, Webhooks, Importe"),
    ),
    "security": Topic(
        "Security and privacy",
        "A gap that you found, or data that somebody sees who should not",
        "platform",
        "incident",
        45,
        ("Sicherheit und Datenschutz", "Eine Lücke, die Sie gefunden haben, oder Daten vor falschen Augen"),
        ("Platform Europe", "Architects"),
    ),
}
# Topics of the presets that have a queue of their own here.
MOVED_TOPICS: Final[dict[str, str]] = {
    "account": "accounts",
    "down": "platform",
    "idea": "feedback",
    "complaint": "feedback",
}

# Who fills the roles of the presets: the primary, then the backup, by how stories name them.
ROLES: Final[dict[str, tuple[str, str]]] = {
    "executives": ("grace", "ruth"),
    "head-of-support": ("ruth", "grace"),
    "project-manager": ("grace", "elena"),
    "regional-manager-americas": ("marcus", "sofia"),
    "regional-manager-europe": ("claire", "ruth"),
    "regional-manager-apac": ("yuki", "grace"),
    "regional-manager-latam": ("sofia", "marcus"),
    "oncall-coordinator": ("nils", "claire"),
    "quality-lead": ("farah", "elena"),
    "training-specialist": ("tobias", "farah"),
    "process-lead": ("elena", "farah"),
    "team-lead-tier-1": ("aoife", "sam"),
    "team-lead-tier-2": ("ingrid", "wes"),
    "support-agent": ("mara", "piet"),
    "engineer": ("tom", "priya"),
    "senior-engineer": ("lea", "june"),
    "architect": ("anders", "zeynep"),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """An announcement: its texts in English and German, its weight, and its days from today."""

    title: tuple[str, str]
    body: tuple[str, str]
    level: str
    days: tuple[int, int]
    audience: str = "everybody"


NOTICES: Final = (
    Notice(
        ("Friday's handover starts half an hour earlier", "Die Übergabe am Freitag beginnt eine halbe Stunde früher"),
        ("Europe meets APAC at 15:30, Berlin time.", "Europa und APAC treffen sich um 15:30 Uhr Berliner Zeit."),
        "info",
        (-1, 4),
        "staff",
    ),
    Notice(
        ("Push notifications reach iPhones again", "Mitteilungen erreichen wieder alle iPhones"),
        (
            "Whoever heard nothing in the last days need not do anything. We are sorry for the silence.",
            "Wer in den letzten Tagen nichts gehört hat, muss nichts tun. Entschuldigung für die Stille.",
        ),
        "info",
        (-2, 5),
    ),
    Notice(
        ("Route planning is slow for some houses", "Die Routenplanung ist für einige Häuser langsam"),
        (
            "Since the update to 9.5 a route can take **up to a minute**. A repair is being tried out.",
            "Seit dem Update auf 9.5 kann eine Route **bis zu einer Minute** dauern. Eine Reparatur wird erprobt.",
        ),
        "warning",
        (-2, 3),
    ),
    Notice(
        ("Almanac 9.5 is here", "Almanac 9.5 ist da"),
        ("Exports of any length, and a week view with rooms as columns.", "Exporte jeder Länge, Räume als Spalten."),
        "info",
        (-24, -10),
    ),
)
