"""What the log says when something breaks, and what it never says."""

import logging
import secrets
import sys
from typing import Any

import pytest

from config.logs import logging_settings


def _broken(password: str) -> Any:
    try:
        return 1 / 0
    except ZeroDivisionError:
        return sys.exc_info()


@pytest.mark.parametrize("json", [True, False])
def test_log_tells_what_broke_and_no_value_of_a_variable(json: bool) -> None:
    made = logging_settings(json=json, level="INFO")["formatters"]["lines"]
    kind = made.pop("()")
    formatter = kind(**made)
    secret = secrets.token_hex()
    record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, "oops", None, _broken(secret))
    line = formatter.format(record)
    assert "ZeroDivisionError" in line
    assert "test_logs.py" in line
    assert secret not in line


@pytest.mark.parametrize(("status", "tells"), [(403, False), (404, False), (500, True)])
def test_refusal_is_one_line_and_a_fault_tells_its_way(status: int, tells: bool) -> None:
    made = logging_settings(json=True, level="INFO")["filters"]["refusals"]
    record = logging.LogRecord("django.request", logging.WARNING, __file__, 1, "no", None, _broken(""))
    record.status_code = status
    assert made["callback"](record)
    assert bool(record.exc_info) is tells
