"""The parts a request is served with, composed once in `app.py` and handed to handlers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from service.auth import Keyring
from service.metrics import Metrics
from service.queue import Queue
from service.settings import Settings
from service.store.database import Database
from service.waiting import Announcements

Clock = Callable[[], datetime]


@dataclass(frozen=True, kw_only=True, eq=False)
class Parts:
    settings: Settings
    database: Database
    queue: Queue
    clock: Clock
    keyring: Keyring
    announcements: Announcements
    metrics: Metrics
