"""The cache on a server that may be away: meanwhile each process remembers for itself, and nobody is kept out."""

import time
from collections.abc import Callable
from typing import Any, Final

import structlog
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)
# A server that hangs is asked again after some seconds only: signing in asks twenty times.
_SILENCE: Final = 5.0
_away: Final = {"until": 0.0}
_COUNT_ON: Final = "return redis.call('exists', KEYS[1]) == 1 and redis.call('incrby', KEYS[1], ARGV[1])"


def _or_meanwhile(name: str) -> Callable[..., Any]:
    """The method of this name, on the server or, while that is away, in this process."""

    def patient(self: "PatientCache", *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= _away["until"]:
            try:
                return getattr(RedisCache, name)(self, *args, **kwargs)
            except RedisError as error:
                log.warning("cache_away", error=str(error))
                _away["until"] = time.monotonic() + _SILENCE
        return getattr(self.meanwhile, name)(*args, **kwargs)

    return patient


class _Client(RedisCacheClient):
    """Django's, but for the client below it: Django makes one for each question, which takes longer than the question.

    It holds no more than the pool that its connections come from, and may be asked by several threads.
    """

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        """The client of the first server; there is one."""
        if self._kept is None:
            self._kept = super().get_client(key, write=write)
        return self._kept

    def incr(self, key: Any, delta: int) -> int:
        """Count on, in one step where Django asks and then counts. Raises ValueError where the key is not there."""
        count = self.get_client(key, write=True).eval(_COUNT_ON, 1, key, delta)
        if count is None:
            raise ValueError(f"There is no key {key!r}.")
        return int(count)

    _kept: Any = None


class PatientCache(RedisCache):
    """Django's Redis cache, and a small one in memory for while its server is away.

    Only limits and hints are kept in the cache. Without the server a limit is counted in each process for itself: some
    tries more than there should be, and still no way to try on and on.
    """

    add = _or_meanwhile("add")
    get = _or_meanwhile("get")
    set = _or_meanwhile("set")
    touch = _or_meanwhile("touch")
    delete = _or_meanwhile("delete")
    get_many = _or_meanwhile("get_many")
    has_key = _or_meanwhile("has_key")
    incr = _or_meanwhile("incr")
    set_many = _or_meanwhile("set_many")
    delete_many = _or_meanwhile("delete_many")

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _Client
        self.meanwhile = LocMemCache("meanwhile", {**params, "OPTIONS": {"MAX_ENTRIES": 10_000}})
