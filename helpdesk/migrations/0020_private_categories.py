"""Categories whose tickets only some teams see, and watchers who were let in to them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("helpdesk", "0019_person_merges")]

    operations = [
        migrations.AddField(
            model_name="category",
            name="restricted_to",
            field=models.ManyToManyField(
                blank=True, related_name="private_categories", to="helpdesk.team", verbose_name="private to"
            ),
        ),
        migrations.AddField(
            model_name="watcher",
            name="admitted",
            field=models.BooleanField(db_default=False, default=False, verbose_name="admitted"),
        ),
    ]
