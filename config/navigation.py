"""The frame around every page of the desk: Unfold's settings, and what stands in its navigation for whom."""

from typing import Any, Final

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _


def _static(path: str) -> Any:
    def address(_request: HttpRequest) -> str:
        return static(path)

    return address


def _item(title: Any, icon: str, route: str, gate: str | None = None) -> dict[str, Any]:
    """One entry; `gate` is the right that shows it, a name in `helpdesk.admin.gates`."""
    entry = {"title": title, "icon": icon, "link": reverse_lazy(f"admin:{route}")}
    return entry if gate is None else {**entry, "permission": f"helpdesk.admin.gates.{gate}"}


def _rows(title: Any, icon: str, model: str, gate: str) -> dict[str, Any]:
    """The entry of a set-up page."""
    return _item(title, icon, f"helpdesk_{model}_changelist", gate)


_NAVIGATION: Final[list[dict[str, Any]]] = [
    {
        "items": [
            _item(_("Home"), "home", "index"),
            _item(_("Inbox"), "notifications", "inbox"),
            _item(_("Tickets"), "inbox", "tickets"),
            _item(_("Problems"), "crisis_alert", "problems"),
            _item(_("Mailbox"), "mail", "mailbox", "has_mailbox"),
        ],
    },
    {
        "title": _("Who is who"),
        "separator": True,
        "items": [
            _rows(_("People"), "person", "user", "sees_people"),
            _rows(_("Organisations"), "apartment", "organization", "sees_setup"),
            _rows(_("Teams"), "groups", "team", "sees_setup"),
            _rows(_("Roles"), "badge", "staffrole", "sees_setup"),
            _rows(_("Partners"), "handshake", "partner", "sees_setup"),
            _item(_("Integrations"), "cable", "integrations", "sees_people"),
        ],
    },
    {
        "title": _("How work is divided"),
        "separator": True,
        "items": [
            _rows(_("Queues"), "stacks", "queue", "sees_setup"),
            _rows(_("Tiers"), "stairs", "tier", "sees_setup"),
            _rows(_("First tier"), "alt_route", "firsttierrule", "sees_setup"),
            _rows(_("Regions"), "public", "region", "sees_setup"),
            _rows(_("Calendars"), "calendar_month", "calendar", "sees_setup"),
            _rows(_("SLA policies"), "timer", "slapolicy", "sees_setup"),
            _item(_("Who is promised what"), "rule", "policy_rules", "sees_setup"),
            _rows(_("Phases"), "event_upcoming", "phase", "sees_setup"),
            _rows(_("Service tiers"), "workspace_premium", "servicetier", "sees_setup"),
            _rows(_("Kinds"), "label", "kind", "sees_setup"),
            _rows(_("Tags"), "sell", "tag", "sees_setup"),
            _rows(_("Impact and urgency"), "grid_on", "prioritycell", "sees_setup"),
            _rows(_("Criteria of priority"), "speed", "criterion", "sees_setup"),
            _rows(_("Settings"), "tune", "desksettings", "sees_setup"),
            _item(_("Webhooks"), "webhook", "webhooks", "changes_setup"),
        ],
    },
    {
        "title": _("What people see"),
        "separator": True,
        "items": [
            _rows(_("Categories"), "category", "category", "sees_setup"),
            _rows(_("Announcements"), "campaign", "announcement", "sees_setup"),
            _rows(_("Brand"), "palette", "brand", "sees_setup"),
        ],
    },
    {
        "title": _("Records"),
        "separator": True,
        "items": [
            _rows(_("Audit"), "history", "auditevent", "sees_record"),
            _rows(_("Deliveries"), "outgoing_mail", "delivery", "sees_operation"),
            _rows(_("Waiting effects"), "pending_actions", "pendingevent", "sees_operation"),
        ],
    },
]

# A deep teal; Unfold makes its links, buttons and marks of these.
_ACCENT: Final = {
    "50": "#effcf9",
    "100": "#d5f5ef",
    "200": "#aeebe1",
    "300": "#7fdccf",
    "400": "#5cc8bc",
    "500": "#4fbdb0",
    "600": "#0f766e",
    "700": "#0b5953",
    "800": "#0a4844",
    "900": "#083b38",
    "950": "#042220",
}

# The greys of `tokens.css`, so that Unfold's pages and ours stand on one ground.
_GREYS: Final = {
    "50": "#f4f7f7",
    "100": "#ebf0f0",
    "200": "#d3dadb",
    "300": "#c3ccd1",
    "400": "#919da6",
    "500": "#5f6b75",
    "600": "#52606d",
    "700": "#37424a",
    "800": "#262f35",
    "900": "#14191d",
    "950": "#0f1316",
}

UNFOLD: Final[dict[str, Any]] = {
    "SITE_TITLE": "Watchdesk",
    "SITE_HEADER": "Watchdesk",
    "SITE_SYMBOL": "support_agent",
    "SITE_URL": None,
    # What happened to a row is in the audit, for those who may read it.
    "SHOW_HISTORY": "helpdesk.admin.gates.sees_record",
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "6px",
    "COLORS": {"base": _GREYS, "primary": _ACCENT},
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": _static("img/icon.svg")}],
    "STYLES": [_static("css/tokens.css"), _static("css/components.css"), _static("css/desk.css")],
    "SIDEBAR": {"show_search": False, "show_all_applications": False, "navigation": _NAVIGATION},
}
