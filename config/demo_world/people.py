"""The people of the demo: those whose logins are printed, the rest of the desk, and who asks it for help."""

from dataclasses import dataclass, field
from typing import Final

from helpdesk.choices import Role

PASSWORD: Final = "watchdesk-demo"  # noqa: S105 - everybody may know it: the demo listens on this machine only


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the demo. `teams` and `organizations` are names; a star marks who leads or manages.

    Only who is `shown_as` something has a password; the others would cost seconds of hashing and nobody misses it.
    """

    name: str
    email: str
    role: Role = Role.REQUESTER
    shown_as: str = ""
    time_zone: str = "Europe/Berlin"
    language: str = "en"
    region: str = ""
    teams: tuple[str, ...] = field(default=())
    organizations: tuple[str, ...] = field(default=())

    @property
    def handle(self) -> str:
        """How stories name the person."""
        return self.email.partition("@")[0]


_AGENT: Final = Role.AGENT
LOGINS: Final = (
    Person("Ida Berg", "ida@example.org", shown_as="Requester", organizations=("Harbour Clinic",)),
    Person("Jonas Lind", "jonas@example.org", shown_as="Organisation manager", organizations=("Harbour Clinic*",)),
    Person("Mara Silva", "mara@example.org", _AGENT, "Agent, tier 1", region="europe", teams=("Front desk Europe",)),
    Person("Tom Okafor", "tom@example.org", _AGENT, "Agent, tier 2", region="europe", teams=("Engineering Europe",)),
    Person("Lea Novak", "lea@example.org", _AGENT, "Agent, tier 3", region="europe", teams=("Platform Europe",)),
    Person("Sam Rivera", "sam@example.org", _AGENT, "Team lead", "America/New_York", region="americas",
           teams=("Front desk Americas*",)),
    Person("Grace Kim", "grace@example.org", Role.MANAGER, "Manager", "Asia/Singapore", region="apac"),
    Person("Ada Stern", "ada@example.org", Role.ADMINISTRATOR, "Administrator"),
    Person("Otto Weiss", "otto@example.org", Role.AUDITOR, "Auditor"),
)  # fmt: skip

# Name, role, team (or none), region, zone; a star marks who leads.
_DESK: Final = """
Aoife Byrne       | agent              | Front desk Europe*    | europe   | Europe/Dublin
Piet Janssen      | agent              | Front desk Europe     | europe   | Europe/Amsterdam
Hanna Vogel       | agent              | Billing desk*         | europe   | Europe/Berlin
Dana Whitfield    | agent              | Front desk Americas   | americas | America/Chicago
Luis Ortega       | agent              | Front desk Americas   | americas | America/Denver
Camila Duarte     | agent              | Front desk LATAM*     | latam    | America/Sao_Paulo
Bruno Teixeira    | agent              | Front desk LATAM      | latam    | America/Sao_Paulo
Mei Tanaka        | agent              | Front desk APAC*      | apac     | Asia/Tokyo
Arjun Nair        | agent              | Front desk APAC       | apac     | Asia/Kolkata
Ingrid Solberg    | agent              | Engineering Europe*   | europe   | Europe/Oslo
Wes Carter        | agent              | Engineering Americas* | americas | America/Chicago
Priya Raman       | agent              | Engineering Americas  | americas | America/Toronto
Rafael Quiroga    | agent              | Engineering LATAM*    | latam    | America/Argentina/Buenos_Aires
Hiro Sato         | agent              | Engineering APAC*     | apac     | Asia/Tokyo
Mateo Rossi       | agent              | Platform Europe*      | europe   | Europe/Rome
June Park         | agent              | Platform Americas*    | americas | America/Vancouver
Anders Holm       | agent              | Architects*           | europe   | Europe/Copenhagen
Zeynep Kaya       | agent              | Architects            | europe   | Europe/Istanbul
Ruth Adeyemi      | head_of_support    |                       | europe   | Europe/London
Claire Fontaine   | regional_manager   |                       | europe   | Europe/Paris
Marcus Bell       | regional_manager   |                       | americas | America/New_York
Sofia Castro      | regional_manager   |                       | latam    | America/Sao_Paulo
Yuki Mori         | regional_manager   |                       | apac     | Asia/Singapore
Nils Berger       | oncall_coordinator |                       | europe   | Europe/Berlin
Farah Aziz        | quality_lead       |                       | europe   | Europe/London
Tobias Lang       | training_specialist|                       | europe   | Europe/Vienna
Elena Popescu     | process_lead       |                       | europe   | Europe/Bucharest
"""

# Organisation: domain, zone, language, then who is there; a star marks the manager.
_CUSTOMERS: Final = """
Harbour Clinic: harbour-clinic.example, Europe/Berlin, en: Anna Ruiz, Per Holm, Yusuf Demir, Clara Weiland
Fjord Logistics: fjordlogistics.example, Europe/Oslo, en: Noor Haddad, Sigrid Moen*, Emil Aasen, Oksana Bondar
Bellweather Hotels: bellweather.example, Europe/London, en: Imogen Clarke*, Tariq Mahmood, Niamh Doyle
Bellweather Hotels: bellweather.example, Europe/Lisbon, en: Duarte Pinto
Stadtbad Lindenau: stadtbad-lindenau.example, Europe/Berlin, de: Jürgen Kleist*, Katrin Wolff, Mehmet Aydın
Musikschule Rosenthal: rosenthal.example, Europe/Vienna, de: Veronika Haas*, Florian Gruber, Leni Pichler
Museum of Tides: museum-of-tides.example, Europe/Lisbon, en: Beatriz Nunes*, Giulia Conti, Marek Zieliński
Okonkwo Dental Group: okonkwo-dental.example, Africa/Lagos, en: Chidi Okonkwo*, Amara Eze, Femi Balogun
Atlas Event Hire: atlas-hire.example, Africa/Casablanca, en: Salma Idrissi*, Youssef Tazi, Hélène Morel
Cedar Valley Schools: cedarvalley.example, America/Denver, en: Brenda Kowalski*, Tyrone Jackson, Mai Nguyen
Cedar Valley Schools: cedarvalley.example, America/Denver, en: Carlos Mendoza
Prairie Veterinary Partners: prairievet.example, America/Winnipeg, en: Joyce Flett*, Liam Tremblay, Hana Suzuki
Larkspur Coworking: larkspur.example, America/Los_Angeles, en: Devon Price*, Rosa Delgado, Kevin Tran
Teatro Avenida: teatroavenida.example, America/Argentina/Buenos_Aires, en: Lucía Ferreyra*, Martín Ibarra
Clínica São Lucas: saolucas.example, America/Sao_Paulo, en: Renata Moraes*, Thiago Barbosa, Luana Reis
Quetzal Coffee Roasters: quetzal.example, America/Guatemala, en: Ximena Ajú*, Diego Barrios
Nagasaki Ferry Line: nagasaki-ferry.example, Asia/Tokyo, en: Kenji Matsuda*, Aiko Hayashi, Ren Kobayashi
Sunrise Yoga Collective: sunrise-yoga.example, Asia/Kolkata, en: Meera Iyer*, Rohan Deshpande, Kavya Pillai
Kauri Car Share: kauricars.example, Pacific/Auckland, en: Aroha Ngata*, Ben Whitaker, Sione Tuilagi
Golden Mile Law: goldenmile.example, Asia/Singapore, en: Priscilla Goh*, Faisal Rahman, Wei Ling Tan
"""


def _ascii(name: str) -> str:
    """The name in the letters of an address."""
    plain = str.maketrans("áãçéèíłńóöøúüıÁ", "aaceeilnooouuia")
    return name.lower().translate(plain).replace(" ", ".")


def _desk() -> tuple[Person, ...]:
    rows = [[cell.strip() for cell in line.split("|")] for line in _DESK.strip().splitlines()]
    return tuple(
        Person(
            name,
            f"{_ascii(name.split(maxsplit=1)[0])}@example.org",
            Role(role),
            time_zone=zone,
            region=region,
            teams=(team,) if team else (),
        )
        for name, role, team, region, zone in rows
    )


def mail_domains() -> dict[str, str]:
    """The mail domain of each organisation, by its name."""
    rows = (line.split(":") for line in _CUSTOMERS.strip().splitlines())
    return {name.strip(): place.partition(",")[0].strip() for name, place, _people in rows}


def _customers() -> tuple[Person, ...]:
    made = []
    for line in _CUSTOMERS.strip().splitlines():
        organization, place, names = (part.strip() for part in line.split(":"))
        domain, zone, language = (part.strip() for part in place.split(","))
        for name in (part.strip() for part in names.split(",")):
            mark = "*" if name.endswith("*") else ""
            plain = name.removesuffix("*")
            address = f"{_ascii(plain)}@{domain}"
            made.append(
                Person(plain, address, time_zone=zone, language=language, organizations=(f"{organization}{mark}",))
            )
    return tuple(made)


# Whom the desk looks after with special care.
VIPS: Final = ("imogen.clarke", "chidi.okonkwo", "kenji.matsuda")
DESK: Final = (*(person for person in LOGINS if person.role is not Role.REQUESTER), *_desk())
CUSTOMERS: Final = (*(person for person in LOGINS if person.role is Role.REQUESTER), *_customers())
PEOPLE: Final = (*LOGINS, *_desk(), *_customers())

# Role, address and password, as `make demo` prints them.
DEMO_LOGINS: Final[list[tuple[str, str, str]]] = [(p.shown_as, p.email, PASSWORD) for p in LOGINS]
