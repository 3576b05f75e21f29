"""A test run that is interrupted or killed stops the servers it started and removes their folder."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.service.local.runs import ROOT, eventually, needs_proc, running_below

pytestmark = needs_proc

TEST = """
import pathlib, time
def test_that_takes_long(servers):
    pathlib.Path({note!r}).touch()
    time.sleep(60)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_interrupted_test_run_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    folder, note, file = tmp_path / "temporary", tmp_path / "started", tmp_path / "test_long.py"
    folder.mkdir()
    file.write_text(TEST.format(note=str(note)))
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.conftest",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        tmp_path,
        file,
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder)}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL) as run:
        assert eventually(note.exists, seconds=60)
        assert len(running_below(folder)) > 1
        run.send_signal(number)
    assert eventually(lambda: not list(folder.glob("tokencast-*")))
    assert eventually(lambda: running_below(folder) == [])
