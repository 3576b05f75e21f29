"""The contract between the API and the workers: names of jobs, what their messages carry, and how to send them."""

import threading
import time
from typing import Any, Final
from uuid import UUID

import structlog
from celery import Celery
from kombu.entity import Exchange
from kombu.entity import Queue as MessageQueue
from kombu.exceptions import KombuError, OperationalError
from redis.exceptions import RedisError

FORECAST_COMPUTE: Final = "forecast.compute"
PRICE_WATCH: Final = "price.watch"
HOUSEKEEPING_TICK: Final = "housekeeping.tick"
SCHEDULES_TICK: Final = "schedules.tick"
WEBHOOKS_DELIVER: Final = "webhooks.deliver"
JOB_NAMES: Final = (FORECAST_COMPUTE, PRICE_WATCH, HOUSEKEEPING_TICK, SCHEDULES_TICK, WEBHOOKS_DELIVER)

# Queues of their own, so that housekeeping is not kept waiting behind a thousand forecasts, nor forecasts behind a
# receiver of webhooks that hangs.
_QUEUE_OF_JOB = {
    FORECAST_COMPUTE: "forecasts",
    PRICE_WATCH: "forecasts",
    HOUSEKEEPING_TICK: "housekeeping",
    SCHEDULES_TICK: "housekeeping",
    WEBHOOKS_DELIVER: "deliveries",
}
# What a worker takes that computes forecasts; the rest is for `tokencast deliverer`.
WORKER_QUEUES: Final = ("forecasts", "housekeeping")
DELIVERER_QUEUES: Final = ("deliveries",)


def _message_queue(name: str) -> MessageQueue:
    exchange = Exchange(name, type="direct")  # type: ignore[no-untyped-call]  # kombu declares no types here
    return MessageQueue(name, exchange, routing_key=name)  # type: ignore[no-untyped-call]  # nor here


# Both ends of the queue must agree on these. Postgres is the truth, so nothing is asked of Redis but speed: no
# results, and a message that is lost or delivered twice changes nothing.
CELERY_SETTINGS: Final[dict[str, Any]] = {
    "task_serializer": "json",
    "accept_content": ["json"],
    "result_backend": None,
    "task_ignore_result": True,
    "task_default_queue": "forecasts",
    "task_queues": [_message_queue(name) for name in dict.fromkeys(_QUEUE_OF_JOB.values())],
    "task_routes": {job: {"queue": queue} for job, queue in _QUEUE_OF_JOB.items()},
    "worker_send_task_events": False,
    "task_send_sent_event": False,
    "enable_utc": True,
}

_SECONDS_TO_CONNECT = 1.0
_SECONDS_TO_ANSWER = 2.0
_SECONDS_OF_REST = 2.0

log = structlog.get_logger()


class Queue:
    """Sends jobs by name; safe to share between threads, to be made after a fork."""

    def __init__(self, redis_url: str) -> None:
        self._app = Celery("tokencast-producer", broker=redis_url, set_as_current=False)
        self._app.conf.update(
            CELERY_SETTINGS,
            broker_transport_options={
                "socket_connect_timeout": _SECONDS_TO_CONNECT,
                "socket_timeout": _SECONDS_TO_ANSWER,
                "max_retries": 1,
                "interval_start": 0,
                "interval_step": 0.05,
            },
            broker_connection_timeout=_SECONDS_TO_CONNECT,
        )
        self._lock = threading.Lock()
        self._resting_until = 0.0

    def send_forecast(self, forecast_id: UUID, workspace_id: UUID) -> bool:
        """Asks for a queued forecast to be computed, after the transaction that stored it.

        False when Redis does not take it: the caller need not care, since housekeeping sends what waits too long.
        """
        return self._send(FORECAST_COMPUTE, {"forecast_id": str(forecast_id), "workspace_id": str(workspace_id)})

    def send_price_watch(self, watch_id: UUID, workspace_id: UUID) -> bool:
        """Asks what a changed price does; False when Redis does not take it, and then it is sent again later."""
        return self._send(PRICE_WATCH, {"watch_id": str(watch_id), "workspace_id": str(workspace_id)})

    def check(self) -> None:
        """Raises the transport's error unless Redis answers."""
        with self._app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, timeout=_SECONDS_TO_CONNECT)

    def close(self) -> None:
        """Closes every connection."""
        self._app.close()

    def _send(self, job: str, arguments: dict[str, str]) -> bool:
        # While Redis hangs, waiting for it once every few seconds is enough: the others answer their clients at once.
        if time.monotonic() < self._resting_until:
            return False
        try:
            self._app.send_task(
                job,
                kwargs=arguments,
                ignore_result=True,
                retry=True,
                retry_policy={"max_retries": 1, "interval_start": 0, "interval_step": 0.05},
            )
        except (KombuError, OperationalError, RedisError, OSError) as error:
            with self._lock:
                self._resting_until = time.monotonic() + _SECONDS_OF_REST
            log.warning("job_not_sent", job=job, error=type(error).__name__, **arguments)
            return False
        return True
