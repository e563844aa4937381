"""What was planned can be taken back before it counts; what counts, or did, still never changes."""

from typing import Final

from django.db import migrations, models
from django.db.models import Q

from helpdesk.migrations.tables import guards

_TIMES: Final = ("planned_for", "taken_back_at")
_DRAFT: Final = Q(("taken_back_at__isnull", True), ("valid_from__isnull", True))
_FITS: Final = Q(("planned_for__isnull", True), ("taken_back_at__isnull", True)) | Q(
    ("planned_for__isnull", False), ("taken_back_at__isnull", False), ("valid_from__isnull", True)
)
_OWN: Final = "ARRAY['valid_from', 'planned_for', 'taken_back_at']"
_KEEP: Final = f"""
CREATE FUNCTION helpdesk_keep_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- What begins later may be taken back, with nothing else of it changed.
    IF TG_OP = 'UPDATE' AND OLD.valid_from > clock_timestamp() AND NEW.planned_for = OLD.valid_from
        AND NEW.taken_back_at IS NOT NULL AND to_jsonb(NEW) - {_OWN} = to_jsonb(OLD) - {_OWN} THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'A version in force never changes: % on % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER helpdesk_policyversion_kept BEFORE UPDATE OR DELETE ON helpdesk_policyversion
    FOR EACH ROW WHEN (OLD.valid_from IS NOT NULL OR OLD.taken_back_at IS NOT NULL)
    EXECUTE FUNCTION helpdesk_keep_version();
CREATE TRIGGER helpdesk_calendarversion_kept BEFORE UPDATE OR DELETE ON helpdesk_calendarversion
    FOR EACH ROW WHEN (OLD.valid_from IS NOT NULL OR OLD.taken_back_at IS NOT NULL)
    EXECUTE FUNCTION helpdesk_keep_version();
"""
_VERSIONS, _HOLIDAYS = guards.VERSIONS
_KEEP_HOLIDAYS: Final = str(_HOLIDAYS.sql).replace(
    "valid_from IS NOT NULL", "(valid_from IS NOT NULL OR taken_back_at IS NOT NULL)"
)


def _of(model: str, owner: str) -> list[migrations.operations.base.Operation]:
    """The columns of the versions of one kind of thing, and what holds of them."""
    table, draft = f"{model}version", f"{model}_version_one_draft"
    return [
        *(migrations.AddField(table, name, models.DateTimeField(editable=False, null=True)) for name in _TIMES),
        migrations.RemoveConstraint(table, draft),
        migrations.AddConstraint(table, models.UniqueConstraint(fields=[owner], condition=_DRAFT, name=draft)),
        migrations.AddConstraint(table, models.CheckConstraint(condition=_FITS, name=f"{model}_version_taken_back")),
    ]


class Migration(migrations.Migration):
    dependencies = [("helpdesk", "0011_integrations")]

    operations = [
        *_of("policy", "policy"),
        *_of("calendar", "calendar"),
        migrations.RunSQL([_VERSIONS.reverse_sql, _KEEP], [_VERSIONS.reverse_sql, _VERSIONS.sql]),
        migrations.RunSQL([_HOLIDAYS.reverse_sql, _KEEP_HOLIDAYS], [_HOLIDAYS.reverse_sql, _HOLIDAYS.sql]),
    ]
