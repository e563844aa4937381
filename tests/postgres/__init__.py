"""PostgreSQL as the tests use it: Django's own backend, which empties the tables between tests more quickly."""
