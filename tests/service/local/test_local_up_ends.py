"""However the supervisor ends, nothing that it started keeps running."""

import os
import signal
import socket
import time
from pathlib import Path

import httpx
import psycopg
import pytest

from service.local.service_file import find_running_service
from tests.servers import RealServers
from tests.service.local.runs import Run, child_pids, eventually, locked, needs_proc, running_below, started

pytestmark = needs_proc


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_everything_in_order(tmp_path: Path, number: signal.Signals) -> None:
    with started(tmp_path) as run:
        url, key = run.wait_ready()
        assert key == f"key-of-{tmp_path.name}-tokencast"
        note = find_running_service(tmp_path)
        assert note is not None
        assert (note.url, note.pid) == (url, run.process.pid)
        assert (tmp_path / "service.json").stat().st_mode & 0o777 == 0o600
        code, errors = run.end(number)
    assert code == 0, errors
    assert errors.splitlines()[-1] == "tokencast: stopped"
    assert "killed" not in errors
    assert running_below(tmp_path) == []
    assert not locked(tmp_path)
    assert find_running_service(tmp_path) is None
    assert "database system is shut down" in (tmp_path / "logs/postgres.log").read_text()


def test_a_second_ctrl_c_does_not_break_the_orderly_end(tmp_path: Path) -> None:
    with started(tmp_path) as run:
        run.wait_ready()
        for _ in range(3):
            run.process.send_signal(signal.SIGINT)
        code, errors = run.end()
    assert (code, running_below(tmp_path)) == (0, []), errors


def test_a_signal_during_the_start_leaves_nothing(tmp_path: Path) -> None:
    with started(tmp_path) as run:
        assert eventually((tmp_path / "secrets.json").exists)
        code, errors = run.end(signal.SIGTERM)
    assert (code, running_below(tmp_path)) == (0, []), errors


def test_a_killed_supervisor_leaves_nothing_running(tmp_path: Path) -> None:
    with started(tmp_path) as run:
        run.wait_ready()
        assert len(running_below(tmp_path)) > 5
        run.end(signal.SIGKILL)
    assert eventually(lambda: not locked(tmp_path))
    assert running_below(tmp_path) == []
    assert find_running_service(tmp_path) is None


@pytest.mark.parametrize("seconds", [0.0, 0.1, 0.3, 0.6])
def test_a_kill_in_the_middle_of_the_start_leaves_nothing_and_the_next_start_succeeds(
    tmp_path: Path, seconds: float
) -> None:
    with started(tmp_path) as run:
        assert eventually((tmp_path / "secrets.json").exists)
        time.sleep(seconds)
        run.end(signal.SIGKILL)
    assert eventually(lambda: not locked(tmp_path))
    assert eventually(lambda: running_below(tmp_path) == [])
    with started(tmp_path) as run:
        run.wait_ready()
        assert run.end(signal.SIGTERM)[0] == 0
    assert list(tmp_path.glob("postgres.new-*")) == []


def test_a_start_right_after_a_kill_waits_for_the_watchdog_and_succeeds(tmp_path: Path) -> None:
    with started(tmp_path) as run:
        run.wait_ready()
        watchdog = _watchdog_of(run)
        # Held up, so that the second start certainly comes while the first one is still being ended.
        os.kill(watchdog, signal.SIGSTOP)
        run.end(signal.SIGKILL)
    with started(tmp_path) as run:
        assert run.process.stderr
        assert "waiting for the end of a former run" in run.process.stderr.readline()
        os.kill(watchdog, signal.SIGCONT)
        run.wait_ready()
        code, errors = run.end(signal.SIGTERM)
    assert (code, running_below(tmp_path)) == (0, []), errors


