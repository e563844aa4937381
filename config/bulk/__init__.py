"""A desk with years of history in a minute, for measurements: `manage.py seed_bulk`.

The rows are made in memory by the rules of the actions and reach the database by COPY. What is random comes from one
seed: the same seed, moment and desk give the same rows.
"""
