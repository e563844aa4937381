"""What addresses are asked with: nothing but what the contract names reaches the database, on any address.

Filters of Django's own would let who asks for `assignee__password__startswith=a` read a password letter by letter.
"""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from django.urls import get_resolver, resolve

from tests.factories import make_ticket
from tests.helpdesk.api import test_rights
from tests.helpdesk.api.caller import Caller, filled
from tests.helpdesk.api.operations import ROWS, make_places
from tests.receiver import Receiver
from tests.world import World

pytestmark = pytest.mark.django_db
# Known nowhere.
NAMES: Final = (
    "assignee__password__startswith=a", "requester__email__contains=a", "email__startswith=a", "password=x",
    "owner__password__regex=.*", "user__password=a", "id__gte=1", "pk=1", "search=a", "order_by=password", "page=2",
    "offset=1", "_method=DELETE", "token=wd_x", "Limit=1", "limit[]=1", "limit ", "=", "%00=1",
)  # fmt: skip
# Of names that some lists know.
VALUES: Final = (
    "ordering=password", "ordering=requester__password", "ordering=-assignee__password", "ordering=?",
    "ordering=-updated_at,priority", "fields=password", "fields=requester.password", "fields=requester__password",
    "fields=__class__", "expand=requester.password", "expand=requester__password", "expand=all", "expand=owner",
    "role=owner__password", "status=password", "sla=password",
)  # fmt: skip
# No place of any list.
NO_PLACES: Final = (
    "x", "-", "-1", "1-", "--", "t", "t-1", "1.5", "1e3", "0x10", "1;DROP TABLE x", "'", "%00", "%D9%A3", "1%0A",
    "t9999999999999999999-1", "t999999999999999999-1", "9" * 19, "t1-t1-t1-t1-t1", "1-1-1-1-1", "None", "null",
)  # fmt: skip
# Places as a list could write them, at the ends of what its columns hold.
FAR_PLACES: Final = (
    "0", "9" * 18, "t0-0", "t253402300799999999-999999999999999999", "9" * 18 + "-t0-0", "0-t253402300799999999-1",
)  # fmt: skip
ODD: Final = (
    "%00", "%F0%9F%96%A8", "%EF%BF%BF", "'", "' OR 1=1--", "%5C", "%25", "_", "x" * 300, "[]", "{}", ",", "1,,2", "-1",
    "9" * 40, "1e400", "NaN", "%D9%A3", "me", "none", "true", "0001-01-01T00:00:00%2B23:59",
    "9999-12-31T23:59:59-23:59", "2026-02-30T00:00:00Z", ",".join(map(str, range(51))),
)  # fmt: skip
# What nothing is called.
NO_NAMES: Final = ("9" * 30, "0", "%00", "WD-0", f"WD-{'9' * 30}", "wd-1'--", "%D9%A1", "..%2f..", "x" * 900)


class Address:
    """Something that can be read, and the parameters that its endpoint names."""

    def __init__(self, path: str) -> None:
        self.path, self.match = path, resolve(f"/api/v1/{path}")
        self.takes = tuple(self.match.func.cls.takes().fields)  # type: ignore[attr-defined] # a view of ours

    def asked(self, caller: Caller, query: str) -> Any:
        """What is answered to it."""
        return caller.get(f"{self.path}?{query}")


@pytest.fixture
def made(receiver: Receiver) -> tuple[World, list[Address]]:
    world, places = make_places(receiver.url())
    make_ticket(world.people["owner"], world.queue)
    on_it = test_rights.places_of(test_rights.with_one_of_each(world).here, world.people["agent"])
    paths = [filled(row.path, places) for row in ROWS.values() if row.method == "GET"]
    paths += [
        f"tickets/{world.here.ref}/{filled(path, on_it)}"
        for method, path, *_rest in test_rights.OPERATIONS.values()
        if method == "GET"
    ]
    found = {address.match.route: address for address in map(Address, paths)}
    return world, list(found.values())


def refused(answer: Any) -> str:
    """The words of what is refused because of a parameter."""
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json"), answer.content
    document = answer.json()
    assert document["code"] == "wrong_parameter"
    assert document["errors"]
    return str(document["errors"][0]["message"])


def test_every_address_that_can_be_read_is_asked(made: tuple[World, list[Address]]) -> None:
    found = {
        str(pattern.pattern)
        for resolver in get_resolver().url_patterns
        if getattr(resolver, "namespace", None) == "api"
        for pattern in resolver.url_patterns
        if hasattr(getattr(pattern.callback, "cls", None), "get")
    }
    assert {address.match.route.removeprefix("api/v1/") for address in made[1]} == found


def test_no_address_knows_what_its_endpoint_does_not_name(made: tuple[World, list[Address]], count: Any) -> None:
    caller = Caller(made[0].people["administrator"])
    for address in made[1]:
        # What takes nothing at all is quickly told.
        every = 1 if address.takes else count(6, 1)
        for query in NAMES[::every]:
            words = refused(address.asked(caller, query))
            assert all(name in words for name in address.takes or ("there is nothing to choose",)), (
                address.path,
                words,
            )
        for query in VALUES[::every]:
            words = refused(address.asked(caller, query))
            assert "Known are: " in words or "there is nothing to choose" in words, (address.path, query)


