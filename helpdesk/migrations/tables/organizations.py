"""Organisations and teams, and who has which place in them."""

from typing import Final

from django.conf import settings
from django.core import validators
from django.db import migrations, models
from django.db.models import functions

from helpdesk.migrations.tables.parts import ID, key

TABLES: Final = [
    migrations.CreateModel(
        "ServiceTier",
        fields=[
            ID,
            ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
            ("name", models.CharField(max_length=60, verbose_name="name")),
            ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
            ("is_active", models.BooleanField(default=True, verbose_name="active")),
        ],
        options={
            "verbose_name": "service tier",
            "verbose_name_plural": "service tiers",
            "ordering": ("position", "name"),
        },
    ),
    migrations.CreateModel(
        "Organization",
        fields=[
            ID,
            ("name", models.CharField(max_length=120, verbose_name="name")),
            ("region", key("helpdesk.region", blank=True, null=True, verbose_name="region")),
            (
                "service_tier",
                key("helpdesk.servicetier", blank=True, null=True, related_name="+", verbose_name="service tier"),
            ),
            ("is_active", models.BooleanField(default=True, verbose_name="active")),
            (
                "members",
                models.ManyToManyField(
                    related_name="organizations", through="helpdesk.OrganizationMembership", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
        options={
            "verbose_name": "organisation",
            "verbose_name_plural": "organisations",
            "ordering": ("name",),
            "constraints": [models.UniqueConstraint(functions.Lower("name"), name="organization_name_unique")],
        },
    ),
    migrations.CreateModel(
        "OrganizationMembership",
        fields=[
            ID,
            ("organization", key("helpdesk.organization", related_name="memberships")),
            ("user", key(settings.AUTH_USER_MODEL, related_name="+")),
            (
                "role",
                models.CharField(
                    choices=[("member", "Member"), ("manager", "Organisation manager")],
                    default="member",
                    max_length=10,
                    verbose_name="role",
                ),
            ),
            ("is_active", models.BooleanField(default=True, verbose_name="active")),
        ],
        options={
            "verbose_name": "membership",
            "verbose_name_plural": "memberships",
            "constraints": [
                models.UniqueConstraint(fields=("user", "organization"), name="organization_membership_unique"),
                models.CheckConstraint(
                    condition=models.Q(("role__in", ["member", "manager"])), name="organization_membership_role_known"
                ),
            ],
        },
    ),
    migrations.CreateModel(
        "OrganizationDomain",
        fields=[
            ID,
            ("organization", key("helpdesk.organization", related_name="domains")),
            ("domain", models.CharField(max_length=253, verbose_name="mail domain")),
            ("is_active", models.BooleanField(default=True, verbose_name="active")),
        ],
        options={
            "verbose_name": "mail domain",
            "verbose_name_plural": "mail domains",
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(("is_active", True)),
                    fields=("domain",),
                    name="organization_domain_of_one",
                    violation_error_message="Another organisation has this domain.",
                ),
                models.CheckConstraint(
                    condition=models.Q(("domain", functions.Lower("domain"))), name="organization_domain_is_lower"
                ),
            ],
        },
    ),
    migrations.CreateModel(
        "Tier",
        fields=[
            ID,
            (
                "level",
                models.PositiveSmallIntegerField(
                    help_text="1 is where most reports start.",
                    unique=True,
                    validators=[validators.MinValueValidator(1)],
                    verbose_name="level",
                ),
            ),
            ("name", models.CharField(max_length=60, verbose_name="name")),
            ("handles", models.CharField(blank=True, max_length=200, verbose_name="handles")),
            ("is_active", models.BooleanField(default=True, verbose_name="active")),
        ],
        options={
            "verbose_name": "tier",
            "verbose_name_plural": "tiers",
            "ordering": ("level",),
            "constraints": [models.CheckConstraint(condition=models.Q(("level__gte", 1)), name="tier_level_positive")],
        },
    ),
    migrations.CreateModel(
        "Team",
        fields=[
            ID,
            ("name", models.CharField(max_length=80, verbose_name="name")),
            ("tier", key("helpdesk.tier", related_name="teams", verbose_name="tier")),
            ("region", key("helpdesk.region", blank=True, null=True, related_name="teams", verbose_name="region")),
            ("is_active", models.BooleanField(default=True, verbose_name="active")),
            (
                "members",
                models.ManyToManyField(
                    related_name="teams", through="helpdesk.TeamMembership", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
        options={
            "verbose_name": "team",
            "verbose_name_plural": "teams",
            "ordering": ("name",),
            "constraints": [models.UniqueConstraint(functions.Lower("name"), name="team_name_unique")],
        },
    ),
    migrations.CreateModel(
        "TeamMembership",
        fields=[
            ID,
            ("team", key("helpdesk.team", related_name="memberships")),
            ("user", key(settings.AUTH_USER_MODEL, related_name="+")),
            (
                "role",
                models.CharField(
                    choices=[("member", "Member"), ("lead", "Team lead")],
                    default="member",
                    max_length=10,
                    verbose_name="role",
                ),
            ),
            ("is_active", models.BooleanField(default=True, verbose_name="active")),
        ],
        options={
            "verbose_name": "membership",
            "verbose_name_plural": "memberships",
            "constraints": [
                models.UniqueConstraint(fields=("user", "team"), name="team_membership_unique"),
                models.CheckConstraint(
                    condition=models.Q(("role__in", ["member", "lead"])), name="team_membership_role_known"
                ),
            ],
        },
    ),
    migrations.CreateModel(
        "Announcement",
        fields=[
            ID,
            ("translations", models.JSONField(blank=True, default=dict, verbose_name="in other languages")),
            ("title", models.CharField(max_length=120, verbose_name="title")),
            (
                "body",
                models.TextField(
                    blank=True, help_text="Markdown. Leave it empty where the title says it all.", verbose_name="text"
                ),
            ),
            (
                "level",
                models.CharField(
                    choices=[("info", "For your information"), ("warning", "Something does not work")],
                    default="info",
                    max_length=8,
                    verbose_name="weight",
                ),
            ),
            (
                "audience",
                models.CharField(
                    choices=[
                        ("everybody", "Everybody, also who is not logged in"),
                        ("signed_in", "Everybody who is logged in"),
                        ("organization", "The people of one organisation"),
                        ("staff", "Who works in the desk"),
                    ],
                    db_default="everybody",
                    default="everybody",
                    max_length=12,
                    verbose_name="for",
                ),
            ),
            (
                "organization",
                key("helpdesk.organization", blank=True, null=True, related_name="+", verbose_name="organisation"),
            ),
            ("starts_at", models.DateTimeField(verbose_name="from")),
            (
                "ends_at",
                models.DateTimeField(
                    blank=True, help_text="Empty: until somebody ends it.", null=True, verbose_name="until"
                ),
            ),
            ("is_active", models.BooleanField(default=True, verbose_name="active")),
        ],
        options={
            "verbose_name": "announcement",
            "verbose_name_plural": "announcements",
            "ordering": ("-starts_at", "-pk"),
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(("level__in", ["info", "warning"])), name="announcement_level_known"
                ),
                models.CheckConstraint(
                    condition=models.Q(("audience__in", ["everybody", "signed_in", "organization", "staff"])),
                    name="announcement_audience_known",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("audience", "organization"), ("organization__isnull", False)),
                        models.Q(~models.Q(("audience", "organization")), ("organization__isnull", True)),
                        _connector="OR",
                    ),
                    name="announcement_organization_fits",
                    violation_error_message="Choose an organisation exactly where the announcement is for its people.",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("ends_at__isnull", True), ("ends_at__gt", models.F("starts_at")), _connector="OR"
                    ),
                    name="announcement_ends_after_start",
                    violation_error_message="It has to end after it starts.",
                ),
            ],
        },
    ),
]
