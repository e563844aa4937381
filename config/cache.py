"""The cache on a server that may be away: then nothing is remembered, and nobody is kept out."""

import functools
import time
from collections.abc import Callable
from typing import Any, Final

import structlog
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)
# A server that hangs is asked again after some seconds only: signing in asks twenty times.
_SILENCE: Final = 5.0
_away: Final = {"until": 0.0}


def _or(answer: Any, method: Callable[..., Any]) -> Callable[..., Any]:
    """The method, which gives this answer while the server is away."""

    @functools.wraps(method)
    def patient(*args: Any, **kwargs: Any) -> Any:
        if time.monotonic() < _away["until"]:
            return answer
        try:
            return method(*args, **kwargs)
        except RedisError as error:
            log.warning("cache_away", error=str(error))
            _away["until"] = time.monotonic() + _SILENCE
            return answer

    return patient


class _Client(RedisCacheClient):
    """Answers like an empty cache while its server is away.

    Only limits and hints are kept in the cache. A limit that cannot be counted lets people in, and the log says so.
    """

    add = _or(True, RedisCacheClient.add)
    set = _or(None, RedisCacheClient.set)
    touch = _or(False, RedisCacheClient.touch)
    delete = _or(False, RedisCacheClient.delete)
    get_many = _or({}, RedisCacheClient.get_many)
    has_key = _or(False, RedisCacheClient.has_key)
    set_many = _or(None, RedisCacheClient.set_many)
    delete_many = _or(None, RedisCacheClient.delete_many)

    def get(self, key: Any, default: Any) -> Any:
        return _or(default, super().get)(key, default)

    def incr(self, key: Any, delta: int) -> int:
        value = _or(None, super().incr)(key, delta)
        if value is None:
            raise ValueError(f"Key '{key}' not found.")  # what Django's caches say of a key that they do not have
        return int(value)


class ForgetfulCache(RedisCache):
    """Django's Redis cache with that client."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _Client
