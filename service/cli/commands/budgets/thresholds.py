"""Thresholds of a budget: added, listed with what they raised, removed."""

from typing import TYPE_CHECKING, Literal

import click

from service.cli.commands.budgets.options import BUDGET, JSON
from service.cli.commands.plans import print_json
from service.cli.connection import running_service_client
from service.cli.failures import answers_reported, plain

if TYPE_CHECKING:
    from tokencast.client.shapes.budgets import ThresholdIn, ThresholdOut


@click.group(short_help="Be told when a budget is used up, or will be.")
def threshold() -> None:
    """Be told when cost reaches a part of a budget. Thresholds go on with the next version of the budget."""


@threshold.command()
@BUDGET
@click.option("--fraction", help="Of the budget; 0.8 is 80 %.")
@click.option("--amount", help="Or an amount in the budget's currency.")
@click.option(
    "--measure",
    type=click.Choice(["actual", "forecast"]),
    default="actual",
    show_default=True,
    help="Cost recorded so far, or with it what is forecast of the remaining months.",
)
@click.option(
    "--period",
    type=click.Choice(["total", "month"]),
    default="total",
    show_default=True,
    help="Of the whole budget, or of each month.",
)
@JSON
def add(
    budget_id: str,
    *,
    fraction: str | None,
    amount: str | None,
    measure: Literal["actual", "forecast"],
    period: Literal["total", "month"],
    as_json: bool,
) -> None:
    """Watch BUDGET for a fraction of it, or for an amount."""
    sent: ThresholdIn = {"fraction": fraction, "amount": amount, "measure": measure, "period": period}
    with answers_reported("budgets threshold add"), running_service_client() as client:
        made = client.thresholds.add(budget_id, sent)
    if as_json:
        print_json(made)
    else:
        click.echo(f"{plain(made['budget_name'])} is watched for {_limit(made)} ({made['id']})")


@threshold.command("list")
@BUDGET
@JSON
def list_thresholds(budget_id: str, *, as_json: bool) -> None:
    """List the thresholds of BUDGET, and since when each is crossed."""
    with answers_reported("budgets threshold list"), running_service_client() as client:
        found = client.thresholds.all_of(budget_id)
        alerts = client.thresholds.alerts(budget_id)
    if as_json:
        print_json({"items": found, "alerts": alerts})
        return
    from service.cli.screen import money, results, table

    shown = table("", "Id", "Watched for", "Limit", "Reached", "Crossed", numbers=0)
    shown.columns[0].no_wrap = True
    for column in shown.columns[2:4]:
        column.justify = "right"
    for one in found:
        # The newest crossing comes first; one that was cleared since is over.
        crossed = [alert for alert in alerts if alert["threshold_id"] == one["id"] and alert["cleared_at"] is None]
        if not crossed:
            shown.add_row(one["id"], _limit(one), "", "", "")
        for alert in crossed:
            of_month = f" of {alert['month']}" if alert["month"] else ""
            when = alert["crossed_at"][:10] + of_month
            shown.add_row(one["id"], _limit(one), money(alert["limit"]), money(alert["value"]), when)
    results().print(shown)


@threshold.command()
@BUDGET
@click.argument("threshold_id", metavar="THRESHOLD")
def remove(budget_id: str, threshold_id: str) -> None:
    """Remove THRESHOLD from BUDGET; the alerts that it raised stay."""
    with answers_reported("budgets threshold remove"), running_service_client() as client:
        client.thresholds.remove(budget_id, threshold_id)
    click.echo(f"removed {plain(threshold_id)}")


def _limit(made: "ThresholdOut") -> str:
    from service.cli.screen import money, percent

    if made["fraction"] is not None:
        part = "a month" if made["period"] == "month" else "the budget"
        return f"{made['measure']} at {percent(float(made['fraction']))} of {part}"
    return (
        f"{made['measure']} at {money(made['amount'] or '0')} in {'a month' if made['period'] == 'month' else 'total'}"
    )
