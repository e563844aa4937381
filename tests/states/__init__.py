"""Every state that a page can be in, looked at in a real browser."""
