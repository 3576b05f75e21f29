"""Who a process is beyond its number, and how a group of processes is ended; shared by the supervisor and its watchdog.

Only the standard library is imported here, because the watchdog must start fast and outlive everything else.
"""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

_PROC = Path("/proc")
_POLL_SECONDS = 0.03


@dataclass(frozen=True, kw_only=True)
class ChildRecord:
    """What is needed to end a child later: its process group (its own number), start mark, signal and stage."""

    name: str
    pid: int
    mark: str
    stop_signal: int
    stage: int


def encode_records(records: Iterable[ChildRecord]) -> str:
    """The records as one line of JSON, newline not included."""
    return json.dumps([asdict(record) for record in records])


def decode_records(text: str) -> list[ChildRecord]:
    """The records of `encode_records`; an empty list for text cut short by a crash."""
    try:
        return [ChildRecord(**row) for row in json.loads(text)]
    except (ValueError, TypeError):
        return []


def start_mark(pid: int) -> str | None:
    """A text that differs between two processes that bore the same number; None when no such process runs."""
    if _has_proc():
        fields = _stat_fields(pid)
        return None if fields is None or fields[0] in "ZX" else f"{_boot_id()}:{fields[19]}"
    state, _, started = _ps("-o", "stat=,lstart=", "-p", str(pid)).strip().partition(" ")
    return None if not started or state.startswith("Z") else " ".join(started.split())


def group_members(group: int) -> list[int]:
    """The numbers of the running processes of a group or of the session of the same number; zombies do not count."""
    if not _has_proc():
        rows = (line.split() for line in _ps("-axo", "pid=,pgid=,stat=").splitlines())
        return [int(row[0]) for row in rows if int(row[1]) == group and not row[2].startswith("Z")]
    members = []
    for entry in os.listdir(_PROC):  # noqa: PTH208 - called in a tight loop, and a Path for each entry would cost more than the read
        fields = _stat_fields(int(entry)) if entry.isdigit() else None
        if fields and fields[0] not in "ZX" and str(group) in (fields[2], fields[3]):
            members.append(int(entry))
    return members


def end_children(
    records: Sequence[ChildRecord], *, grace_seconds: float, reap: Callable[[], None] = lambda: None
) -> list[str]:
    """Ends every group, the latest stage first: the stop signal to each leader, then SIGKILL to what is left.

    `reap` is called while waiting, so that a parent can collect its own dead. Returns the names that had to be killed.
    """
    killed = []
    for stage in sorted({record.stage for record in records}, reverse=True):
        waiting = [record for record in records if record.stage == stage and _is_ours(record)]
        for record in waiting:
            # Only the leader is told: it knows in which order its own children may go (Celery's pool finishes its job).
            if start_mark(record.pid) == record.mark:
                _signal(os.kill, record.pid, record.stop_signal)
        deadline = time.monotonic() + grace_seconds
        while (waiting := [r for r in waiting if start_mark(r.pid) == r.mark]) and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
            reap()
        killed += [record.name for record in waiting]
        for record in (r for r in records if r.stage == stage):
            _sweep(record, reap)
    return killed


def _sweep(record: ChildRecord, reap: Callable[[], None]) -> None:
    # A killed process can take a moment to leave the table, and a forking one can slip a child past one round.
    for _ in range(100):
        if not _is_ours(record) or not (members := group_members(record.pid)):
            return
        for member in members:
            _signal(os.kill, member, signal.SIGKILL)
        time.sleep(_POLL_SECONDS)
        reap()


def _is_ours(record: ChildRecord) -> bool:
    # While a group has members its number is not given to a new process, so a leader with another mark means
    # that our group is long gone and the number now belongs to a stranger.
    return start_mark(record.pid) in (None, record.mark)


def _signal(send: Callable[[int, int], None], target: int, number: int) -> None:
    try:
        send(target, number)
    except (ProcessLookupError, PermissionError):
        return


def _stat_fields(pid: int) -> list[str] | None:
    try:
        text = (_PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return None
    # The program's name stands in brackets and may itself hold spaces and brackets, so the last one counts.
    return text[text.rindex(")") + 2 :].split()


@cache
def _has_proc() -> bool:
    return (_PROC / "self" / "stat").exists()


@cache
def _boot_id() -> str:
    try:
        return (_PROC / "sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return "unknown"


def _ps(*arguments: str) -> str:
    environment = {**os.environ, "LC_ALL": "C"}
    command = ["/bin/ps", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment).stdout  # noqa: S603 - fixed program, numbers as arguments
