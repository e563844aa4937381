"""The REST API: the same selectors and actions as the pages, as JSON. `docs/api.md` tells its users of it."""
