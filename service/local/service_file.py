"""What in the data directory leads the command line to the service of this data: its address and the kept key."""

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from service.local.data_directory import DataDirectory, write_private
from service.local.processes import start_mark


@dataclass(frozen=True, kw_only=True)
class RunningService:
    """A service that `tokencast up` keeps running."""

    url: str
    pid: int
    started_at: datetime


def find_running_service(data_dir: Path) -> RunningService | None:
    """The service of the data directory, or None when none runs; a note left by a killed one does not count."""
    try:
        note = json.loads(DataDirectory(data_dir).service_file.read_text(encoding="utf-8"))
        if start_mark(note["pid"]) != note["mark"]:
            return None
        return RunningService(url=note["url"], pid=note["pid"], started_at=datetime.fromisoformat(note["started_at"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def read_kept_key(data_dir: Path) -> str | None:
    """The key kept in the data directory, or None when there is none that can be read."""
    try:
        return DataDirectory(data_dir).key_file.read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError):
        return None


@contextlib.contextmanager
def service_announced(data_dir: Path, url: str) -> Iterator[None]:
    """Writes the note for the length of the block."""
    path = DataDirectory(data_dir).service_file
    pid = os.getpid()
    note = {"url": url, "pid": pid, "started_at": datetime.now(UTC).isoformat(), "mark": start_mark(pid)}
    write_private(path, json.dumps(note))
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
