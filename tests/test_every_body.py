"""Every page, whoever added it, by its HTML: what it weighs, that no choice grows with the desk, and that each field of
set-up says what it means.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteMixin
from django.http import HttpRequest
from django.test import RequestFactory

from helpdesk.models import (
    Calendar,
    FirstTierRule,
    Kind,
    Organization,
    Region,
    ServiceTier,
    SLAPolicy,
    Tag,
    Tier,
    User,
)
from tests.config.test_routes import ALL_RULES, address, visit, world
from tests.helpdesk.views.desk.test_weight import LIMIT as DESK_LIMIT
from tests.helpdesk.views.desk.test_weight import USUAL as DESK_USUAL
from tests.helpdesk.views.desk.test_weight import weight_of
from tests.helpdesk.views.portal.test_weight import USUAL as PORTAL_USUAL
from tests.world import World

__all__ = ["world"]

pytestmark = pytest.mark.django_db
BOSS: Final = "administrator"
# Fields without a sentence beside them: the heading of their rows says what they mean.
PLAIN: Final = frozenset(
    f"{place}.{name}"
    for place, names in (
        ("organizationdomain", ("domain", "is_active")),
        ("organizationmembership", ("user", "role", "is_active")),
        ("teammembership", ("user", "role", "is_active")),
    )
    for name in names
)
# What an administrator makes by hand: a handful, or some dozens.
FEW: Final = (Calendar, FirstTierRule, Kind, Region, ServiceTier, SLAPolicy, Tier)
# Lists of the world, not of the desk.
WORLD: Final = frozenset({"country", "time_zone"})
MANY: Final = 60
_SELECT: Final = r'<select[^>]*\bname="([^"]*)"(.*?)</select>'


def forms_of_setup(request: HttpRequest) -> Iterator[Any]:
    """The form of a row that is there, and those of the rows within it, of every kind of row that can be changed."""
    for model, page in admin.site._registry.items():
        row = model._default_manager.order_by("pk").first()
        if page.has_change_permission(request, row):
            yield page.get_form(request, row, change=True)()
            yield from (rows.form() for rows, _inline in page.get_formsets_with_inlines(request, row))
            if page.has_add_permission(request):
                yield page.get_form(request)()


def test_every_field_of_set_up_says_what_it_means(world: World, rf: RequestFactory) -> None:
    request = rf.get("/admin/")
    request.user = world.people[BOSS]
    silent = {
        f"{form._meta.model._meta.model_name}.{field.name}"
        for form in forms_of_setup(request)
        for field in form.visible_fields()
        if not field.help_text
    }
    assert sorted(silent ^ PLAIN) == []


def test_fields_of_set_up_suggest_what_there_is_much_of(world: World, rf: RequestFactory) -> None:
    request = rf.get("/admin/")
    request.user = world.people[BOSS]
    listed = {
        f"{form._meta.model._meta.model_name}.{field.name}"
        for form in forms_of_setup(request)
        for field in form.visible_fields()
        if getattr(getattr(field.field, "queryset", None), "model", None) not in {None, *FEW}
        and not isinstance(getattr(field.field.widget, "widget", field.field.widget), AutocompleteMixin)
    }
    assert listed == set()


def test_no_page_is_heavy_and_no_choice_grows_with_the_desk(world: World) -> None:
    User.objects.bulk_create(User(name=f"Crowd {n}", email=f"crowd{n}@example.org") for n in range(MANY))
    Organization.objects.bulk_create(Organization(name=f"Crowd {n}") for n in range(MANY))
    Tag.objects.bulk_create(Tag(name=f"crowd-{n}") for n in range(MANY))
    grown, weights = set(), dict[str, int]()
    for name in (BOSS, "owner"):
        client = visit(world, name)
        for route in routes_of(world, name):
            answer = client.get(address(world, route))
            body = (b"".join(answer) if answer.streaming else answer.content).decode(errors="ignore")
            for choice, options in re.findall(_SELECT, body, re.DOTALL):
                if options.count("<option") > MANY and choice not in WORLD:
                    grown.add((route, choice))
            if "</html>" in body:
                weights[route] = weight_of(body, client)
    assert grown == set()
    assert {route for route, weight in weights.items() if weight > _limit(route)} == set()


def routes_of(world: World, name: str) -> Iterator[str]:
    """The pages that this person opens; of set-up those of one kind of row, since all are of one make."""
    for route, rule in ALL_RULES.items():
        is_double = route.startswith("admin:helpdesk_") and not route.startswith("admin:helpdesk_queue")
        if not rule.posts and not is_double and rule.who(world, name):
            yield route


def _limit(route: str) -> int:
    if route.startswith("admin:helpdesk_"):
        return DESK_LIMIT
    return DESK_USUAL if route.startswith("admin:") else PORTAL_USUAL
