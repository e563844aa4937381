"""How fast the desk is with many tickets: `make bench`; its numbers stand in `docs/performance.md`."""
