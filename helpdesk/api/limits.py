"""How often a token may call, told with each answer as draft-ietf-httpapi-ratelimit-headers says."""

import contextlib
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from django.core.cache import cache
from django.utils.translation import gettext as _

from helpdesk.api.problems import Problem

WINDOW: Final = 60
# A person in the documentation's page.
PER_SESSION: Final = 300
_KEY: Final = "api:{who}:{window}"


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


def _counted(key: str) -> int:
    for _time in range(2):
        with contextlib.suppress(ValueError):
            return int(cache.incr(key))
        # The first one of a minute, if nobody else was at the same moment.
        if cache.add(key, 1, timeout=2 * WINDOW):
            break
    return 1
