"""The matrix and the criteria as administrators edit them."""

from decimal import Decimal

import pytest
from django.test import Client

from helpdesk import presets
from helpdesk.actors import SYSTEM
from helpdesk.models import AuditEvent, Criterion, PriorityCell
from tests.factories import NOW, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Client:
    presets.load(by=SYSTEM, now=NOW)
    client = Client()
    client.force_login(UserFactory.create(role="administrator"))
    return client


def test_bounds_are_changed_in_order_and_on_record(admin: Client) -> None:
    row = Criterion.objects.get(code="errors")
    where = f"/admin/helpdesk/criterion/{row.pk}/change/"
    page = admin.get(where)
    form = {
        "name": "Error rate", "name_in_de": "Fehlerquote", "unit": "%", "critical_above": "", "high_above": "8",
        "medium_from": "9", "case_priority": "1", "position": "60", "is_active": "on",
        "seen": page.context["adminform"].form.initial["seen"],
    }  # fmt: skip
    refused = admin.post(where, form)
    assert "Each bound has to be lower than the one of a higher priority." in refused.content.decode()
    assert admin.post(where, {**form, "medium_from": "2.5"}).status_code == 302
    row.refresh_from_db()
    assert (row.high_above, row.medium_from) == (Decimal(8), Decimal("2.5"))
    values = AuditEvent.objects.filter(kind="setup_changed", subject_type="criterion").get().data["values"]
    assert values == {"high_above": ["10", "8"], "medium_from": ["5", "2.5"]}


def test_cell_of_the_matrix_is_changed(admin: Client) -> None:
    cell = PriorityCell.objects.get(impact=3, urgency=3)
    where = f"/admin/helpdesk/prioritycell/{cell.pk}/change/"
    seen = admin.get(where).context["adminform"].form.initial["seen"]
    assert admin.post(where, {"priority": "3", "seen": seen}).status_code == 302
    cell.refresh_from_db()
    assert cell.priority == 3
    assert admin.get("/admin/helpdesk/prioritycell/").status_code == 200
