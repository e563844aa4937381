"""What holds for the whole desk, and the partners who supply it."""

from typing import Final

from django.contrib.postgres import indexes
from django.core import validators
from django.db import migrations, models
from django.db.models import functions

from helpdesk.migrations.tables.parts import ID, key

TABLES: Final = [
    migrations.CreateModel(
        "PriorityCell",
        fields=[
            ID,
            (
                "impact",
                models.PositiveSmallIntegerField(
                    choices=[(1, "Everybody"), (2, "Several people"), (3, "One person")], verbose_name="impact"
                ),
            ),
            (
                "urgency",
                models.PositiveSmallIntegerField(
                    choices=[(1, "Work has stopped"), (2, "Work goes on, with trouble"), (3, "It can wait")],
                    verbose_name="urgency",
                ),
            ),
            (
                "priority",
                models.PositiveSmallIntegerField(
                    choices=[(1, "P1 critical"), (2, "P2 high"), (3, "P3 medium"), (4, "P4 low")],
                    verbose_name="priority",
                ),
            ),
        ],
        options={
            "verbose_name": "priority of an impact and an urgency",
            "verbose_name_plural": "impact and urgency",
            "ordering": ("impact", "urgency"),
            "constraints": [
                models.UniqueConstraint(fields=("impact", "urgency"), name="priority_cell_unique"),
                models.CheckConstraint(
                    condition=models.Q(
                        ("impact__in", [1, 2, 3]), ("priority__in", [1, 2, 3, 4]), ("urgency__in", [1, 2, 3])
                    ),
                    name="priority_cell_known",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        "Criterion",
        fields=[
            ID,
            ("translations", models.JSONField(blank=True, default=dict, verbose_name="in other languages")),
            ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
            ("name", models.CharField(max_length=80, verbose_name="name")),
            ("unit", models.CharField(blank=True, max_length=12, verbose_name="unit")),
            ("is_case", models.BooleanField(default=False, verbose_name="yes or no")),
            (
                "critical_above",
                models.DecimalField(
                    blank=True,
                    decimal_places=2,
                    help_text="Empty: it is never P1 by this.",
                    max_digits=9,
                    null=True,
                    validators=[validators.MinValueValidator(0)],
                    verbose_name="P1 above",
                ),
            ),
            (
                "high_above",
                models.DecimalField(
                    blank=True,
                    decimal_places=2,
                    help_text="Empty: it is never P2 by this.",
                    max_digits=9,
                    null=True,
                    validators=[validators.MinValueValidator(0)],
                    verbose_name="P2 above",
                ),
            ),
            (
                "medium_from",
                models.DecimalField(
                    blank=True,
                    decimal_places=2,
                    help_text="What is less is P4.",
                    max_digits=9,
                    null=True,
                    validators=[validators.MinValueValidator(0)],
                    verbose_name="P3 from",
                ),
            ),
            (
                "case_priority",
                models.PositiveSmallIntegerField(
                    choices=[(1, "P1 critical"), (2, "P2 high"), (3, "P3 medium"), (4, "P4 low")],
                    default=1,
                    verbose_name="priority if so",
                ),
            ),
            ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
            ("is_active", models.BooleanField(default=True, verbose_name="active")),
        ],
        options={
            "verbose_name": "criterion of priority",
            "verbose_name_plural": "criteria of priority",
            "ordering": ("position", "name"),
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(("case_priority__in", [1, 2, 3, 4])), name="criterion_priority_known"
                )
            ],
        },
    ),
    migrations.CreateModel(
        "DeskSettings",
        fields=[
            ("id", models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
            (
                "quiet_days",
                models.PositiveSmallIntegerField(
                    default=5,
                    help_text="A resolved ticket closes by itself when the requester says nothing for so many days.",
                    validators=[validators.MinValueValidator(1), validators.MaxValueValidator(365)],
                    verbose_name="quiet days before closing",
                ),
            ),
            (
                "reopening_days",
                models.PositiveSmallIntegerField(
                    default=14,
                    help_text="A later answer starts a new, linked ticket.",
                    validators=[validators.MaxValueValidator(365)],
                    verbose_name="days in which a closed ticket can be reopened",
                ),
            ),
            (
                "edit_minutes",
                models.PositiveSmallIntegerField(
                    db_default=10,
                    default=10,
                    help_text="By who wrote it; what it said before is kept. 0: never.",
                    validators=[validators.MaxValueValidator(1440)],
                    verbose_name="minutes in which a message can be changed",
                ),
            ),
            (
                "max_file_mb",
                models.PositiveSmallIntegerField(
                    default=25,
                    validators=[validators.MinValueValidator(1), validators.MaxValueValidator(200)],
                    verbose_name="largest file in MB",
                ),
            ),
            (
                "max_files",
                models.PositiveSmallIntegerField(
                    default=10,
                    validators=[validators.MinValueValidator(1), validators.MaxValueValidator(50)],
                    verbose_name="files in one message",
                ),
            ),
            (
                "blocked_endings",
                models.TextField(
                    blank=True,
                    default="ade adp apk app appx appxbundle bat cab chm cmd com cpl diagcab dll dmg exe gadget hta img ins inf iso isp jar jnlp js jse lib lnk mde msc msi msix msixbundle msp mst nsh pif ps1 psm1 reg scf scr sct settingcontent-ms shb sys url vb vbe vbs vhd vhdx vxd wsc wsf wsh xll",
                    max_length=2000,
                    validators=[
                        validators.RegexValidator(
                            "\\A[\\w\\s,;.*-]*\\Z", "Write endings like “exe” and “bat”, with spaces between them."
                        )
                    ],
                    verbose_name="endings of files that are not taken",
                ),
            ),
            (
                "allowed_endings",
                models.TextField(
                    blank=True,
                    max_length=2000,
                    validators=[
                        validators.RegexValidator(
                            "\\A[\\w\\s,;.*-]*\\Z", "Write endings like “exe” and “bat”, with spaces between them."
                        )
                    ],
                    verbose_name="the only endings of files that are taken",
                ),
            ),
            (
                "staff_need_second_step",
                models.BooleanField(
                    default=False,
                    help_text="A code from an app, or a passkey, beside the password. Who has none yet is led to set one up before anything else, you too.",
                    verbose_name="who works here logs in with a second step",
                ),
            ),
        ],
        options={
            "verbose_name": "settings of the desk",
            "verbose_name_plural": "settings of the desk",
            "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="desk_settings_one_row")],
        },
    ),
    migrations.CreateModel(
        "SetupGeneration",
        fields=[
            ("id", models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
            ("mark", models.UUIDField()),
        ],
        options={
            "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="setup_generation_one_row")]
        },
    ),
    migrations.CreateModel(
        "Brand",
        fields=[
            ("id", models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
            (
                "name",
                models.CharField(
                    default="Watchdesk",
                    help_text="Stands on top of each page and in each mail.",
                    max_length=40,
                    verbose_name="name",
                ),
            ),
            (
                "accent",
                models.CharField(
                    default="#0f766e",
                    help_text="Of links and buttons. What is read on it, and its shades for dark pages, follow from it.",
                    max_length=7,
                    validators=[
                        validators.RegexValidator(
                            "\\A#[0-9a-fA-F]{6}\\Z", "Write a colour as six digits, such as #0f766e."
                        )
                    ],
                    verbose_name="colour",
                ),
            ),
            ("logo", key("helpdesk.blob", blank=True, null=True, related_name="brands", verbose_name="logo")),
        ],
        options={
            "verbose_name": "brand",
            "verbose_name_plural": "brand",
            "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="brand_one_row")],
        },
    ),
    migrations.CreateModel(
        "Partner",
        fields=[
            ID,
            ("name", models.CharField(max_length=120, verbose_name="name")),
            ("contact_name", models.CharField(blank=True, max_length=120, verbose_name="liaison")),
            ("contact_email", models.EmailField(blank=True, max_length=254, verbose_name="their address")),
            ("contact_phone", models.CharField(blank=True, max_length=40, verbose_name="their phone")),
            ("description", models.CharField(blank=True, max_length=200, verbose_name="description")),
            ("is_active", models.BooleanField(default=True, verbose_name="active")),
        ],
        options={
            "verbose_name": "partner",
            "verbose_name_plural": "partners",
            "ordering": ("name",),
            "constraints": [models.UniqueConstraint(functions.Lower("name"), name="partner_name_unique")],
        },
    ),
    migrations.CreateModel(
        "PartnerWait",
        fields=[
            ID,
            ("ticket", key("helpdesk.ticket", related_name="+")),
            ("partner", key("helpdesk.partner", related_name="+")),
            ("reference", models.CharField(blank=True, max_length=60, verbose_name="their reference")),
            ("began_at", models.DateTimeField(verbose_name="since")),
        ],
        options={
            "verbose_name": "wait on a partner",
            "verbose_name_plural": "waits on partners",
            "indexes": [
                models.Index(
                    indexes.OpClass(functions.Upper("reference"), name="text_pattern_ops"),
                    condition=~models.Q(("reference", "")),
                    name="partner_wait_reference",
                )
            ],
        },
    ),
]
