"""Starts named children stage by stage, notices when one ends, and ends them all in the reverse order."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import service
from service.local.data_directory import DataDirectory, Report, sync_folder, write_private
from service.local.processes import ChildRecord, decode_records, encode_records, end_children, start_mark

LOG_KEPT_BYTES = 5 * 1024 * 1024
TAIL_LINES = 20
_POLL_SECONDS = 0.05
_PROGRESS_SECONDS = 2.0
# The shell waits for a line before it becomes the child. If the supervisor dies before the watchdog knows the
# child, the pipe closes without that line and nothing is left behind.
_GATE = 'read -r go || exit 0; exec "$@" </dev/null'


@dataclass(frozen=True, kw_only=True)
class ChildSpec:
    """One program to keep running.

    `ready` returns None once the child serves, else what it is waiting for; `ready_timeout_seconds` None waits as
    long as the child lives. `env` is the whole environment (None: this process's own). `user` is for a root
    supervisor only.
    """

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] | None = field(default=None, repr=False)
    cwd: Path | None = None
    ready: Callable[[], str | None] | None = None
    ready_timeout_seconds: float | None = 60.0
    stop_signal: signal.Signals = signal.SIGTERM
    user: str | int | None = None


class ChildFailedError(Exception):
    """A child could not be started, did not become ready or ended by itself; the text ends with its log."""

    def __init__(self, name: str, what: str, log: Path | None = None, tail: str = "") -> None:
        self.name = name
        message = f"{name} {what}"
        if log is not None:
            message += f"; the end of {log}:\n{tail or '(nothing was written)'}"
        super().__init__(message)


@dataclass
class _Child:
    spec: ChildSpec
    process: subprocess.Popen[bytes]
    record: ChildRecord
    log: Path
    log_start: int

    def tail(self) -> str:
        with self.log.open("rb") as file:
            file.seek(max(self.log_start, self.log.stat().st_size - 16_384))
            lines = file.read().decode(errors="replace").splitlines()
        return "\n".join(lines[-TAIL_LINES:])

    def failure(self) -> ChildFailedError | None:
        status = self.process.poll()
        return (
            None
            if status is None
            else ChildFailedError(self.spec.name, f"ended unexpectedly ({_ending(status)})", self.log, self.tail())
        )


class Supervisor:
    """Children of one data directory. Not for several threads, apart from `failed_child`.

    Whatever happens to this process, the watchdog ends the children; with `temporary`, it also removes the folder.
    """

    def __init__(
        self, data: DataDirectory, lock: int, report: Report, *, temporary: bool = False, stop_seconds: float = 15.0
    ) -> None:
        self._data = data
        self._lock = lock
        self._report = report
        self._temporary = temporary
        self._stop_seconds = stop_seconds
        self._children: list[_Child] = []
        self._stage = 0
        self._watchdog: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._end_leftovers()
        self._start_watchdog()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, specs: Sequence[ChildSpec]) -> None:
        """Starts the children at once, as one stage, and returns when all are ready; ChildFailedError if one is not."""
        self._stage += 1
        for child in [self._spawn(spec) for spec in specs]:
            self._wait_ready(child)

    def failed_child(self) -> ChildFailedError | None:
        """The first child found to have ended by itself, or None while all run."""
        if self._watchdog is not None and (status := self._watchdog.poll()) is not None:
            return ChildFailedError("watchdog", f"ended unexpectedly ({_ending(status)})")
        return next((failure for child in list(self._children) if (failure := child.failure())), None)

    def stop(self) -> None:
        """Ends every child and then the watchdog; safe to call twice."""
        self.stop_children()
        if self._watchdog is not None and self._watchdog.stdin is not None:
            self._watchdog.stdin.close()
            self._watchdog.wait()
            self._watchdog = None

    def stop_children(self) -> None:
        """Ends every child, the latest stage first; more can be started afterwards."""
        records = [child.record for child in self._children]
        for name in end_children(records, grace_seconds=self._stop_seconds, reap=_reaper(self._children)):
            self._report(f"{name} did not end within {self._stop_seconds:g} s and was killed")
        for child in self._children:
            child.process.wait()
        self._children = []
        self._stage = 0
        self._record()

    def _spawn(self, spec: ChildSpec) -> _Child:
        log = self._data.logs / f"{spec.name}.log"
        environment = dict(os.environ if spec.env is None else spec.env)
        with _open_log(log) as output:
            start = output.tell()
            process = subprocess.Popen(  # noqa: S603 - the caller's own children
                ["/bin/sh", "-c", _GATE, spec.name, *spec.argv],
                stdin=subprocess.PIPE,
                bufsize=0,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment,
                cwd=spec.cwd or self._data.run,
                # Its own session: a Ctrl-C in the terminal reaches the supervisor alone, which then decides the order.
                start_new_session=True,
                user=spec.user,
                extra_groups=None if spec.user is None else [],
            )
        record = ChildRecord(
            name=spec.name,
            pid=process.pid,
            mark=start_mark(process.pid) or "",
            stop_signal=int(spec.stop_signal),
            stage=self._stage,
        )
        child = _Child(spec=spec, process=process, record=record, log=log, log_start=start)
        self._children.append(child)
        self._record()
        if process.stdin is not None:
            try:
                process.stdin.write(b"go\n")
                process.stdin.close()
            except BrokenPipeError:
                raise ChildFailedError(spec.name, "could not be started", log, child.tail()) from None
        return child

    def _wait_ready(self, child: _Child) -> None:
        spec = child.spec
        began = told = time.monotonic()
        while True:
            if failure := self.failed_child():
                raise failure
            if spec.ready is None or (waiting_for := spec.ready()) is None:
                return
            now = time.monotonic()
            if spec.ready_timeout_seconds is not None and now - began > spec.ready_timeout_seconds:
                what = f"was not ready after {spec.ready_timeout_seconds:g} s ({waiting_for})"
                raise ChildFailedError(spec.name, what, child.log, child.tail())
            if now - told > _PROGRESS_SECONDS:
                self._report(f"{spec.name}: {waiting_for} ({now - began:.0f} s)")
                told = now
            time.sleep(_POLL_SECONDS)

    def _record(self) -> None:
        text = encode_records(child.record for child in self._children)
        if self._children:
            write_private(self._data.children_file, text)
        else:
            self._data.children_file.unlink(missing_ok=True)
            sync_folder(self._data.path)
        if self._watchdog is not None and self._watchdog.stdin is not None:
            try:
                self._watchdog.stdin.write(text.encode() + b"\n")
            except BrokenPipeError:
                # The watchdog was killed; `failed_child` says so and everything ends in order.
                return

    def _start_watchdog(self) -> None:
        command = python_command("-m", "service.local.watchdog")
        with _open_log(self._data.logs / "watchdog.log") as output:
            self._watchdog = subprocess.Popen(  # noqa: S603 - our own module
                [*command, str(self._data.path)] if self._temporary else command,
                stdin=subprocess.PIPE,
                bufsize=0,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=child_environment({}),
                # Not a folder that it may have to remove.
                cwd="/",
                start_new_session=True,
                # It keeps the lock until it has ended everything, so a new start waits instead of running into it.
                pass_fds=(self._lock,),
            )

    def _end_leftovers(self) -> None:
        # Only after a SIGKILL of both the supervisor and its watchdog; we hold the lock, so these belong to nobody.
        try:
            records = decode_records(self._data.children_file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return
        if any(start_mark(record.pid) == record.mark for record in records):
            self._report("ending what a former run left behind")
        end_children(records, grace_seconds=self._stop_seconds)
        self._data.children_file.unlink(missing_ok=True)


def _reaper(children: Sequence[_Child]) -> Callable[[], None]:
    def reap() -> None:
        for child in children:
            child.process.poll()

    return reap


def _open_log(path: Path) -> IO[bytes]:
    if path.exists() and path.stat().st_size > LOG_KEPT_BYTES:
        path.replace(path.with_suffix(".log.1"))
    file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")
    file.seek(0, os.SEEK_END)
    return file


def _ending(status: int) -> str:
    return f"exit code {status}" if status >= 0 else f"signal {signal.Signals(-status).name}"


def child_environment(additions: Mapping[str, str]) -> dict[str, str]:
    """This process's environment with the additions, for a child that runs elsewhere.

    It finds this same code there, and nothing steers its Postgres clients to another place.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    former = [str(Path(entry).absolute()) for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
    path = os.pathsep.join([str(Path(service.__file__).absolute().parent.parent), *former])
    return {**kept, "PYTHONPATH": path, **additions}


def python_command(*arguments: str) -> tuple[str, ...]:
    """This interpreter with the arguments, with no import from the folder it runs in."""
    return (sys.executable, "-P", *arguments)