def test_what_writes_takes_no_parameters(made: tuple[World, list[Address]]) -> None:
    world, _addresses = made
    caller = Caller(world.people["administrator"])
    writes = [(method, f"tickets/{world.here.ref}/{path}") for method, path, *_rest in test_rights.OPERATIONS.values()]
    writes += [(row.method, row.path) for row in ROWS.values()]
    for method, path in writes:
        if method != "GET" and "uploads" not in path:
            # Before anything is looked up.
            place = filled(path, dict.fromkeys(_places(path), 1))
            assert "nothing to choose" in refused(caller.send(method, f"{place}?fields=password", {})), path


def _places(path: str) -> Iterator[str]:
    return (f"{{{part.partition('}')[0]}}}" for part in path.split("{")[1:])


def test_no_parameter_comes_twice_and_pages_are_as_long_as_pages_are(made: tuple[World, list[Address]]) -> None:
    caller = Caller(made[0].people["administrator"])
    for address in made[1]:
        for name in address.takes:
            assert refused(address.asked(caller, f"{name}=1&{name}=2")) == "Give this once."
        for value in ("0", "-1", "501", "1.5", "x", "", "9" * 30, "%00") if "limit" in address.takes else ():
            refused(address.asked(caller, f"limit={value}"))


def test_page_begins_where_a_place_of_its_list_is(made: tuple[World, list[Address]], count: Any) -> None:
    world, addresses = made
    caller, cursors = Caller(world.people["administrator"]), {}
    for address in addresses:
        if "cursor" in address.takes:
            for place in NO_PLACES:
                refused(address.asked(caller, f"cursor={place}"))
            cursors[address.path] = address.asked(caller, "limit=1").json()["next_cursor"]
    assert {None} != set(cursors.values())
    # A place says by which columns it orders: that of a list with others is none of this one.
    for address in addresses:
        if own := cursors.get(address.path):
            # The record of a ticket into which others were merged goes by time, and of each also by versions.
            known = [_form(own), *([[True, False]] if address.path.endswith("timeline/") else [])]
            for other in filter(None, cursors.values()):
                answer = address.asked(caller, f"cursor={other}")
                if _form(other) in known:
                    assert answer.status_code == 200, (address.path, other)
                else:
                    assert "not one of this list" in refused(answer), (address.path, other)
    for name in count(("agent",), ("owner", "agent", "auditor", "insider", "stranger", "administrator")):
        ask_far(Caller(world.people[name]), [one for one in addresses if "cursor" in one.takes])


def _form(cursor: str) -> list[bool]:
    return [part.startswith("t") for part in cursor.split("-")]


def ask_far(caller: Caller, addresses: list[Address]) -> None:
    """Ask for places as far away as can be: nothing breaks by them."""
    for address in addresses:
        orders = ("-updated_at", "created_at", "priority", "sla_due_at") if "ordering" in address.takes else ("",)
        for order in orders:
            for more in ("", "&status=new") if order else ("",):
                asked = f"ordering={order}{more}&" if order else ""
                for place in FAR_PLACES:
                    status = address.asked(caller, f"{asked}cursor={place}").status_code
                    assert status in {200, 400, 403, 404}, (address.path, asked, place)


def test_changes_begin_at_a_place_of_theirs(made: tuple[World, list[Address]]) -> None:
    # Who is not at the desk reads them in another order, whose places begin with a letter.
    for name, letter in (("administrator", ""), ("owner", "p")):
        caller = Caller(made[0].people[name])
        for place in (*NO_PLACES, "-1-0-1", "p-1-0", "p1", "q1-1", "1-1p", f"{letter}{'9' * 18}-1"):
            refused(caller.get(f"tickets/changes/?changed_after={place}"))


@pytest.mark.parametrize(
    "name", ["agent", *(pytest.param(other, marks=pytest.mark.long) for other in ("administrator", "owner", "auditor"))]
)
def test_odd_values_break_nothing(made: tuple[World, list[Address]], name: str, count: Any) -> None:
    world, addresses = made
    caller = Caller(world.people[name])
    for address in addresses:
        for parameter in address.takes:
            for value in ODD[:: count(4, 1)]:
                answer = address.asked(caller, f"{parameter}={value}")
                assert answer.status_code in {200, 400, 403, 404}, (address.path, parameter, value)
                if answer.streaming:
                    list(answer.streaming_content)


def test_odd_names_in_addresses_are_not_there(made: tuple[World, list[Address]], count: Any) -> None:
    world, addresses = made
    caller = Caller(world.people["administrator"])
    for address in addresses:
        for value in address.match.kwargs.values():
            for odd in NO_NAMES[:: count(3, 1)]:
                path = address.path.replace(f"/{value}/", f"/{odd}/", 1)
                answer = caller.get(path)
                assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json"), path
