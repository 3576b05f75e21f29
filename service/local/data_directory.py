"""The one folder of everything the embedded servers keep, and the lock that gives it to one supervisor at a time."""

import contextlib
import fcntl
import json
import os
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from service.local.processes import start_mark

Report = Callable[[str], None]


class StartRefusedError(Exception):
    """A reason, for people and in one line, why nothing was started; the command ends with exit code 2."""


@dataclass(frozen=True)
class DataDirectory:
    """Where each thing lies below the data directory."""

    path: Path

    @property
    def postgres(self) -> Path:
        return self.path / "postgres"

    @property
    def redis(self) -> Path:
        return self.path / "redis"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def run(self) -> Path:
        """An empty folder in which the children run, so that no relative path or import finds anything by chance."""
        return self.path / "run"

    @property
    def secrets_file(self) -> Path:
        return self.path / "secrets.json"

    @property
    def children_file(self) -> Path:
        return self.path / "children.json"

    @property
    def lock_file(self) -> Path:
        return self.path / "lock"

    @property
    def key_file(self) -> Path:
        return self.path / "key"

    @property
    def service_file(self) -> Path:
        return self.path / "service.json"


@dataclass(frozen=True, kw_only=True)
class Secrets:
    """The generated passwords of the embedded servers."""

    postgres_superuser: str
    postgres_tokencast: str
    redis: str

    def __repr__(self) -> str:
        return "Secrets(...)"


def write_private(path: Path, text: str) -> None:
    """Puts the text in place whole or not at all, readable by its owner only, and on disk before returning."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Makes renames in the folder survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_or_make_secrets(data: DataDirectory) -> Secrets:
    """The passwords of this data directory, made on first use; StartRefusedError for data without its passwords."""
    try:
        return Secrets(**json.loads(data.secrets_file.read_text(encoding="utf-8")))
    except FileNotFoundError:
        pass
    except (ValueError, TypeError):
        raise StartRefusedError(f"{data.secrets_file} is damaged: restore it from a copy") from None
    if data.postgres.exists():
        raise StartRefusedError(
            f"{data.secrets_file} is missing, and without it the database in {data.path} cannot be opened"
        )
    made = {name: secrets.token_urlsafe(24) for name in ("postgres_superuser", "postgres_tokencast", "redis")}
    write_private(data.secrets_file, json.dumps(made))
    return Secrets(**made)


@contextlib.contextmanager
def locked_data_directory(
    path: Path, report: Report, *, wait_seconds: float = 60.0
) -> Iterator[tuple[DataDirectory, int]]:
    """The folder, made if needed, and the descriptor of its lock; StartRefusedError when a running supervisor has it.

    The lock is waited for while its holder is already dead: then a watchdog is still ending what that one had started.
    """
    data = DataDirectory(path.absolute())
    try:
        data.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        for folder in (data.logs, data.run):
            folder.mkdir(exist_ok=True, mode=0o700)
        handle = os.open(data.lock_file, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StartRefusedError(f"the data directory {data.path} cannot be used: {error.strerror}") from None
    try:
        _take_lock(data, handle, report, wait_seconds)
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps({"pid": os.getpid(), "mark": start_mark(os.getpid())}).encode(), 0)
        yield data, handle
    finally:
        os.close(handle)


def _take_lock(data: DataDirectory, handle: int, report: Report, wait_seconds: float) -> None:
    deadline = time.monotonic() + wait_seconds
    told = False
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if (holder := _running_holder(handle)) is not None:
                raise StartRefusedError(
                    f"the data directory {data.path} is in use by another running Tokencast (process {holder})"
                ) from None
            if time.monotonic() > deadline:
                raise StartRefusedError(
                    f"the data directory {data.path} is still locked by what is left of a former run"
                ) from None
            if not told:
                report("waiting for the end of a former run that was killed")
                told = True
            time.sleep(0.1)
        else:
            return


def _running_holder(handle: int) -> int | None:
    try:
        holder = json.loads(os.pread(handle, 1000, 0))
        return int(holder["pid"]) if start_mark(int(holder["pid"])) == holder["mark"] else None
    except (ValueError, KeyError, TypeError):
        # The holder has not written its number yet: the next look will find it.
        return None
