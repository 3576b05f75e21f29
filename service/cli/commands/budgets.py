"""`tokencast budgets`: versions of budgets put forward, submitted, approved, and held against what is forecast."""

from typing import Any

import click

from service.cli.connection import running_service_client
from service.cli.failures import answers_reported, plain

_STATUSES = ("draft", "submitted", "approved", "superseded")


@click.group(short_help="Submit, approve and compare budgets.")
def budgets() -> None:
    """Put forecasts forward as budgets, approve them, and hold them against what is forecast now.

    \b
    A budget goes through these steps:
      tokencast budgets draft FORECAST --name fy27
      tokencast budgets submit BUDGET --reason "..."
      tokencast budgets approve BUDGET --reason "..."     (a key with the scope approve)
    """


@budgets.command("list")
@click.option("--name", help="Only the versions of this budget.")
@click.option("--status", type=click.Choice(_STATUSES), help="Only those in this status.")
@click.option("--json", "as_json", is_flag=True, help="Print the budgets as JSON.")
def list_budgets(*, name: str | None, status: str | None, as_json: bool) -> None:
    """List the versions of budgets, the newest first."""
    with answers_reported("budgets list"), running_service_client() as client:
        found = client.list_budgets(name=name, status=status)
    if as_json:
        _print_json({"items": found})
        return
    from service.cli.screen import results
    from service.cli.tables.budget_comparison import print_budgets

    print_budgets(found, results())


@budgets.command()
@click.argument("budget_id", metavar="BUDGET")
@click.option("--forecast", metavar="ID", help="Compare with this forecast; by default the newest that covers it.")
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON.")
def show(budget_id: str, *, forecast: str | None, as_json: bool) -> None:
    """Show budget, forecast and variance side by side, month by month.

    A variance above zero is over budget. Actual cost stands in the place of the forecast once a month has ended.
    """
    with answers_reported("budgets show"), running_service_client() as client:
        found = client.compare_budget(budget_id, forecast=forecast)
    if as_json:
        _print_json(found)
        return
    from service.cli.screen import results
    from service.cli.tables.budget_comparison import print_comparison

    print_comparison(found, results())


@budgets.command()
@click.argument("forecast_id", metavar="FORECAST")
@click.option("--name", required=True, help="The budget it is a version of, such as fy27.")
@click.option("--note", default="", help="What it is about.")
@click.option("--json", "as_json", is_flag=True, help="Print the service's answer as JSON.")
def draft(forecast_id: str, *, name: str, note: str, as_json: bool) -> None:
    """Put a finished FORECAST forward as the next version of a budget."""
    sent = {"name": name, "forecast_id": forecast_id, "note": note}
    with answers_reported("budgets draft"), running_service_client() as client:
        made = client.create_budget(sent)
    _told(made, as_json=as_json)


@budgets.command()
@click.argument("budget_id", metavar="BUDGET")
@click.option("--reason", required=True, help="Why; it is kept with the budget.")
@click.option("--version", "version", type=int, help="Only if the budget is still at this version.")
@click.option("--json", "as_json", is_flag=True, help="Print the service's answer as JSON.")
def submit(budget_id: str, *, reason: str, version: int | None, as_json: bool) -> None:
    """Submit a draft for approval."""
    with answers_reported("budgets submit"), running_service_client() as client:
        moved = client.move_budget(budget_id, "submit", reason, version=version)
    _told(moved, as_json=as_json)


@budgets.command()
@click.argument("budget_id", metavar="BUDGET")
@click.option("--reason", required=True, help="Why; it is kept with the budget.")
@click.option("--version", "version", type=int, help="Only if the budget is still at this version.")
@click.option("--json", "as_json", is_flag=True, help="Print the service's answer as JSON.")
def approve(budget_id: str, *, reason: str, version: int | None, as_json: bool) -> None:
    """Approve a submitted budget: it is locked, and supersedes the version of its name approved before."""
    with answers_reported("budgets approve"), running_service_client() as client:
        moved = client.move_budget(budget_id, "approve", reason, version=version)
    _told(moved, as_json=as_json)


def _told(budget: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        _print_json(budget)
        return
    from service.wording.amounts import money

    click.echo(
        f"{plain(budget['name'])} version {budget['number']} is {budget['status']}: "
        f"{money(budget['amount'])} {budget['currency']} ({budget['id']})"
    )


def _print_json(document: object) -> None:
    import msgspec

    click.echo(msgspec.json.format(msgspec.json.encode(document), indent=2))
