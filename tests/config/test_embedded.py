import redis
from django.conf import settings


def test_redis():
    c = redis.Redis.from_url(settings.REDIS_URL)
    assert c.ping()
    c.close()
