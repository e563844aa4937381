"""Measurements, each with its command; their numbers stand in `docs/operations.md`."""
