"""The scene of most tests of actions."""

from tests.helpdesk.actions.desk import d

__all__ = ["d"]
