"""Beat's scheduler: the static schedule of the settings, kept in memory, with a heartbeat.

Nothing is stored, because nothing is lost by that: what is due is a row, and the next sweep takes it.
"""

from datetime import timedelta
from typing import Any, Final

from celery import beat

from config.heartbeat import Pulse

# Longer than any sweep waits for the next.
_LONG_AGO: Final = timedelta(days=1)


class Scheduler(beat.Scheduler):
    """Celery's in-memory scheduler that gives a sign of life from its own loop."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.pulse = Pulse("beat")
        super().__init__(*args, **kwargs)

    def setup_schedule(self) -> None:
        """Let every sweep be due at once: what came due while nobody looked has waited long enough."""
        super().setup_schedule()
        for entry in self.schedule.values():
            entry.last_run_at = entry.default_now() - _LONG_AGO

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        """Run what is due, then say that the loop still turns."""
        delay = super().tick(*args, **kwargs)
        self.pulse.beat_now_and_then()
        return delay

    def close(self) -> None:
        """End, and say so."""
        super().close()
        self.pulse.end()
