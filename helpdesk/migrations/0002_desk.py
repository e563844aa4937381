"""The desk: all that there was when the thirty-six migrations before became two."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

from helpdesk.migrations.tables import (
    clocks,
    guards,
    guests,
    organizations,
    people,
    promises,
    record,
    relations,
    setup,
    sorting,
    talk,
    tickets,
)
from helpdesk.migrations.tables.parts import CreateTables


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("helpdesk", "0002_append_only_and_addresses"),
        ("helpdesk", "0003_index_of_unsolved_tickets"),
        ("helpdesk", "0004_who_sent_a_file"),
        ("helpdesk", "0005_index_of_senders_files"),
        ("helpdesk", "0006_rooms"),
        ("helpdesk", "0007_first_news"),
        ("helpdesk", "0008_indexes_of_lists"),
        ("helpdesk", "0009_latest_solved"),
        ("helpdesk", "0010_latest_answered"),
        ("helpdesk", "0011_exports"),
        ("helpdesk", "0012_vip_and_domains"),
        ("helpdesk", "0013_problems"),
        ("helpdesk", "0014_index_of_problems_tickets"),
        ("helpdesk", "0015_relations"),
        ("helpdesk", "0016_endings_of_files"),
        ("helpdesk", "0017_fields_and_guests"),
        ("helpdesk", "0018_fields_and_guests_at_work"),
        ("helpdesk", "0019_person_merges"),
        ("helpdesk", "0020_private_categories"),
        ("helpdesk", "0021_second_step"),
        ("helpdesk", "0022_indexes_at_scale"),
        ("helpdesk", "0023_thumbnails"),
        ("helpdesk", "0024_audiences"),
        ("helpdesk", "0025_merges"),
        ("helpdesk", "0026_indexes_of_merges"),
        ("helpdesk", "0027_partners"),
        ("helpdesk", "0028_index_of_waits"),
        ("helpdesk", "0029_mentions"),
        ("helpdesk", "0030_invitations"),
        ("helpdesk", "0031_problem_notices"),
        ("helpdesk", "0032_edits_and_time"),
        ("helpdesk", "0033_telling"),
        ("helpdesk", "0034_clocks"),
        ("helpdesk", "0035_index_of_urgency"),
        ("helpdesk", "0036_setup_generation"),
    ]

    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("helpdesk", "0001_accounts"),
    ]

    operations = [
        TrigramExtension(),
        *guards.SEQUENCES,
        CreateTables(
            [
                *clocks.TABLES,
                *guests.TABLES,
                *organizations.TABLES,
                *people.TABLES,
                *promises.TABLES,
                *record.TABLES,
                *relations.TABLES,
                *setup.TABLES,
                *sorting.TABLES,
                *talk.TABLES,
                *tickets.TABLES,
            ]
        ),
        guards.ADDRESSES,
        guards.RECORD,
        *guards.SETUP,
    ]
