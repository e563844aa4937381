"""What processes keep of the set-up, and when they ask again."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client

from helpdesk import keeping
from helpdesk.models import Brand, SetupGeneration
from tests import factories

# What a process keeps comes out of these; each of them has the trigger.
TABLES = (
    "brand", "category", "category_restricted_to", "customfield", "desksettings", "firsttierrule", "kind",
    "organization", "organizationmembership", "queue", "queue_teams", "team", "teammembership", "tier",
)  # fmt: skip


def counting() -> Callable[[], int]:
    """A reader that finds another number each time."""
    numbers = iter(range(9))
    return lambda: next(numbers)


@pytest.mark.django_db(transaction=True)
def test_kept_asks_once_under_a_mark_and_again_under_another() -> None:
    """Nothing is kept where no mark is known, or inside a transaction."""
    read = counting()
    with keeping.under(uuid4()):
        assert [keeping.kept("numbers", read) for _ in range(2)] == [0, 0]
        with transaction.atomic():
            assert keeping.kept("numbers", read) == 1
    with keeping.under(uuid4()):
        assert keeping.kept("numbers", read) == 2
    assert [keeping.kept("numbers", read) for _ in range(2)] == [3, 4]


@pytest.mark.django_db(transaction=True)
def test_kept_asks_once_while_nobody_changes_the_setup() -> None:
    """In transactions too, and never for longer than that."""
    read = counting()
    for first in (0, 1):
        with keeping.at_rest():
            with transaction.atomic():
                assert keeping.kept("numbers", read) == first
            assert keeping.kept("numbers", read) == first
    assert [keeping.kept("numbers", read) for _ in range(2)] == [2, 3]


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
def test_each_change_of_the_setup_makes_another_mark(table: str) -> None:
    """Whoever changes it, and however."""
    before = SetupGeneration.objects.values_list("mark", flat=True).first()
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM helpdesk_{table} WHERE false")  # noqa: S608 - names of our own
    assert SetupGeneration.objects.get().mark != before


@pytest.mark.django_db(transaction=True)
def test_a_page_shows_what_somebody_else_has_just_changed() -> None:
    """Another process changes a row without a word to this one."""
    client = Client(headers={"host": "localhost"})
    client.force_login(factories.UserFactory())
    Brand.objects.create(name="Northwind")
    assert "Northwind" in client.get("/").content.decode()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE helpdesk_brand SET name = 'Southwind'")
    assert "Southwind" in client.get("/").content.decode()
