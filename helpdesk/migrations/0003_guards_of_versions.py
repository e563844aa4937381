"""What is in force never changes.

A migration of its own, so that a database in the middle of those before finds the one it leads to missing and is refused.
"""

from django.db import migrations

from helpdesk.migrations.tables import guards


class Migration(migrations.Migration):
    replaces = [("helpdesk", "0037_versions_are_kept")]

    dependencies = [("helpdesk", "0002_desk")]

    operations = [*guards.VERSIONS]
