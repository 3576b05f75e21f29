"""The processes of a deployment, which docker-compose.yml runs: `tokencast migrate`, `serve`, `worker` and so on.

The long-running four become the server they start, so that signals and exit codes are its own.
"""

import os
import sys
from typing import TYPE_CHECKING, NoReturn

import click

from service.cli.failures import BadInput, Failure

if TYPE_CHECKING:
    from service.settings import Settings

_SETTINGS = "It needs TOKENCAST_DATABASE_URL and TOKENCAST_REDIS_URL."


@click.command(short_help="Deployment: bring the database up to date.")
def migrate() -> None:
    """Bring the database to this version: its tables, and the packaged price catalogue.

    It needs TOKENCAST_DATABASE_URL and TOKENCAST_REDIS_URL. With TOKENCAST_SUPERUSER_URL set, it first makes the role
    and the database that TOKENCAST_DATABASE_URL names. Running it again changes nothing.
    """
    import psycopg
    from sqlalchemy.exc import OperationalError

    from service.local.migration import main

    try:
        code = main()
    except OperationalError as error:
        raise Failure(f"the database cannot be reached: {error.orig}") from None
    except psycopg.OperationalError as error:
        raise Failure(f"the database cannot be reached: {error}") from None
    sys.exit(code)


@click.command(
    short_help="Deployment: run the HTTP API.", help=f"Run the HTTP API until it is told to stop. {_SETTINGS}"
)
@click.option("--host", help="The address to listen at; by default TOKENCAST_HOST or 127.0.0.1.")
@click.option("--port", type=click.IntRange(1, 65535), help="The port; by default TOKENCAST_PORT or 8351.")
def serve(host: str | None, port: int | None) -> None:
    from service.local.entry_points import api_command

    settings = _settings()
    _become(api_command(host or settings.host, port or settings.port))


@click.command(
    short_help="Deployment: run a worker that computes forecasts.",
    help=f"Run a worker that computes forecasts until it is told to stop. {_SETTINGS} "
    "TOKENCAST_WORKER_PROCESSES says how many at a time.",
)
def worker() -> None:
    from service.local.entry_points import worker_command

    _become(worker_command(_settings()))


@click.command(
    short_help="Deployment: run what delivers webhooks.",
    help=f"Deliver events to webhooks until it is told to stop. {_SETTINGS} "
    "TOKENCAST_WEBHOOK_ALLOWED_NETWORKS lists private networks that events may go to, here and for `serve`.",
)
def deliverer() -> None:
    from service.local.entry_points import deliverer_command

    _settings()
    _become(deliverer_command())


@click.command(
    short_help="Deployment: run the scheduler.",
    help=f"Run the scheduler, which repeats lost work and keeps house, until it is told to stop. {_SETTINGS}",
)
def scheduler() -> None:
    from service.local.entry_points import scheduler_command

    _settings()
    _become(scheduler_command())


def _settings() -> "Settings":
    from service.settings import read_settings

    try:
        return read_settings()
    except ValueError as error:
        raise BadInput("settings", str(error)) from None


def _become(command: tuple[str, ...]) -> NoReturn:
    os.execv(command[0], command)  # noqa: S606 - our own command, without a shell