def test_what_outlives_even_the_watchdog_is_ended_by_the_next_start(tmp_path: Path) -> None:
    with started(tmp_path) as run:
        run.wait_ready()
        watchdog = _watchdog_of(run)
        os.kill(run.process.pid, signal.SIGSTOP)
        os.kill(watchdog, signal.SIGKILL)
        run.end(signal.SIGKILL)
    former = child_pids(tmp_path)
    assert len(running_below(tmp_path)) > 5
    with started(tmp_path) as run:
        run.wait_ready()
        assert not set(former.values()) & set(child_pids(tmp_path).values())
        code, errors = run.end(signal.SIGTERM)
    assert (code, running_below(tmp_path)) == (0, [])
    assert "ending what a former run left behind" in errors


@pytest.mark.parametrize("name", ["postgres", "redis", "api", "worker", "deliverer", "scheduler"])
def test_the_end_of_any_child_ends_the_rest_and_is_named(tmp_path: Path, name: str) -> None:
    with started(tmp_path) as run:
        run.wait_ready()
        os.kill(run.pid_of(name), signal.SIGKILL)
        code, errors = run.end()
    assert code == 1
    assert f"error: {name} ended unexpectedly (signal SIGKILL)" in errors
    assert running_below(tmp_path) == []
    assert not locked(tmp_path)


def test_the_end_of_the_watchdog_ends_the_rest_and_is_named(tmp_path: Path) -> None:
    with started(tmp_path) as run:
        run.wait_ready()
        watchdog = _watchdog_of(run)
        os.kill(watchdog, signal.SIGKILL)
        code, errors = run.end()
    assert code == 1
    assert "error: watchdog ended unexpectedly (signal SIGKILL)" in errors
    assert running_below(tmp_path) == []


def test_a_child_that_fails_at_once_is_reported_with_the_end_of_its_log(tmp_path: Path) -> None:
    with started(tmp_path, "0", "worker") as run:
        code, errors = run.end()
    assert code == 1
    assert "error: worker ended unexpectedly (exit code 1)" in errors
    assert "the stand-in has no wish to run" in errors
    assert running_below(tmp_path) == []


def test_a_port_in_use_is_one_line_and_nothing_is_started(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with started(tmp_path, port) as run:
            code, errors = run.end()
    assert code == 2
    assert errors == f"tokencast: error: port {port} of 127.0.0.1 is in use: choose another one with --port\n"
    assert not (tmp_path / "postgres").exists()


def test_a_second_supervisor_on_the_same_data_is_refused_in_one_line(tmp_path: Path) -> None:
    with started(tmp_path) as first:
        url, _ = first.wait_ready()
        with started(tmp_path) as second:
            code, errors = second.end()
        assert code == 2
        assert errors.count("\n") == 1
        assert f"in use by another running Tokencast (process {first.process.pid})" in errors
        assert httpx.get(url).status_code == 200


def test_servers_of_ones_own_are_used_instead_of_the_embedded_ones(tmp_path: Path, servers: RealServers) -> None:
    with servers.empty_database() as database_url:
        own = {"TOKENCAST_DATABASE_URL": database_url, "TOKENCAST_REDIS_URL": servers.redis_url}
        with started(tmp_path, **own) as run:
            url, _ = run.wait_ready()
            assert httpx.get(url).text == database_url
            assert set(child_pids(tmp_path)) == {"api", "worker", "deliverer", "scheduler"}
            assert run.end(signal.SIGTERM)[0] == 0
        with psycopg.connect(database_url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.parametrize("number", [None, signal.SIGTERM, signal.SIGKILL])
def test_a_private_service_takes_its_folder_with_it(tmp_path: Path, number: signal.Signals | None) -> None:
    seconds = "0" if number is None else "60"
    with started(tmp_path / "unused", "0", "private", TMPDIR=str(tmp_path), STAND_IN_SECONDS=seconds) as run:
        url, key = run.wait_ready()
        assert url.startswith("http://127.0.0.1:")
        assert key.startswith("key-of-tokencast-")
        run.end(number)
    assert eventually(lambda: list(tmp_path.iterdir()) == [])
    assert eventually(lambda: running_below(tmp_path) == [])


def _watchdog_of(run: Run) -> int:
    pid = run.process.pid
    children = {int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}
    (watchdog,) = children - set(child_pids(run.data_dir).values())
    return watchdog
