"""Which service a command talks to: the named one, the one that runs on this machine, or a private one."""

import contextlib
import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from service.cli.failures import BadInput, Failure

if TYPE_CHECKING:
    from tokencast.client import Client

NOWHERE = "no service runs here: start one with `tokencast up`, or set TOKENCAST_URL and TOKENCAST_API_KEY"


@contextlib.contextmanager
def running_service_client() -> Iterator["Client"]:
    """A client of the service named by TOKENCAST_URL, else of the one that `tokencast up` runs; Failure for neither."""
    found = _found()
    if found is None:
        raise Failure(NOWHERE)
    with found as client:
        yield client


@contextlib.contextmanager
def any_service_client(before_private: Callable[[], None]) -> Iterator["Client"]:
    """The same, or else a client of a private service that lasts as long as the block.

    `before_private` runs before anything is started, and may refuse.
    """
    found = _found()
    if found is not None:
        with found as client:
            yield client
        return
    before_private()
    with _private_client() as client:
        yield client


def _found() -> "Client | None":
    from service.local.service_file import find_running_service, read_kept_key
    from service.settings import data_directory
    from tokencast.client import Client, Unreachable

    url, key = os.environ.get("TOKENCAST_URL"), os.environ.get("TOKENCAST_API_KEY")
    data_dir = data_directory()
    running = find_running_service(data_dir)
    if not url and running is None:
        return None
    if not key and running is not None and (not url or url.rstrip("/") == running.url):
        key = read_kept_key(data_dir)
        if key is None:
            raise Failure(f"{data_dir / 'key'} is missing: restart `tokencast up`, or set TOKENCAST_API_KEY")
    if not key:
        raise BadInput("TOKENCAST_API_KEY", "must be set beside TOKENCAST_URL")
    try:
        return Client(url or (running.url if running else ""), key)
    except Unreachable as error:
        raise BadInput("TOKENCAST_URL", str(error)) from None


@contextlib.contextmanager
def _private_client() -> Iterator["Client"]:
    from service.local.data_directory import StartRefusedError
    from service.local.first_key import ensure_first_key
    from service.local.stop_signals import StopRequested
    from service.local.supervisor import ChildFailedError
    from service.local.up import private_service, report_to_stderr
    from tokencast.client import Client

    report_to_stderr("no service runs here: starting a private one for this command")
    try:
        with (
            private_service(first_key=ensure_first_key, report=report_to_stderr) as (url, key),
            Client(url, key) as client,
        ):
            yield client
    except (StartRefusedError, ChildFailedError) as error:
        raise Failure(str(error)) from None
    except StopRequested:
        raise Failure("stopped before the end") from None
