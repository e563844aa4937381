"""When beat sends the sweeps."""

from django.conf import settings

from config.beat import Scheduler
from config.celery import app


def test_every_sweep_is_due_when_beat_starts() -> None:
    scheduler = Scheduler(app=app)
    due = {name for name, entry in scheduler.schedule.items() if entry.is_due()[0]}
    scheduler.pulse.client.close()
    assert due == set(settings.CELERY_BEAT_SCHEDULE)
