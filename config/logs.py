"""Log lines through structlog: JSON in production, readable elsewhere."""

import logging
from typing import Any

import structlog

_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,  # The request id, which a middleware binds.
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def _is_no_probe(record: logging.LogRecord) -> bool:
    """Leave out the 503s of `/readyz`: the prober has them, and asks every few seconds."""
    return getattr(getattr(record, "request", None), "path", "") != "/readyz"


def _is_brief(record: logging.LogRecord) -> bool:
    """Tell where a request was refused, and not through which calls: that is looked up for what broke."""
    if getattr(record, "status_code", 500) < 500:
        record.exc_info = None
    return True


def logging_settings(*, json: bool, level: str) -> dict[str, Any]:
    """Django's LOGGING; libraries' lines come out in the same form as our own."""
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    # What variables hold when something breaks are people's passwords and letters: no log tells them.
    transformer = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    rendering: list[Any] = (
        [structlog.processors.ExceptionRenderer(transformer), structlog.processors.JSONRenderer()]
        if json
        else [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _SHARED,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering],
            },
        },
        "filters": {
            "probes": {"()": "django.utils.log.CallbackFilter", "callback": _is_no_probe},
            "refusals": {"()": "django.utils.log.CallbackFilter", "callback": _is_brief},
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django's own handlers would say everything twice, and mail it to nobody.
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.request": {"filters": ["probes", "refusals"], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
        },
    }
