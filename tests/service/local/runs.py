"""A supervisor in a process of its own, as the tests of its ends need it, and what of it still runs."""

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parent / "stand_in_service.py"
ROOT = Path(__file__).parents[3]

needs_proc = pytest.mark.skipif(not Path("/proc/self").exists(), reason="finds what still runs in /proc")


@dataclass
class Run:
    """One supervisor and the data directory it works on."""

    process: subprocess.Popen[str]
    data_dir: Path

    def wait_ready(self) -> list[str]:
        assert self.process.stdout
        words = self.process.stdout.readline().split()
        assert words[:1] == ["READY"], self.process.communicate(timeout=30)
        return words[1:]

    def end(self, number: signal.Signals | None = None) -> tuple[int, str]:
        """Sends the signal, waits for the end, and returns the exit code and what was written for people."""
        if number is not None:
            self.process.send_signal(number)
        _, errors = self.process.communicate(timeout=60)
        return self.process.returncode, errors

    def pid_of(self, name: str) -> int:
        return child_pids(self.data_dir)[name]


@contextlib.contextmanager
def started(
    data_dir: Path, *arguments: str, python: Sequence[str] = (sys.executable,), **environment: str
) -> Iterator[Run]:
    """The stand-in service on the data directory; ended at the end of the block if the test has not done so."""
    process = subprocess.Popen(
        [*python, PROGRAM, str(data_dir), *(arguments or ("0",))],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        cwd="/",
    )
    try:
        yield Run(process, data_dir)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=60)
        for stream in (process.stdout, process.stderr):
            assert stream
            stream.close()


def child_pids(data_dir: Path) -> dict[str, int]:
    return {record["name"]: record["pid"] for record in json.loads((data_dir / "children.json").read_text())}


def running_below(data_dir: Path) -> list[str]:
    """The command lines of the processes whose working folder is in the data directory."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if (entry / "cwd").readlink().is_relative_to(data_dir):
                    found.append((entry / "cmdline").read_text().replace("\0", " ") or entry.name)
    return found


def locked(data_dir: Path) -> bool:
    """Whether a supervisor or a watchdog still holds the directory."""
    with (data_dir / "lock").open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def eventually(condition: Callable[[], bool], seconds: float = 20.0) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
