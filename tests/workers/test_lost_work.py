"""Whatever dies, comes twice or is forgotten on the way, a forecast ends with exactly one result."""

import json
import os
import signal
from datetime import timedelta
from pathlib import Path

import redis

from tests.workers.running import LEASE_SECONDS, Forecasts, WorkerProcesses, started_by, wait_until

LINES = 50


def test_a_forecast_ends_with_its_result_and_its_lines(forecasts: Forecasts, processes: WorkerProcesses) -> None:
    processes.worker()
    forecast_id = forecasts.ask(lines=LINES)
    record = forecasts.wait_for("succeeded", forecast_id)
    assert (record.attempt, record.progress_fraction, record.problem) == (1, 1.0, None)
    assert [line.position for line in forecasts.lines(forecast_id)] == list(range(LINES))
    assert forecasts.endings(forecast_id) == ["forecast.succeeded"]


def test_a_message_delivered_many_times_computes_once(
    forecasts: Forecasts, processes: WorkerProcesses, tmp_path: Path
) -> None:
    processes.worker()
    told = tmp_path / "told"
    forecast_id = forecasts.ask(send=6, seconds=0.5, tell=str(told))
    forecasts.wait_for("succeeded", forecast_id)
    # Once this later one is done by the same queue, every copy of the message has been delivered.
    forecasts.wait_for("succeeded", forecasts.ask())
    assert len(started_by(told)) == 1
    assert forecasts.get(forecast_id).attempt == 1
    assert forecasts.endings(forecast_id) == ["forecast.succeeded"]
    assert len(forecasts.lines(forecast_id)) == 3


def test_a_killed_process_leaves_its_forecast_to_another(
    forecasts: Forecasts, processes: WorkerProcesses, tmp_path: Path
) -> None:
    processes.worker()
    processes.beat()
    told = tmp_path / "told"
    forecast_id = forecasts.ask(seconds=1.5, tell=str(told), lines=LINES)
    wait_until(lambda: forecasts.get(forecast_id).progress_fraction > 0, "progress")
    os.kill(started_by(told)[0], signal.SIGKILL)
    record = forecasts.wait_for("succeeded", forecast_id)
    assert record.attempt == 2
    assert len(started_by(told)) == 2
    assert len(forecasts.lines(forecast_id)) == LINES
    assert forecasts.endings(forecast_id) == ["forecast.succeeded"]


def test_a_worker_killed_whole_leaves_its_forecasts_to_the_next(
    forecasts: Forecasts, processes: WorkerProcesses, tmp_path: Path
) -> None:
    first = processes.worker()
    told = [tmp_path / f"told-{number}" for number in range(4)]
    asked = [forecasts.ask(seconds=1.0, tell=str(path)) for path in told]
    wait_until(lambda: sum(bool(started_by(path)) for path in told) == 2, "two forecasts begun")
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    processes.worker()
    processes.beat()
    for forecast_id in asked:
        forecasts.wait_for("succeeded", forecast_id)
        assert forecasts.endings(forecast_id) == ["forecast.succeeded"]
        assert len(forecasts.lines(forecast_id)) == 3
    assert sorted(forecasts.get(forecast_id).attempt for forecast_id in asked) == [1, 1, 2, 2]


def test_a_redis_that_forgets_everything_loses_no_forecast(
    forecasts: Forecasts, processes: WorkerProcesses, redis_url: str, tmp_path: Path
) -> None:
    processes.worker()
    processes.beat()
    told = [tmp_path / f"told-{number}" for number in range(6)]
    asked = [forecasts.ask(seconds=1.0, tell=str(path)) for path in told]
    wait_until(lambda: sum(bool(started_by(path)) for path in told) == 2, "two forecasts begun")
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
    asked.append(forecasts.ask())
    for forecast_id in asked:
        assert forecasts.wait_for("succeeded", forecast_id).attempt == 1
        assert forecasts.endings(forecast_id) == ["forecast.succeeded"]
    assert [len(started_by(path)) for path in told] == [1] * 6


def test_a_forecast_that_was_never_sent_is_found_by_the_tick(forecasts: Forecasts, processes: WorkerProcesses) -> None:
    processes.worker()
    processes.beat()
    forecast_id = forecasts.ask(send=0)
    assert forecasts.wait_for("succeeded", forecast_id).attempt == 1


def test_two_schedulers_do_no_harm(forecasts: Forecasts, processes: WorkerProcesses) -> None:
    processes.worker()
    processes.beat()
    processes.beat()
    asked = [forecasts.ask(send=0, seconds=0.1) for _ in range(8)]
    for forecast_id in asked:
        assert forecasts.wait_for("succeeded", forecast_id).attempt == 1
        assert forecasts.endings(forecast_id) == ["forecast.succeeded"]


def test_a_computation_that_never_reports_keeps_its_lease(
    forecasts: Forecasts, processes: WorkerProcesses, tmp_path: Path
) -> None:
    processes.worker()
    processes.beat()
    told = tmp_path / "told"
    forecast_id = forecasts.ask(seconds=2 * LEASE_SECONDS, reports=False, tell=str(told))
    record = forecasts.wait_for("succeeded", forecast_id)
    assert record.attempt == 1
    assert len(started_by(told)) == 1
    assert record.started_at is not None
    assert record.finished_at is not None
    assert record.finished_at - record.started_at > timedelta(seconds=LEASE_SECONDS)


def test_a_cancelled_computation_stops_at_its_next_report(
    forecasts: Forecasts, processes: WorkerProcesses, tmp_path: Path
) -> None:
    processes.worker()
    told = tmp_path / "told"
    forecast_id = forecasts.ask(seconds=600, tell=str(told))
    wait_until(lambda: bool(started_by(told)), "the computation begun")
    assert forecasts.cancel(forecast_id) == "running"
    record = forecasts.wait_for("cancelled", forecast_id)
    assert record.progress_fraction < 1
    assert forecasts.lines(forecast_id) == []
    assert forecasts.endings(forecast_id) == ["forecast.cancelled"]
    forecasts.wait_for("succeeded", forecasts.ask())


def test_a_forecast_cancelled_in_the_queue_is_never_begun(
    forecasts: Forecasts, processes: WorkerProcesses, tmp_path: Path
) -> None:
    told = tmp_path / "told"
    forecast_id = forecasts.ask(tell=str(told))
    assert forecasts.cancel(forecast_id) == "cancelled"
    processes.worker()
    forecasts.wait_for("succeeded", forecasts.ask())
    assert started_by(told) == []
    assert forecasts.endings(forecast_id) == ["forecast.cancelled"]


def test_an_unexpected_error_ends_as_a_problem_without_our_insides(
    forecasts: Forecasts, processes: WorkerProcesses
) -> None:
    processes.worker()
    forecast_id = forecasts.ask(outcome="fail")
    record = forecasts.wait_for("failed", forecast_id)
    assert record.problem is not None
    assert record.problem["type"] == "/problems/internal"
    assert "did not expect" not in str(record.problem)
    wait_until(lambda: '"forecast_failed"' in processes.logs(), "the failure in the log")
    [logged] = [json.loads(line) for line in processes.logs().splitlines() if '"forecast_failed"' in line]
    assert logged["forecast_id"] == str(forecast_id)
    [raised] = logged["exception"]
    assert (raised["exc_type"], raised["exc_value"]) == ("RuntimeError", "the kernel met something it did not expect")
    assert [frame["name"] for frame in raised["frames"]][-1] == "slow_compute"
    # What was computed with is a customer's.
    assert not any(frame.get("locals") for frame in raised["frames"])
