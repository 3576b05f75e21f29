"""Ending processes touches ours alone, and a supervisor says what it is waiting for."""

import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from service.local.data_directory import locked_data_directory
from service.local.processes import ChildRecord, decode_records, encode_records, end_children, group_members, start_mark
from service.local.supervisor import LOG_KEPT_BYTES, ChildFailedError, ChildSpec, Supervisor, python_command


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(["/bin/sleep", "60"], start_new_session=True)
    yield process
    process.kill()
    process.wait()


def _record(pid: int, mark: str, name: str = "child", stage: int = 1) -> ChildRecord:
    return ChildRecord(name=name, pid=pid, mark=mark, stop_signal=int(signal.SIGTERM), stage=stage)


def test_a_process_keeps_its_mark_and_a_dead_one_has_none(sleeper: subprocess.Popen[bytes]) -> None:
    mark = start_mark(sleeper.pid)
    time.sleep(0.05)
    assert mark is not None
    assert start_mark(sleeper.pid) == mark
    sleeper.kill()
    # A zombie, not yet collected by its parent, runs no more.
    deadline = time.monotonic() + 5
    while start_mark(sleeper.pid) is not None and time.monotonic() < deadline:
        time.sleep(0.01)
    assert start_mark(sleeper.pid) is None
    assert group_members(sleeper.pid) == []


def test_a_stranger_with_a_reused_number_is_left_alone(sleeper: subprocess.Popen[bytes]) -> None:
    assert end_children([_record(sleeper.pid, "another start")], grace_seconds=0.1) == []
    assert start_mark(sleeper.pid) is not None


def test_one_that_ignores_the_signal_is_killed_after_the_grace_and_named() -> None:
    process = subprocess.Popen(
        ["/bin/sh", "-c", "trap '' TERM; echo; while :; do sleep 1; done"],
        start_new_session=True,
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    with process.stdout:
        process.stdout.readline()
    began = time.monotonic()
    record = _record(process.pid, start_mark(process.pid) or "", name="stubborn")
    assert end_children([record], grace_seconds=0.3, reap=lambda: process.poll() and None) == ["stubborn"]
    assert 0.3 <= time.monotonic() - began < 5
    assert process.wait() == -signal.SIGKILL
    assert group_members(process.pid) == []


def test_records_survive_the_way_to_the_watchdog_and_a_line_cut_short_does_not_count() -> None:
    records = [_record(1, "a"), _record(2, "b", stage=2)]
    assert decode_records(encode_records(records)) == records
    assert decode_records(encode_records(records)[:-5]) == []


@dataclass
class Supervised:
    """A supervisor, its folder, and what it has reported."""

    supervisor: Supervisor
    folder: Path
    lines: list[str]


@pytest.fixture
def supervised(tmp_path: Path) -> Iterator[Supervised]:
    lines: list[str] = []
    with (
        locked_data_directory(tmp_path, lines.append) as (data, lock),
        Supervisor(data, lock, lines.append, stop_seconds=1.0) as supervisor,
    ):
        yield Supervised(supervisor, tmp_path, lines)


def _sleeping(name: str = "child", **more: Any) -> ChildSpec:
    return ChildSpec(name=name, argv=("/bin/sleep", "60"), **more)


def test_a_slow_start_is_waited_for_and_reported(supervised: Supervised) -> None:
    ready_at = time.monotonic() + 2.5

    def waiting_for() -> str | None:
        return None if time.monotonic() > ready_at else "replaying 7 of 9"

    supervised.supervisor.start([_sleeping("database", ready=waiting_for, ready_timeout_seconds=None)])
    assert time.monotonic() > ready_at
    assert [line.partition(" (")[0] for line in supervised.lines] == ["database: replaying 7 of 9"]


def test_a_child_that_never_becomes_ready_is_given_up_with_its_reason(supervised: Supervised) -> None:
    with pytest.raises(ChildFailedError, match=r"api was not ready after 0.2 s \(still asleep\)"):
        supervised.supervisor.start([_sleeping("api", ready=lambda: "still asleep", ready_timeout_seconds=0.2)])


def test_a_program_that_does_not_exist_fails_with_its_name(supervised: Supervised) -> None:
    with pytest.raises(ChildFailedError, match=r"(?s)ghost ended unexpectedly \(exit code 127\).*no-such-program"):
        supervised.supervisor.start([ChildSpec(name="ghost", argv=("/no-such-program",), ready=lambda: "x")])


def test_stages_end_in_the_reverse_order(supervised: Supervised) -> None:
    note = supervised.folder / "order"
    program = (
        "import signal, sys, time; signal.signal(15, lambda *_: sys.exit(0)); print('up', flush=True); time.sleep(60)"
    )
    for name in ("database", "api"):
        on_end = f"import atexit; atexit.register(lambda: open({str(note)!r}, 'a').write('{name} '));"
        log = supervised.folder / f"logs/{name}.log"

        def waiting_for(log: Path = log) -> str | None:
            return None if "up" in log.read_text() else "not up"

        supervised.supervisor.start(
            [ChildSpec(name=name, argv=python_command("-c", on_end + program), ready=waiting_for)]
        )
    supervised.supervisor.stop()
    assert note.read_text() == "api database "


def test_a_child_starts_with_no_input_in_a_session_of_its_own(supervised: Supervised) -> None:
    program = (
        "import os, sys, time; print(repr(sys.stdin.read()), os.getsid(0) == os.getpid(), flush=True); time.sleep(60)"
    )
    log = supervised.folder / "logs/child.log"

    def waiting_for() -> str | None:
        return None if log.read_text() else "silent"

    supervised.supervisor.start([ChildSpec(name="child", argv=python_command("-c", program), ready=waiting_for)])
    assert log.read_text() == "'' True\n"


def test_the_tail_shows_this_run_only_and_a_long_log_is_put_aside(supervised: Supervised) -> None:
    log = supervised.folder / "logs/child.log"
    log.write_text("of a former run\n")
    spec = ChildSpec(name="child", argv=("/bin/sh", "-c", "echo of this run; exit 3"), ready=lambda: "x")
    with pytest.raises(ChildFailedError) as failed:
        supervised.supervisor.start([spec])
    assert "exit code 3" in str(failed.value)
    assert "of this run" in str(failed.value)
    assert "former" not in str(failed.value)
    supervised.supervisor.stop_children()
    log.write_bytes(b"x" * (LOG_KEPT_BYTES + 1))
    with pytest.raises(ChildFailedError):
        supervised.supervisor.start([spec])
    assert log.stat().st_size < 100
    assert (supervised.folder / "logs/child.log.1").stat().st_size > LOG_KEPT_BYTES


def test_grandchildren_go_with_their_parent(supervised: Supervised) -> None:
    program = "trap '' TERM HUP; sleep 60 & sleep 60 & wait"
    supervised.supervisor.start([ChildSpec(name="pool", argv=("/bin/sh", "-c", program))])
    (record,) = decode_records((supervised.folder / "children.json").read_text())
    deadline = time.monotonic() + 5
    while len(group_members(record.pid)) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(group_members(record.pid)) == 3
    supervised.supervisor.stop()
    assert group_members(record.pid) == []
    assert supervised.lines == ["pool did not end within 1 s and was killed"]
    assert not (supervised.folder / "children.json").exists()
