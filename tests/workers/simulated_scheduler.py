"""A scheduler in a process of its own, whose clock is what it is told: one instant a line on standard input."""

import sys
from datetime import datetime

from service.queue import Queue
from service.settings import read_settings
from service.store.database import connect
from service.telemetry.logs import configure_logging
from workers.scheduling import run_due_schedules


def main() -> None:
    configure_logging()
    settings = read_settings()
    database, queue = connect(settings.database_url, 2), Queue(settings.redis_url)
    _answer("ready")
    for line in sys.stdin:
        now = datetime.fromisoformat(line.strip())
        run_due_schedules(database, queue, clock=lambda now=now: now)
        _answer("done")


def _answer(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
