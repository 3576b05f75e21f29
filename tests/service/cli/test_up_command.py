"""`tokencast up` with its demonstration, and the private service of `tokencast forecast`, as real processes."""

import contextlib
import json
import re
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
import pytest

from service.local.service_file import find_running_service, read_kept_key
from tests.service.cli.conftest import ROOT, TOKENCAST, Invoke, environment
from tests.service.local.runs import eventually, needs_proc, running_below


@dataclass
class Up:
    """One `tokencast up`; what it writes lies in two files."""

    process: subprocess.Popen[bytes]
    out: Path
    errors: Path

    def wait_ready(self) -> str:
        """What it printed once everything ran."""
        eventually(lambda: "Ctrl-C stops everything" in self.out.read_text() or self.process.poll() is not None, 90)
        assert self.process.poll() is None, self.errors.read_text()
        return self.out.read_text()

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(timeout=60) == 0, self.errors.read_text()


@contextlib.contextmanager
def _up(data_dir: Path, *arguments: str) -> Iterator[Up]:
    data_dir.mkdir(exist_ok=True)
    out, errors = data_dir.with_suffix(".out"), data_dir.with_suffix(".err")
    with out.open("wb") as output, errors.open("wb") as error_output:
        process = subprocess.Popen(
            [*TOKENCAST, "up", "--port", "0", *arguments],
            stdout=output,
            stderr=error_output,
            env=environment(data_dir, {"TOKENCAST_WORKER_PROCESSES": "1", "PYTHONUNBUFFERED": "1"}),
            cwd="/",
        )
    try:
        yield Up(process, out, errors)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=60)


@needs_proc
def test_up_shows_the_budget_of_the_example_and_finds_its_data_again(tmp_path: Path, invoke: Invoke) -> None:
    data_dir = tmp_path / "data"
    with _up(data_dir) as first:
        shown = first.wait_ready()
        assert "12 created" in shown
        assert "Budget at 80 %" in shown
        assert "h200-owned (fleet)" in shown
        assert "coding-agents" in shown
        service = find_running_service(data_dir)
        assert service is not None
        assert service.url in shown
        assert httpx.get(f"{service.url}/schema").json()["openapi"].startswith("3.1")
        key = read_kept_key(data_dir)
        assert key is not None
        assert key not in shown
        link = re.search(rf"{service.url}/sign-in/\S+", shown)
        assert link is not None
        assert httpx.post(link[0]).headers["location"] == "/"
        assert (data_dir / "key").stat().st_mode & 0o777 == 0o600
        assert "is unchanged" in invoke("apply", ROOT / "examples/acme.yaml", TOKENCAST_DATA_DIR=str(data_dir)).stdout
        first.stop()
    assert running_below(data_dir) == []
    with _up(data_dir) as second:
        assert "The plan acme is unchanged: nothing to do." in second.wait_ready()
        assert read_kept_key(data_dir) == key
        # A key that was revoked meanwhile is made anew by the next start.
        [kept] = json.loads(invoke("keys", "list", "--json", TOKENCAST_DATA_DIR=str(data_dir)).stdout)["items"]
        assert invoke("keys", "revoke", kept["id"], TOKENCAST_DATA_DIR=str(data_dir)).exit_code == 0
        second.stop()
    with _up(data_dir, "--no-demo") as third:
        assert "Budget" not in third.wait_ready()
        assert read_kept_key(data_dir) not in {None, key}
        assert invoke("keys", "list", TOKENCAST_DATA_DIR=str(data_dir)).exit_code == 0
        third.stop()


def test_a_data_directory_in_use_and_a_setting_that_is_none_end_with_2(running: Path) -> None:
    for variables, words in (
        ({}, "in use by another running Tokencast"),
        ({"TOKENCAST_TICK_SECONDS": "soon"}, "TOKENCAST_TICK_SECONDS must be a number"),
    ):
        done = subprocess.run(
            [*TOKENCAST, "up", "--port", "0"],
            env=environment(running, variables),
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
        )
        assert done.returncode == 2
        assert words in done.stderr


@needs_proc
def test_without_a_running_service_a_forecast_has_a_private_one_for_its_length(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    # Servers of one's own are for `tokencast up`: a private service must not touch them.
    other = {"TOKENCAST_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/x", "TMPDIR": str(temporary)}
    done = subprocess.run(
        [*TOKENCAST, "forecast", "examples/article.yaml", "--json"],
        env=environment(data_dir, other),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["total"]["effective"]["mean"] == "216000.00"
    month = document["fleets"][0]["months"][0]
    assert month["usd_per_mtok_full_load"] == "1.0396"
    assert month["usd_per_mtok_full_load_without_decoder"] == "1.7361"
    assert round(month["utilization_fraction"], 3) == 0.599
    assert month["nodes"]["mean"] == 1
    assert document["fleets"][0]["decoder"]["saving"]["mean"] == "0.00"
    assert "starting a private one" in done.stderr
    assert not data_dir.exists()
    assert list(temporary.iterdir()) == []
    assert running_below(temporary) == []


def test_a_plan_of_the_wrong_shape_starts_nothing(tmp_path: Path, invoke: Invoke) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text("seed: x\nworkload: []\n")
    result = invoke("forecast", plan, TOKENCAST_DATA_DIR=str(tmp_path / "none"))
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        "/seed: expected int, got str",
        "/workload: is not a known field; did you mean workloads?",
    ]


@pytest.mark.parametrize("command", ["migrate", "serve", "worker", "scheduler"])
def test_a_process_of_a_deployment_needs_its_settings(command: str, invoke: Invoke) -> None:
    result = invoke(command)
    assert result.exit_code == 2
    assert "TOKENCAST_DATABASE_URL and TOKENCAST_REDIS_URL must be set" in result.output


def test_a_migration_of_a_database_that_is_not_there_ends_with_1(invoke: Invoke) -> None:
    urls = {"TOKENCAST_DATABASE_URL": "postgresql://x:y@127.0.0.1:1/z", "TOKENCAST_REDIS_URL": "redis://127.0.0.1:1"}
    result = invoke("migrate", **urls)
    assert result.exit_code == 1
    assert "the database cannot be reached" in result.stderr


def test_a_migration_brings_the_packaged_prices(invoke: Invoke, empty_database_url: str, redis_url: str) -> None:
    urls = {"TOKENCAST_DATABASE_URL": empty_database_url, "TOKENCAST_REDIS_URL": redis_url}
    for _ in range(2):
        assert invoke("migrate", **urls).exit_code == 0
        with psycopg.connect(empty_database_url) as connection:
            connection.execute("SET ROLE tokencast_system")
            row = connection.execute("SELECT count(*) FROM prices WHERE model = 'deepseek-v4-pro'").fetchone()
    assert row
    assert row[0] > 2
