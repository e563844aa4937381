"""The Celery application; its settings are Django's, prefixed CELERY_."""

import os

from celery import Celery
from celery.signals import worker_init

from config.heartbeat import WorkerHeartbeat

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("watchdesk")
# Without this, threads of the web server would find another, unconfigured application.
app.set_default()
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(WorkerHeartbeat)


@worker_init.connect
def put_nothing_back(**_signal: object) -> None:
    """Let a worker that loses its broker leave what it has in hand there: the database says what is due.

    It would put that back on a connection which it has closed already, and end by the error.
    """
    transport = app.connection_for_read().get_transport_cls()
    transport.Channel.do_restore = False  # type: ignore[attr-defined] # what queues in Redis, of which types know nothing
