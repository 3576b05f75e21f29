"""Versions of budgets: put forward, submitted, approved, and held against what is forecast."""

from typing import TYPE_CHECKING

import click

from service.cli.commands.budgets.options import BUDGET, JSON
from service.cli.commands.plans import print_json
from service.cli.connection import running_service_client
from service.cli.failures import answers_reported, plain

if TYPE_CHECKING:
    from tokencast.client import Client
    from tokencast.client.shapes.budgets import BudgetVersionOut
    from tokencast.client.versions import Held

_STATUSES = ("draft", "submitted", "approved", "superseded")

_REASON = click.option("--reason", required=True, help="Why; it is kept with the budget.")
_VERSION = click.option("--version", type=int, help="Only if the budget is still at this version.")


@click.command("list")
@click.option("--name", help="Only the versions of this budget.")
@click.option("--status", type=click.Choice(_STATUSES), help="Only those in this status.")
@click.option("--json", "as_json", is_flag=True, help="Print the budgets as JSON.")
def list_budgets(*, name: str | None, status: str | None, as_json: bool) -> None:
    """List the versions of budgets, the newest first."""
    with answers_reported("budgets list"), running_service_client() as client:
        found = list(client.budgets.each(name=name, status=status))
    if as_json:
        print_json({"items": found})
        return
    from service.cli.screen import results
    from service.cli.tables.budget_comparison import print_budgets

    print_budgets(found, results())


@click.command()
@BUDGET
@click.option("--forecast", metavar="ID", help="Compare with this forecast; by default the newest that covers it.")
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON.")
def show(budget_id: str, *, forecast: str | None, as_json: bool) -> None:
    """Show budget, forecast and variance side by side, month by month.

    A variance above zero is over budget. Actual cost stands in the place of the forecast once a month has ended.
    """
    with answers_reported("budgets show"), running_service_client() as client:
        found = client.budgets.compare(budget_id, forecast_id=forecast)
    if as_json:
        print_json(found)
        return
    from service.cli.screen import results
    from service.cli.tables.budget_comparison import print_comparison

    print_comparison(found, results())


@click.command()
@click.argument("forecast_id", metavar="FORECAST")
@click.option("--name", required=True, help="The budget it is a version of, such as fy27.")
@click.option("--note", default="", help="What it is about.")
@JSON
def draft(forecast_id: str, *, name: str, note: str, as_json: bool) -> None:
    """Put a finished FORECAST forward as the next version of a budget."""
    with answers_reported("budgets draft"), running_service_client() as client:
        made = client.budgets.create({"name": name, "forecast_id": forecast_id, "note": note})
    _told(made, as_json=as_json)


@click.command()
@BUDGET
@_REASON
@_VERSION
@JSON
def submit(budget_id: str, *, reason: str, version: int | None, as_json: bool) -> None:
    """Submit a draft for approval."""
    with answers_reported("budgets submit"), running_service_client() as client:
        moved = client.budgets.submit(_held(client, budget_id, version), reason)
    _told(moved, as_json=as_json)


@click.command()
@BUDGET
@_REASON
@_VERSION
@JSON
def approve(budget_id: str, *, reason: str, version: int | None, as_json: bool) -> None:
    """Approve a submitted budget: it is locked, and supersedes the version of its name approved before."""
    with answers_reported("budgets approve"), running_service_client() as client:
        moved = client.budgets.approve(_held(client, budget_id, version), reason)
    _told(moved, as_json=as_json)


@click.command("return")
@BUDGET
@_REASON
@_VERSION
@JSON
def return_(budget_id: str, *, reason: str, version: int | None, as_json: bool) -> None:
    """Make a submitted budget a draft again, so that it can be changed."""
    with answers_reported("budgets return"), running_service_client() as client:
        moved = client.budgets.return_(_held(client, budget_id, version), reason)
    _told(moved, as_json=as_json)


@click.command()
@BUDGET
@_VERSION
def delete(budget_id: str, *, version: int | None) -> None:
    """Delete a draft."""
    with answers_reported("budgets delete"), running_service_client() as client:
        client.budgets.delete(_held(client, budget_id, version))
    click.echo(f"deleted {budget_id}")


def _held(client: "Client", budget_id: str, version: int | None) -> "Held":
    """The budget as somebody read it who named its version, else as it is now."""
    return client.budgets.get(budget_id) if version is None else {"id": budget_id, "version": version}


def _told(budget: "BudgetVersionOut", *, as_json: bool) -> None:
    if as_json:
        print_json(budget)
        return
    from service.wording.amounts import money

    click.echo(
        f"{plain(budget['name'])} version {budget['number']} is {budget['status']}: "
        f"{money(budget['amount'])} {budget['currency']} ({budget['id']})"
    )
