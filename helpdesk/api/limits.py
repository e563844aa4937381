"""How often a token may call, told with each answer as draft-ietf-httpapi-ratelimit-headers says; how much at once."""

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Final

from django.core.cache import cache
from django.utils.translation import gettext as _

from helpdesk.api.problems import Problem

WINDOW: Final = 60
# A person in the documentation's page.
PER_SESSION: Final = 300
# Long answers of one person at the same time: each keeps one of the few threads that answer everybody.
AT_ONCE: Final = 3
_KEY: Final = "api:{who}:{window}"
_PLACE: Final = "api:{who}:long:{number}"


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a minute: of `limit` requests `left`, and `seconds` until it begins anew."""

    limit: int
    left: int
    seconds: int

    @property
    def headers(self) -> dict[str, str]:
        """As each answer tells it."""
        return {
            "RateLimit-Policy": f'"default";q={self.limit};w={WINDOW}',
            "RateLimit": f'"default";r={self.left};t={self.seconds}',
        }


def spend(who: str, limit: int) -> Allowance:
    """Count one request. Raises a problem (429) where the minute's are used up.

    The counter lives in the cache; without its server each process counts for itself.
    """
    now = time.time()
    window = int(now // WINDOW)
    key = _KEY.format(who=who, window=window)
    used = _counted(key)
    allowance = Allowance(limit, max(limit - used, 0), int((window + 1) * WINDOW - now) + 1)
    if used > limit:
        raise Problem(
            HTTPStatus.TOO_MANY_REQUESTS,
            "too_many",
            _("These are more than %(limit)d requests in a minute. Wait %(seconds)d seconds.")
            % {"limit": limit, "seconds": allowance.seconds},
            headers={**allowance.headers, "Retry-After": str(allowance.seconds)},
        )
    return allowance


def hold(who: str, seconds: int) -> Callable[[], object]:
    """Take one of the places for long answers, and return what gives it back. Raises a problem (429) without one.

    Whatever becomes of this process, the place is free again after so many seconds.
    """
    for number in range(AT_ONCE):
        key = _PLACE.format(who=who, number=number)
        if cache.add(key, 1, timeout=seconds):
            return partial(cache.delete, key)
    words = _("You read %(limit)d long answers at the same time already. Let one of them end first.")
    raise Problem(
        HTTPStatus.TOO_MANY_REQUESTS, "too_many", words % {"limit": AT_ONCE}, headers={"Retry-After": str(WINDOW)}
    )


def _counted(key: str) -> int:
    for _time in range(2):
        with contextlib.suppress(ValueError):
            return int(cache.incr(key))
        # The first one of a minute, if nobody else was at the same moment.
        if cache.add(key, 1, timeout=2 * WINDOW):
            break
    return 1
