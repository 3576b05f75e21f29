"""`tokencast up`: the whole service on this machine, with a demonstration."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.cli.failures import BadInput, Failure, answers_reported

if TYPE_CHECKING:
    from service.local.up import UpService
    from tokencast.client import Client

_DEFAULT_PORT = 8351


@click.command(short_help="Run the whole service on this machine.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=_DEFAULT_PORT,
    show_default=True,
    help="Port of the API; 0 takes a free one.",
)
@click.option(
    "--data",
    "data_dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for everything that is kept. Default: TOKENCAST_DATA_DIR, or a folder of this user.",
)
@click.option(
    "--demo/--no-demo", default=True, help="Apply and forecast examples/acme.yaml at the start (the default)."
)
def up(port: int, data_dir: Path | None, *, demo: bool) -> None:
    """Run the whole service on this machine until Ctrl-C: Postgres, Redis, API, worker and scheduler.

    Nothing but this package is needed; everything listens on 127.0.0.1 only and keeps its data in one folder, where
    the next start finds it again. TOKENCAST_DATABASE_URL and TOKENCAST_REDIS_URL name servers to use instead of the
    embedded ones.
    """
    from sqlalchemy.exc import OperationalError

    from service.local.first_key import ensure_first_key
    from service.local.up import run_up
    from service.settings import data_directory

    _check_settings()

    def on_ready(service: "UpService") -> None:
        if demo:
            _demonstrate(service)
        _print_address(service)

    try:
        code = run_up(data_dir or data_directory(), first_key=ensure_first_key, on_ready=on_ready, port=port)
    except OperationalError as error:
        raise Failure(f"the database cannot be reached: {error.orig}") from None
    sys.exit(code)


def example_plan() -> Path | None:
    """The plan of the demonstration, which lies beside the packages in a checkout; None where there is none."""
    import service

    path = Path(service.__file__).parent.parent / "examples" / "acme.yaml"
    return path if path.is_file() else None


def _check_settings() -> None:
    from service.settings import read_settings

    embedded = {"TOKENCAST_DATABASE_URL": "postgresql://embedded", "TOKENCAST_REDIS_URL": "redis://embedded"}
    try:
        read_settings({**embedded, **{name: value for name, value in os.environ.items() if value}})
    except ValueError as error:
        raise BadInput("settings", str(error)) from None


def _demonstrate(service: "UpService") -> None:
    from tokencast.client import Client

    path = example_plan()
    if path is None:
        click.echo("tokencast: the example plan is not installed here, so there is no demonstration", err=True)
        return
    try:
        with answers_reported(str(path)), Client(service.url, service.api_key) as client:
            _apply_and_forecast(client, path)
    except click.ClickException as error:
        # The service itself is well, so it stays up.
        error.show()
        click.echo("tokencast: the demonstration failed, the service runs on", err=True)


def _apply_and_forecast(client: "Client", path: Path) -> None:
    from service.cli.commands.plans import encoded, forecast_plan, print_changes, read_plan_file
    from service.cli.screen import results
    from service.cli.tables.budgets import print_budget

    # A name of its own, so that it never takes the place of the user's plan that has none.
    document = {"name": path.stem, **read_plan_file(path)}
    plan = encoded(document)
    print_changes(client.plans.apply(plan))
    result = forecast_plan(client, plan)
    if result["status"] != "succeeded":
        raise Failure(f"the forecast of the example has {result['status']}")
    print_budget(result, results())


def _print_address(service: "UpService") -> None:
    from service.local.data_directory import DataDirectory
    from service.settings import data_directory

    found = data_directory().absolute() == service.data_dir
    where = "by itself" if found else f"with TOKENCAST_DATA_DIR={service.data_dir}"
    click.echo(f"\nTokencast is at {service.url} (its description for programs: {service.url}/schema)")
    if (link := _sign_in_link(service)) is not None:
        click.echo(f"Sign in to the console, once and within 15 minutes: {link}")
        click.echo("The command `tokencast sign-in` prints another such link.")
    click.echo(f"The API key is in {DataDirectory(service.data_dir).key_file}; the command line finds it {where}.")
    click.echo("Ctrl-C stops everything.")


def _sign_in_link(service: "UpService") -> str | None:
    from tokencast.client import Client

    try:
        with answers_reported("sign-in"), Client(service.url, service.api_key) as client:
            return str(client.sign_in_links.create()["url"])
    except click.ClickException as error:
        error.show()
        return None
