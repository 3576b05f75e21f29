"""A worker like ours whose only task does nothing but reply: what any job through Celery costs at the least."""

from typing import Any

from celery.signals import worker_process_init
from kombu.entity import Exchange, Queue
from redis import Redis

from service.forecasting.result import compute
from service.settings import read_settings
from workers.composition import make_app

QUEUE = "benchmark-empty"
TASK = "benchmark.empty"

_settings = read_settings()
_redis: list[Redis] = []

# The same settings as the real worker, so that the two differ in what their task does and in nothing else.
app = make_app(_settings, compute)
app.conf.update(task_queues=[Queue(QUEUE, Exchange(QUEUE, type="direct"), routing_key=QUEUE)], task_default_queue=QUEUE)


@worker_process_init.connect(weak=False)
def _open(**_: Any) -> None:
    _redis[:] = [Redis.from_url(_settings.redis_url)]


@app.task(name=TASK)
def empty(*, reply_to: str) -> None:
    _redis[0].rpush(reply_to, b"done")
