"""Who is a VIP, and by which mail domains people find into their organisation."""

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("helpdesk", "0011_exports"),
    ]

    operations = [
        migrations.CreateModel(
            name="OrganizationDomain",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("domain", models.CharField(max_length=253, verbose_name="mail domain")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "mail domain",
                "verbose_name_plural": "mail domains",
            },
        ),
        migrations.AddField(
            model_name="user",
            name="is_vip",
            field=models.BooleanField(db_default=False, default=False, verbose_name="VIP"),
        ),
        migrations.AddIndex(
            model_name="user",
            index=models.Index(condition=models.Q(("is_vip", True)), fields=["id"], name="user_vip"),
        ),
        migrations.AddField(
            model_name="organizationdomain",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="domains", to="helpdesk.organization"
            ),
        ),
        migrations.AddConstraint(
            model_name="organizationdomain",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_active", True)),
                fields=("domain",),
                name="organization_domain_of_one",
                violation_error_message="Another organisation has this domain.",
            ),
        ),
        migrations.AddConstraint(
            model_name="organizationdomain",
            constraint=models.CheckConstraint(
                condition=models.Q(("domain", django.db.models.functions.text.Lower("domain"))),
                name="organization_domain_is_lower",
            ),
        ),
    ]
