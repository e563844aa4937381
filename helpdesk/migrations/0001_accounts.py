"""People, before the tables of logging in, which lead to them."""

from django.db import migrations

from helpdesk.migrations.tables import accounts
from helpdesk.migrations.tables.parts import CreateTables


class Migration(migrations.Migration):
    initial = True

    replaces = [("helpdesk", "0001_initial")]

    dependencies = []

    operations = [CreateTables(accounts.TABLES)]
