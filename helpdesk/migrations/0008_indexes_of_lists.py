"""Each list of tickets, in each of its orders, along an index; and words of a subject along another."""

import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently, TrigramExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    # Built beside the running desk, which no transaction allows.
    atomic = False

    dependencies = [("helpdesk", "0007_first_news")]

    operations = [
        TrigramExtension(),
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(
                models.F("requester"),
                models.OrderBy(models.F("public_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="ticket_news_of_requester",
            ),
        ),
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(
                models.F("organization"),
                models.OrderBy(models.F("public_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="ticket_news_of_organization",
            ),
        ),
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("status__in", ["closed", "resolved"]), _negated=True),
                fields=["created_at", "id"],
                name="ticket_unsolved_oldest",
            ),
        ),
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("status__in", ["closed", "resolved"]), _negated=True),
                fields=["priority", "created_at", "id"],
                name="ticket_unsolved_urgent",
            ),
        ),
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("unanswered_since__isnull", False)),
                fields=["unanswered_since", "id"],
                name="ticket_unanswered",
            ),
        ),
        AddIndexConcurrently(
            model_name="ticket",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("subject"), name="gin_trgm_ops"
                ),
                name="ticket_subject_words",
            ),
        ),
        # Only now that the lists have others.
        RemoveIndexConcurrently(
            model_name="ticket",
            name="ticket_of_requester",
        ),
        RemoveIndexConcurrently(
            model_name="ticket",
            name="ticket_of_organization",
        ),
    ]
