"""People and their regions: what has to be there before the tables of logging in."""

from typing import Final

import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import functions

from helpdesk.migrations.tables.parts import ID, key

TABLES: Final = [
    migrations.CreateModel(
        "Region",
        fields=[
            ID,
            ("time_zone", models.CharField(default="UTC", max_length=64, verbose_name="time zone")),
            ("code", models.SlugField(max_length=20, unique=True, verbose_name="code")),
            ("name", models.CharField(max_length=60, verbose_name="name")),
            ("is_active", models.BooleanField(default=True, verbose_name="active")),
        ],
        options={"verbose_name": "region", "verbose_name_plural": "regions", "ordering": ("name",)},
    ),
    migrations.CreateModel(
        "User",
        fields=[
            ID,
            ("time_zone", models.CharField(default="UTC", max_length=64, verbose_name="time zone")),
            ("password", models.CharField(max_length=128, verbose_name="password")),
            ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
            ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
            ("name", models.CharField(max_length=120, verbose_name="name")),
            (
                "role",
                models.CharField(
                    choices=[
                        ("requester", "Requester"),
                        ("agent", "Agent"),
                        ("manager", "Manager"),
                        ("administrator", "Administrator"),
                        ("auditor", "Auditor"),
                        ("head_of_support", "Head of support"),
                        ("regional_manager", "Regional manager"),
                        ("oncall_coordinator", "On-call coordinator"),
                        ("quality_lead", "Quality lead"),
                        ("training_specialist", "Training specialist"),
                        ("process_lead", "Process lead"),
                    ],
                    default="requester",
                    max_length=24,
                    verbose_name="role",
                ),
            ),
            ("region", key("helpdesk.region", blank=True, null=True, verbose_name="region")),
            ("language", models.CharField(default="en", max_length=10, verbose_name="language")),
            ("is_vip", models.BooleanField(db_default=False, default=False, verbose_name="VIP")),
            ("is_active", models.BooleanField(default=True, verbose_name="active")),
            (
                "merged_into",
                key(
                    settings.AUTH_USER_MODEL,
                    blank=True,
                    editable=False,
                    null=True,
                    related_name="merged",
                    verbose_name="merged into",
                ),
            ),
            (
                "created_at",
                models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="since"),
            ),
        ],
        options={
            "verbose_name": "person",
            "verbose_name_plural": "people",
            "indexes": [
                models.Index(fields=["name", "id"], name="user_by_name"),
                models.Index(functions.Upper("name"), models.F("id"), name="user_by_upper_name"),
                models.Index(condition=models.Q(("is_vip", True)), fields=["id"], name="user_vip"),
            ],
            "constraints": [
                models.UniqueConstraint(functions.Lower("email"), name="user_email_unique"),
                models.CheckConstraint(
                    condition=models.Q(
                        (
                            "role__in",
                            [
                                "requester",
                                "agent",
                                "manager",
                                "administrator",
                                "auditor",
                                "head_of_support",
                                "regional_manager",
                                "oncall_coordinator",
                                "quality_lead",
                                "training_specialist",
                                "process_lead",
                            ],
                        )
                    ),
                    name="user_role_known",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("merged_into__isnull", True),
                        models.Q(("is_active", False), ~models.Q(("merged_into", models.F("id")))),
                        _connector="OR",
                    ),
                    name="user_merged_is_closed",
                ),
            ],
        },
    ),
]
