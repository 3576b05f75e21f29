"""One real service for all tests of the command line, and commands run against it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from service.cli import main
from service.local.service_file import find_running_service
from service.schemas.plan.file import encode_plan, read_plan
from tests.service.cli import stand_ins
from tests.service.local.runs import eventually

ROOT = Path(__file__).parents[3]
TOKENCAST = (sys.executable, "-m", "service.cli")

# Receivers of webhooks in tests are on this machine.
SETTINGS = {"TOKENCAST_WORKER_PROCESSES": "1", "TOKENCAST_WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8"}

Invoke = Callable[..., Result]


def environment(data_dir: Path, additions: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment without any setting of Tokencast, and with the data directory."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TOKENCAST_")}
    return {**kept, "PYTHONPATH": str(ROOT), "TOKENCAST_DATA_DIR": str(data_dir), **(additions or {})}


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The data directory of a service that `tokencast up` runs."""
    data_dir = tmp_path_factory.mktemp("running")
    with (data_dir / "up.err").open("w") as errors:
        process = subprocess.Popen(
            [*TOKENCAST, "up", "--no-demo", "--port", "0"],
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env=environment(data_dir, SETTINGS),
            cwd="/",
        )
    try:
        eventually(lambda: find_running_service(data_dir) is not None or process.poll() is not None, 60)
        assert find_running_service(data_dir) is not None, (data_dir / "up.err").read_text()
        yield data_dir
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0, (data_dir / "up.err").read_text()


@pytest.fixture
def invoke(running: Path, monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """Runs a command against the running service; further names are environment variables."""
    for name in [name for name in os.environ if name.startswith("TOKENCAST_")]:
        monkeypatch.delenv(name)

    def run(*arguments: object, stdin: str | None = None, **variables: str) -> Result:
        env = {"TOKENCAST_DATA_DIR": str(running), **variables}
        result = CliRunner().invoke(main, [str(argument) for argument in arguments], env=env, input=stdin)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return run


@pytest.fixture
def write_plan(tmp_path: Path) -> Callable[[Mapping[str, Any]], Path]:
    """A plan file with this content."""

    def write(document: Mapping[str, Any]) -> Path:
        path = tmp_path / "plan.yaml"
        path.write_text(yaml.safe_dump(document, sort_keys=False))
        return path

    return write


@pytest.fixture
def article() -> dict[str, Any]:
    """The example plan, read by the reader under test's own JSON so that a test can change a field."""
    return dict(json.loads(encode_plan(read_plan((ROOT / "examples/article.yaml").read_bytes()))))


@pytest.fixture
def failing_service() -> Iterator[str]:
    with stand_ins.failing_service() as url:
        yield url


@pytest.fixture
def other_service() -> Iterator[str]:
    with stand_ins.other_service() as url:
        yield url
