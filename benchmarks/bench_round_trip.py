"""From POST to finished forecast, one client on the embedded default, beside an empty Celery task and the kernel alone.

Claim: the median is under 6 times the round trip of the empty task plus the kernel's own time.
"""

import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import msgspec
from celery import Celery
from redis import Redis

from benchmarks.whole_service import Client, WholeService, whole_service, workload
from service.forecasting.result import compute
from service.local.supervisor import ChildSpec, python_command
from service.local.up import Addresses
from service.queue import CELERY_SETTINGS
from service.settings import read_settings
from service.store import forecasts
from service.store.database import connect

CLAIM = 6.0
ROUNDS = 300
WARM_UP = 30
# The names that benchmarks/empty_task.py answers to; importing it here would compose a worker in this process.
TASK, QUEUE, REPLIES = "benchmark.empty", "benchmark-empty", "benchmark-replies"


def empty_worker(_: Addresses, environment: Mapping[str, str]) -> Sequence[ChildSpec]:
    """Started as `service.local.up` starts the real worker."""
    processes = str(read_settings(environment).worker_processes)
    options = ("--without-gossip", "--without-mingle", "--prefetch-multiplier", "1", "--concurrency", processes)
    command = ("-m", "celery", "-A", "benchmarks.empty_task", "worker", *options, "--loglevel", "warning")
    return [ChildSpec(name="empty-worker", argv=python_command(*command), env=environment)]


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measure(service: WholeService) -> tuple[list[float], list[float], list[float]]:
    """Seconds of each round trip, empty task and computation; the three take turns, so that all meet one machine."""
    producer = Celery("benchmark", broker=service.redis_url, set_as_current=False)
    producer.conf.update({**CELERY_SETTINGS, "task_queues": None, "task_routes": None})
    replies = Redis.from_url(service.redis_url)
    client = Client(service.addresses.url, service.api_key)
    numbers = iter(range(10**9))

    def round_trip() -> bytes:
        body = {**workload(f"assistant {next(numbers)}"), "forecast": {}}
        status, answer = client.post("/v1/workloads", body, Prefer="wait=60")
        if status != 201:
            raise RuntimeError(f"the service answered {status}: {answer[:500]!r}")
        return answer

    def empty_task() -> None:
        producer.send_task(TASK, kwargs={"reply_to": REPLIES}, queue=QUEUE, ignore_result=True)
        if replies.blpop([REPLIES], timeout=60) is None:
            raise RuntimeError("the empty task did not reply")

    snapshot = snapshot_of(service, round_trip())

    def kernel() -> None:
        compute(snapshot, report=lambda _: None)

    contenders = (round_trip, empty_task, kernel)
    for contender in contenders * WARM_UP:
        contender()
    rounds = [[seconds(contender) for contender in contenders] for _ in range(ROUNDS)]
    client.close()
    replies.close()
    producer.close()
    ours, empty, alone = (list(column) for column in zip(*rounds, strict=True))
    return ours, empty, alone


def snapshot_of(service: WholeService, answer: bytes) -> bytes:
    """The frozen inputs of the forecast in this answer."""
    forecast = msgspec.json.decode(answer)["forecast"]
    if forecast["status"] != "succeeded":
        raise RuntimeError(f"the forecast ended as {forecast['status']}: {forecast['problem']}")
    database = connect(service.database_url, 1)
    try:
        with database.tenant(service.workspace_id) as session:
            return forecasts.get_snapshot(session, msgspec.convert(forecast["id"], type=forecasts.UUID))
    finally:
        database.dispose()


def main() -> int:
    with whole_service(empty_worker) as service:
        columns = measure(service)
    for name, column in zip(("POST to finished forecast", "empty Celery task", "kernel alone"), columns, strict=True):
        deciles = statistics.quantiles(column, n=10)
        print(
            f"{name}: median {statistics.median(column) * 1e3:.2f} ms "
            f"(p10 {deciles[0] * 1e3:.2f}, p90 {deciles[-1] * 1e3:.2f}, {len(column)} rounds)"
        )
    ours, empty, alone = map(statistics.median, columns)
    ratio = (ours - alone) / empty
    print(f"beyond the kernel's time: {ratio:.2f}x of an empty task (claim: under {CLAIM:g}x)")
    return 0 if ratio < CLAIM else 1


if __name__ == "__main__":
    sys.exit(main())
