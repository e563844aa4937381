"""The houses that ask, and the people in them."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress

from config.bulk.chance import Choice, by_rank
from config.bulk.words import FIRST, HOUSES, LAST, PLACES
from helpdesk.choices import OrganizationRole, Role
from helpdesk.models import Organization, OrganizationMembership, Region, User

# So many tickets are one house's, and one person's, on average.
TICKETS_A_HOUSE: Final = 150
TICKETS_A_PERSON: Final = 12
# One in so many people belongs to no house.
ALONE: Final = 12
_LETTERS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", " ": "-"})


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the world: its share of all that is asked, and the zone and language of its houses."""

    region: str
    zone: str
    share: float
    language: str = "en"

    @property
    def place(self) -> ZoneInfo:
        """Its clock."""
        return ZoneInfo(self.zone)


AREAS: Final = (
    Area("europe", "Europe/London", 0.29),
    Area("europe", "Europe/Berlin", 0.19, "de"),
    Area("americas", "America/New_York", 0.27),
    Area("apac", "Asia/Singapore", 0.15),
    Area("latam", "America/Sao_Paulo", 0.10),
)


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody who asks."""

    pk: int
    first: str
    language: str
    house: str = ""
    organization_id: int | None = None


@dataclass(slots=True)
class House:
    """Some people who ask: those of one organisation, or those of none."""

    people: list[Asker] = field(default_factory=list)
    choose: Choice[Asker] = field(init=False)

    def close(self) -> None:
        """Everybody is in."""
        self.choose = by_rank(self.people, 0.7)


@dataclass(slots=True)
class Taken:
    """Names of houses and addresses of people that somebody has already."""

    houses: set[str]
    addresses: set[str]


def make(rng: random.Random, tickets: int, since: datetime) -> dict[Area, Choice[House]]:
    """Houses and people for so many tickets, in the database, and for each area whom to choose among."""
    regions = dict(Region.objects.values_list("code", "pk"))
    addresses = {*EmailAddress.objects.values_list("email", flat=True), *User.objects.values_list("email", flat=True)}
    taken = Taken(
        {name.lower() for name in Organization.objects.values_list("name", flat=True)},
        {email.lower() for email in addresses},
    )
    made = {}
    for area in AREAS:
        homes = _homes(rng, area, tickets, regions.get(area.region), taken)
        users = User.objects.bulk_create(
            [_person(rng, area, home, taken.addresses, since) for home in homes], batch_size=2000
        )
        _write_places(users, homes)
        made[area] = _houses(users, homes)
    return made


def _homes(
    rng: random.Random, area: Area, tickets: int, region_id: int | None, taken: Taken
) -> list[Organization | None]:
    """The houses of those who ask from an area, one for each person: first for who manages each house."""
    count = max(2, round(area.share * tickets / TICKETS_A_HOUSE))
    houses = Organization.objects.bulk_create(
        [Organization(name=_house_name(rng, area.language, taken.houses), region_id=region_id) for _ in range(count)],
        batch_size=2000,
    )
    crowd = max(count * 2, round(area.share * tickets / TICKETS_A_PERSON))
    # The large ones have most of the people.
    larger = by_rank(houses, 0.8)
    return [*houses, *(None if number % ALONE == 0 else larger(rng) for number in range(crowd - count))]


def _write_places(users: Sequence[User], homes: Sequence[Organization | None]) -> None:
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=user, email=user.email, primary=True, verified=False) for user in users], batch_size=5000
    )
    places, managed = list[OrganizationMembership](), set[int]()
    for user, home in zip(users, homes, strict=True):
        if home is not None:
            role = OrganizationRole.MEMBER if home.pk in managed else OrganizationRole.MANAGER
            places.append(OrganizationMembership(user=user, organization=home, role=role))
            managed.add(home.pk)
    OrganizationMembership.objects.bulk_create(places, batch_size=5000)


def _houses(users: Sequence[User], homes: Sequence[Organization | None]) -> Choice[House]:
    houses = dict[int | None, House]()
    for user, home in zip(users, homes, strict=True):
        name, pk = (home.name, home.pk) if home else ("", None)
        asker = Asker(user.pk, user.name.partition(" ")[0], user.language, name, pk)
        houses.setdefault(pk, House()).people.append(asker)
    for house in houses.values():
        house.close()
    # The first houses ask most; those who belong to none ask less than any, all together.
    return by_rank(list(houses.values()))


def _house_name(rng: random.Random, language: str, names: set[str]) -> str:
    place, kind = rng.choice(PLACES[language]), rng.choice(HOUSES[language])
    plain = f"{place}{kind}" if language == "de" else f"{place} {kind}"
    name, number = plain, 1
    while name.lower() in names:
        number += 1
        name = f"{plain} {number}"
    names.add(name.lower())
    return name


def _person(rng: random.Random, area: Area, home: Organization | None, addresses: set[str], since: datetime) -> User:
    name = f"{rng.choice(FIRST[area.language])} {rng.choice(LAST[area.language])}"
    domain = home.name.lower().translate(_LETTERS) if home else "mail"
    box = name.lower().translate(_LETTERS).replace("-", ".")
    address, number = f"{box}@{domain}.example", 1
    while address in addresses:
        number += 1
        address = f"{box}.{number}@{domain}.example"
    addresses.add(address)
    return User(
        name=name,
        email=address,
        # Nobody can sign in with it; who wants to claims the account by a mailed link.
        password=f"!{rng.getrandbits(160):040x}",
        role=Role.REQUESTER,
        language=area.language,
        time_zone=area.zone,
        created_at=since,
    )
