"""The composition root of a worker: settings and the kernel's entry point become a Celery application."""

import os
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import structlog
from celery import Celery
from celery.signals import worker_process_init, worker_process_shutdown
from celery.worker import state as worker_state
from sqlalchemy.exc import SQLAlchemyError

from service.queue import (
    CELERY_SETTINGS,
    FORECAST_COMPUTE,
    HOUSEKEEPING_TICK,
    PRICE_WATCH,
    SCHEDULES_TICK,
    WEBHOOKS_DELIVER,
    Queue,
)
from service.settings import Settings
from service.store.database import Database, connect
from service.telemetry.logs import configure_logging
from service.webhooks.addresses import AddressRule
from service.webhooks.sending import Sender
from workers.computing import Compute, run_forecast
from workers.delivering import deliver_due
from workers.housekeeping import tick
from workers.scheduling import run_due_schedules
from workers.watching import run_price_watch

# One for the computation, one for the thread that keeps its lease, one to spare.
_POOL_SIZE = 3
# Redelivery by Redis is not what repairs lost work (the lease is), but a computation must fit into it.
_VISIBILITY_SECONDS = 3600
_SECONDS_TO_START = 30.0

log = structlog.get_logger()


class Process:
    """The connections of one worker process, made after its fork and never shared with another."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._owner = 0

    def open(self) -> None:
        if self._owner != os.getpid():
            self._owner = os.getpid()
            self._database = connect(self._settings.database_url, _POOL_SIZE)
            self._queue = Queue(self._settings.redis_url)

    def close(self) -> None:
        if self._owner == os.getpid():
            self._database.dispose()
            self._queue.close()

    @property
    def database(self) -> Database:
        self.open()
        return self._database

    @property
    def queue(self) -> Queue:
        self.open()
        return self._queue


def make_app(settings: Settings, compute: Compute) -> Celery:
    """A Celery application with every job; run it with `celery -A`, as worker or as beat."""
    configure_logging()
    app = Celery("tokencast", broker=settings.redis_url)
    app.conf.update(CELERY_SETTINGS)
    app.conf.update(_worker_settings(settings))
    process = Process(settings)

    def open_process(**_: Any) -> None:
        try:
            process.database.check()
        except SQLAlchemyError as error:
            log.warning("database_not_ready", error=type(error).__name__)

    def close_process(**_: Any) -> None:
        process.close()

    worker_process_init.connect(open_process, weak=False)
    worker_process_shutdown.connect(close_process, weak=False)

    @app.task(name=FORECAST_COMPUTE)  # type: ignore[untyped-decorator]  # celery has no types
    def compute_forecast(*, forecast_id: str, workspace_id: str) -> None:
        run_forecast(
            process.database,
            compute,
            UUID(forecast_id),
            workspace_id=UUID(workspace_id),
            lease_seconds=settings.lease_seconds,
            clock=_utc_now,
        )

    @app.task(name=PRICE_WATCH)  # type: ignore[untyped-decorator]  # celery has no types
    def watch_price(*, watch_id: str, workspace_id: str) -> None:
        run_price_watch(process.database, UUID(watch_id), workspace_id=UUID(workspace_id), clock=_utc_now)

    @app.task(name=HOUSEKEEPING_TICK)  # type: ignore[untyped-decorator]  # celery has no types
    def keep_house() -> None:
        tick(process.database, process.queue, settings, now=_utc_now())

    @app.task(name=SCHEDULES_TICK)  # type: ignore[untyped-decorator]  # celery has no types
    def keep_schedules() -> None:
        run_due_schedules(process.database, process.queue, clock=_utc_now)

    rule = AddressRule(allowed=settings.webhook_allowed_networks)

    @app.task(name=WEBHOOKS_DELIVER)  # type: ignore[untyped-decorator]  # celery has no types
    def deliver_webhooks() -> None:
        deliver_due(
            process.database,
            lambda: Sender(rule, seconds_to_answer=settings.webhook_seconds_to_answer),
            clock=_utc_now,
            lease_seconds=settings.lease_seconds,
            stopping=_is_told_to_stop,
        )

    return app


def _worker_settings(settings: Settings) -> dict[str, Any]:
    return {
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "worker_prefetch_multiplier": 1,
        "worker_concurrency": settings.worker_processes,
        # A process that waits for the database before it is ready is late, not dead.
        "worker_proc_alive_timeout": _SECONDS_TO_START,
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "broker_transport_options": {
            "visibility_timeout": _VISIBILITY_SECONDS,
            "unacked_restore_interval": 1,
            "unacked_restore_throttle": 1,
        },
        "beat_max_loop_interval": settings.tick_seconds,
        "beat_schedule": {
            "housekeeping": _every(settings.tick_seconds, HOUSEKEEPING_TICK),
            "schedules": _every(settings.schedule_tick_seconds, SCHEDULES_TICK),
            "deliveries": _every(settings.delivery_tick_seconds, WEBHOOKS_DELIVER),
        },
    }


def _every(seconds: float, job: str) -> dict[str, Any]:
    # While no worker runs, ticks must not pile up.
    return {"task": job, "schedule": seconds, "options": {"expires": max(2 * seconds, 1.0)}}


def _is_told_to_stop() -> bool:
    # None while the worker is to go on; False is an exit code.
    return worker_state.should_stop is not None or worker_state.should_terminate is not None


def _utc_now() -> datetime:
    return datetime.now(UTC)
