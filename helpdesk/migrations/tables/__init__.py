"""The tables as they were when the migrations until then were made one: never changed, as a migration is not.

What changes a table from then on is a migration of its own.
"""
