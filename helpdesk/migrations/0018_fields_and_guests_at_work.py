"""Indexes of answers, and guests among those who act: beside the running desk."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Upper


def _fits(name):
    people = ("person", "guest")
    fits = Q(actor_kind__in=people, actor__isnull=False) | (~Q(actor_kind__in=people) & Q(actor__isnull=True))
    return models.CheckConstraint(condition=fits, name=name)


class Migration(migrations.Migration):
    # Built beside the running desk, which no transaction allows.
    atomic = False

    dependencies = [("helpdesk", "0017_fields_and_guests")]

    operations = [
        migrations.RemoveConstraint(model_name="auditevent", name="audit_event_actor_fits"),
        AddConstraintNotValid(model_name="auditevent", constraint=_fits("audit_event_actor_fits")),
        ValidateConstraint(model_name="auditevent", name="audit_event_actor_fits"),
        migrations.RemoveConstraint(model_name="ticketevent", name="ticket_event_actor_fits"),
        AddConstraintNotValid(model_name="ticketevent", constraint=_fits("ticket_event_actor_fits")),
        ValidateConstraint(model_name="ticketevent", name="ticket_event_actor_fits"),
        AddIndexConcurrently(
            "fieldvalue",
            models.Index(fields=["field", "number"], condition=Q(number__isnull=False), name="field_value_number"),
        ),
        AddIndexConcurrently(
            "fieldvalue",
            models.Index(fields=["field", "day"], condition=Q(day__isnull=False), name="field_value_day"),
        ),
        AddIndexConcurrently("fieldvalue", GinIndex(fields=["picks"], name="field_value_picks")),
        AddIndexConcurrently(
            "fieldvalue", GinIndex(OpClass(Upper("words"), name="gin_trgm_ops"), name="field_value_words")
        ),
    ]
