"""The states of the pages on which the desk is set up: forms refused, lists empty, drafts that are counted."""

from collections.abc import Iterator
from typing import Final

from django.contrib import admin
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.states.hands import refused
from tests.states.scene import Scene
from tests.states.seeing import State

_BOSS: Final = "administrator"
# Whose empty form is a whole one: every field of it has a choice to begin with.
# A form of every make: with rows within, and a plain one; all of them in the long run.
_SOME: Final = frozenset({"queue", "user"})
_NEVER_EMPTY: Final = frozenset({"prioritycell"})


def setup_states(s: Scene) -> Iterator[State]:
    """Those of the forms that Django's admin makes, and of promises."""
    for model in admin.site._registry:
        name = str(model._meta.model_name)
        form = f"#{name}_form"
        place = f"admin:helpdesk_{name}"
        if name not in {"desksettings", "brand", "auditevent", "delivery", "pendingevent"}:
            add = reverse(f"{place}_add")
            yield State(f"{name}, new", _BOSS, add, is_rare=True)
            if name not in _NEVER_EMPTY:
                yield State(f"{name}, new, refused", _BOSS, add, refused(form, status=200), is_rare=name not in _SOME)
        yield State(
            f"{name}, nothing fits", _BOSS, f"{reverse(f'{place}_changelist')}?q=nothing-like-this", is_rare=True
        )
    integration = f"/admin/integrations/{s.integration.pk}/"
    yield State("integration with tokens in each state", _BOSS, integration)
    yield State("integration refused", _BOSS, "/admin/integrations/new/", refused(), is_rare=True)
    yield State("list with its filters open", _BOSS, reverse("admin:helpdesk_user_changelist"), _filters)
    yield from _promises(s)


def _promises(s: Scene) -> Iterator[State]:
    for kind, rows in (("calendar", s.calendars), ("policie", s.policies)):
        done, running = (f"/admin/{kind}s/{row.pk}/" for row in rows)
        yield State(f"{kind} with a draft", _BOSS, done, is_rare=True)
        yield State(f"{kind}, draft counted", _BOSS, f"{done}preview/", is_rare=True)
        yield State(f"{kind}, draft that is being counted", _BOSS, f"{running}preview/", is_rare=kind == "policie")
        yield State(f"{kind}, draft refused", _BOSS, f"{done}edit/", refused(junk="x"))
    yield State("rules in their order", _BOSS, "/admin/policies/rules/", is_rare=True)
    yield State("rule taken out of use, looked at", _BOSS, f"/admin/policies/rules/{s.rule.pk}/off/", is_rare=True)


def _filters(page: Page) -> None:
    page.get_by_role("button", name="Filters").click()
    expect(page.locator("#changelist-filter a").first).to_be_focused()
