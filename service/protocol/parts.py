"""The parts a request is served with, composed once in `app.py` and handed to handlers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Request

from service.estate.references import PricedModels
from service.protocol.admission.attempts import Attempts
from service.protocol.auth import Caller, Keyring
from service.protocol.waiting import Announcements
from service.queue import Queue
from service.settings import Settings
from service.store.database import Database
from service.telemetry.metrics import Metrics

Clock = Callable[[], datetime]


@dataclass(frozen=True, kw_only=True, eq=False)
class Parts:
    settings: Settings
    database: Database
    queue: Queue
    clock: Clock
    keyring: Keyring
    sign_in_attempts: Attempts
    announcements: Announcements
    metrics: Metrics
    priced_models: PricedModels


def parts_of(request: Request[Any, Any, Any]) -> Parts:
    parts: Parts = request.app.state.parts
    return parts


def caller_of(request: Request[Any, Any, Any]) -> Caller:
    """The caller that the guard admitted; an open operation has none and raises."""
    caller: Caller = request.scope["user"]
    return caller
