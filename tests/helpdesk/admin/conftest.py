"""What tests of the set-up share: somebody of every role, and their browsers."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from helpdesk.choices import Role
from helpdesk.models import User
from tests.factories import UserFactory


@pytest.fixture
def grace(db: None) -> User:
    return UserFactory.create(role=Role.ADMINISTRATOR, name="Grace Hopper", email="grace@example.org")


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """A browser of its own for a person."""

    def make(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return make


@pytest.fixture
def as_grace(client_of: Callable[[User], Client], grace: User) -> Client:
    return client_of(grace)


@pytest.fixture
def as_role(db: None, client_of: Callable[[User], Client]) -> Callable[[Role], Client]:
    """The browser of somebody new in this role."""
    return lambda role: client_of(UserFactory.create(role=role))


def fields_of(response: Any) -> dict[str, Any]:
    """What the form of a set-up page would send if nothing were typed."""
    data: dict[str, Any] = {}
    forms = [response.context["adminform"].form]
    for wrapped in response.context["inline_admin_formsets"]:
        forms += [wrapped.formset.management_form, *wrapped.formset.forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is None or value is False:
                continue
            if hasattr(bound.field.widget, "decompress"):
                data |= {f"{bound.html_name}_{n}": v for n, v in _parts(bound)}
            else:
                data[bound.html_name] = [getattr(v, "pk", v) for v in value] if isinstance(value, list) else value
    return data


def _parts(bound: Any) -> list[tuple[str, Any]]:
    widget = bound.field.widget
    return list(zip((name.lstrip("_") for name in widget.widgets_names), widget.decompress(bound.value()), strict=True))


def save(client: Client, url: str, **typed: Any) -> Any:
    """Open a set-up page, type something, save."""
    page = client.get(url)
    assert page.status_code == 200, page.status_code
    data = {**fields_of(page), **typed}
    return client.post(url, {name: value for name, value in data.items() if value is not None})
