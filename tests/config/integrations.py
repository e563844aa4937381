"""The routes of integrations and of tokens."""

from typing import Any, Final

from helpdesk.actions.integrations import Wanted, add_integration
from helpdesk.actions.tokens import make_token
from helpdesk.models import ApiToken, Integration
from helpdesk.permissions import Right
from tests.config.rules import DESK, Rule, both, in_desk
from tests.factories import NOW, actor
from tests.world import World

_SEES: Final = both(DESK, in_desk(Right.SEE_PEOPLE))
_CHANGES: Final = both(DESK, in_desk(Right.CHANGE_PEOPLE))
INTEGRATION_RULES: Final = {
    "admin:integrations": Rule(_SEES),
    "admin:integration_new": Rule(_CHANGES),
    "admin:integration": Rule(_SEES),
    "admin:integration_edit": Rule(_CHANGES),
    "admin:integration_close": Rule(_CHANGES, posts=True),
    "admin:integration_open": Rule(_CHANGES, posts=True),
    "admin:tokens": Rule(_SEES),
    "admin:token_rotate": Rule(_CHANGES, posts=True),
    "admin:token_revoke": Rule(_CHANGES, posts=True),
}


def addresses_of_integrations(world: World) -> dict[str, list[Any]]:
    """What the addresses of these routes hold."""
    by = actor(world.people["administrator"])
    row = Integration.objects.first() or add_integration(wanted=Wanted("Monitoring"), by=by, now=NOW)
    token = ApiToken.objects.filter(user=row.pk).first()
    if token is None:
        token, _text = make_token(user=row.user, name="First", scopes=["tickets:write"], by=by, now=NOW)
    one = {name: [row.pk] for name in INTEGRATION_RULES if name.startswith("admin:integration_")}
    whole: dict[str, list[Any]] = {"admin:integration_new": [], "admin:integration": [row.pk]}
    return {**one, **whole, "admin:token_rotate": [token.pk], "admin:token_revoke": [token.pk]}
