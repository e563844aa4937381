"""Who comes without an account."""

import uuid
from typing import Final

from django.conf import settings
from django.db import migrations, models

from helpdesk.migrations.tables.parts import ID, key

TABLES: Final = [
    migrations.CreateModel(
        "GuestFiling",
        fields=[
            ID,
            ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
            ("form_key", models.UUIDField(unique=True)),
            ("category", key("helpdesk.category", related_name="+")),
            ("email", models.EmailField(max_length=254)),
            ("name", models.CharField(max_length=120)),
            ("language", models.CharField(max_length=10)),
            ("subject", models.CharField(max_length=200)),
            ("body", models.TextField()),
            ("answers", models.JSONField(default=dict)),
            ("created_at", models.DateTimeField()),
            ("expires_at", models.DateTimeField()),
            ("ticket", key("helpdesk.ticket", null=True, related_name="+")),
        ],
        options={
            "verbose_name": "report of a guest",
            "verbose_name_plural": "reports of guests",
            "indexes": [models.Index(fields=["expires_at"], name="guest_filing_age")],
        },
    ),
    migrations.CreateModel(
        "GuestFile",
        fields=[
            ID,
            ("filing", key("helpdesk.guestfiling", related_name="files")),
            ("blob", key("helpdesk.blob", related_name="guest_files")),
            ("name", models.CharField(max_length=150)),
            ("position", models.PositiveSmallIntegerField(default=0)),
        ],
        options={
            "verbose_name": "file of a guest",
            "verbose_name_plural": "files of guests",
            "ordering": ("position",),
        },
    ),
    migrations.CreateModel(
        "GuestLink",
        fields=[
            ID,
            ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
            ("ticket", key("helpdesk.ticket", related_name="guest_links")),
            ("user", key(settings.AUTH_USER_MODEL, related_name="+")),
            ("created_at", models.DateTimeField()),
            ("expires_at", models.DateTimeField()),
            ("revoked_at", models.DateTimeField(null=True)),
        ],
        options={
            "verbose_name": "link of a guest",
            "verbose_name_plural": "links of guests",
            "indexes": [
                models.Index(
                    condition=models.Q(("revoked_at", None)), fields=["ticket", "user"], name="guest_link_valid"
                )
            ],
        },
    ),
    migrations.CreateModel(
        "Attempt",
        fields=[
            ID,
            (
                "kind",
                models.CharField(
                    choices=[("file_as_guest", "Report without an account"), ("renew_link", "New link to a ticket")],
                    max_length=20,
                ),
            ),
            ("subject", models.CharField(max_length=64)),
            ("made_at", models.DateTimeField()),
        ],
        options={
            "verbose_name": "attempt",
            "verbose_name_plural": "attempts",
            "indexes": [
                models.Index(fields=["subject", "kind", "made_at"], name="attempt_of_subject"),
                models.Index(fields=["made_at"], name="attempt_age"),
            ],
        },
    ),
]
