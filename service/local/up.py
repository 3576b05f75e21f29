"""Composes the whole service on this machine: servers, migration, API, workers and scheduler, until told to stop."""

import contextlib
import os
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from service.local.data_directory import Report, StartRefusedError
from service.local.entry_points import api_command, deliverer_command, scheduler_command, worker_command
from service.local.migration import bring_up_to_date
from service.local.ports import LOOPBACK, free_port, port_is_free
from service.local.servers import LocalServers, local_servers, silent
from service.local.service_file import service_announced
from service.local.stop_signals import StopRequested, children_watched, stop_signals
from service.local.supervisor import ChildFailedError, ChildSpec, child_environment
from service.settings import DEFAULT_PORT, read_settings

FirstKey = Callable[[Path, str], str]
"""Called once the API is ready, with the data directory and the database's url; returns an API key that works."""

Composition = Callable[["Addresses", Mapping[str, str]], Sequence[ChildSpec]]
Migrate = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """Where everything of one run is."""

    data_dir: Path
    url: str
    port: int
    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class UpService(Addresses):
    """A service that answers, and a key for it."""

    api_key: str = field(repr=False)


def service_children(addresses: Addresses, environment: Mapping[str, str]) -> Sequence[ChildSpec]:
    """The API, the worker, the deliverer and the scheduler."""
    deliverer = ChildSpec(name="deliverer", argv=deliverer_command(), env=environment)
    return [*forecasting_children(addresses, environment), deliverer]


def forecasting_children(addresses: Addresses, environment: Mapping[str, str]) -> Sequence[ChildSpec]:
    """Those of a service that ends with its forecast, which nobody can have declared a webhook to."""
    return [
        ChildSpec(
            name="api",
            argv=api_command(LOOPBACK, addresses.port),
            env=environment,
            ready=lambda: _not_ready(addresses.url),
        ),
        ChildSpec(name="worker", argv=worker_command(read_settings(environment)), env=environment),
        ChildSpec(name="scheduler", argv=scheduler_command(), env=environment),
    ]


@contextlib.contextmanager
def running_service(
    data_dir: Path,
    *,
    first_key: FirstKey,
    port: int = DEFAULT_PORT,
    report: Report = silent,
    composition: Composition = service_children,
    migrate: Migrate = bring_up_to_date,
    private: bool = False,
) -> Iterator[UpService]:
    """The whole service for the length of the block; port 0 takes a free one. Only for the main thread.

    TOKENCAST_DATABASE_URL and TOKENCAST_REDIS_URL name servers of one's own; a `private` service uses none and leaves
    nothing behind. Inside the block, a signal raises StopRequested and the end of a child ChildFailedError.
    StartRefusedError: nothing was started.
    """
    own = {} if private else os.environ
    chosen = port or free_port()

    def refuse_a_taken_port() -> None:
        if not port_is_free(chosen):
            raise StartRefusedError(f"port {chosen} of {LOOPBACK} is in use: choose another one with --port")

    _require_main_thread()
    with (
        stop_signals() as signals,
        local_servers(
            data_dir,
            report=report,
            database_url=own.get("TOKENCAST_DATABASE_URL") or None,
            redis_url=own.get("TOKENCAST_REDIS_URL") or None,
            temporary=private,
            before_start=refuse_a_taken_port,
        ) as servers,
        children_watched(servers.supervisor, signals),
    ):
        addresses = _addresses(servers, chosen)
        report("bringing the database up to date")
        migrate(addresses.database_url)
        report("starting the API, the workers and the scheduler")
        servers.supervisor.start(composition(addresses, _environment(addresses)))
        key = first_key(addresses.data_dir, addresses.database_url)
        with service_announced(addresses.data_dir, addresses.url):
            yield UpService(**vars(addresses), api_key=key)


def run_up(
    data_dir: Path,
    *,
    first_key: FirstKey,
    on_ready: Callable[[UpService], None],
    port: int = DEFAULT_PORT,
    report: Report | None = None,
    composition: Composition = service_children,
    migrate: Migrate = bring_up_to_date,
) -> int:
    """Runs the service until Ctrl-C, SIGTERM or SIGHUP and returns the exit code: 0 asked to stop, 1 failed, 2 refused.

    `on_ready` is called once everything answers: the place for a demonstration. The service stays up after it.
    """
    tell = report or report_to_stderr
    try:
        with running_service(
            data_dir, first_key=first_key, port=port, report=tell, composition=composition, migrate=migrate
        ) as service:
            try:
                on_ready(service)
                threading.Event().wait()
            finally:
                tell("stopping")
    except StopRequested:
        tell("stopped")
        return 0
    except StartRefusedError as refusal:
        tell(f"error: {refusal}")
        return 2
    except ChildFailedError as failure:
        tell(f"error: {failure}")
        return 1
    return 0


@contextlib.contextmanager
def private_service(
    *,
    first_key: FirstKey,
    report: Report = silent,
    composition: Composition = forecasting_children,
    migrate: Migrate = bring_up_to_date,
) -> Iterator[tuple[str, str]]:
    """The url and the API key of a service of one's own, in a temporary folder, for the length of the block."""
    with (
        tempfile.TemporaryDirectory(prefix="tokencast-", ignore_cleanup_errors=True) as folder,
        running_service(
            Path(folder),
            first_key=first_key,
            port=0,
            report=report,
            composition=composition,
            migrate=migrate,
            private=True,
        ) as service,
    ):
        yield service.url, service.api_key


def report_to_stderr(line: str) -> None:
    """Progress for people; a terminal that was closed meanwhile must not keep the rest from being stopped."""
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(f"tokencast: {line}\n")
        sys.stderr.flush()


def _addresses(servers: LocalServers, port: int) -> Addresses:
    return Addresses(
        data_dir=servers.data_dir,
        url=f"http://{LOOPBACK}:{port}",
        port=port,
        database_url=servers.database_url,
        redis_url=servers.redis_url,
    )


def _environment(addresses: Addresses) -> dict[str, str]:
    return child_environment(
        {
            "TOKENCAST_DATABASE_URL": addresses.database_url,
            "TOKENCAST_REDIS_URL": addresses.redis_url,
            "TOKENCAST_HOST": LOOPBACK,
            "TOKENCAST_PORT": str(addresses.port),
            "TOKENCAST_DATA_DIR": str(addresses.data_dir),
            "PYTHONUNBUFFERED": "1",
        }
    )


def _not_ready(url: str) -> str | None:
    try:
        answer = httpx.get(f"{url}/readyz", timeout=5.0, trust_env=False)
    except httpx.HTTPError as error:
        return f"waiting for the API ({error})"
    return None if answer.status_code == httpx.codes.OK else f"waiting for the API (it answers {answer.status_code})"


def _require_main_thread() -> None:
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("only the main thread can turn signals into an orderly end")
