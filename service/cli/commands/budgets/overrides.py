"""Overrides of a draft: made, listed, withdrawn."""

from typing import TYPE_CHECKING

import click

from service.cli.commands.budgets.options import BUDGET, JSON
from service.cli.commands.plans import print_json
from service.cli.connection import running_service_client
from service.cli.failures import answers_reported, plain

if TYPE_CHECKING:
    from tokencast.client.shapes.budgets import OverrideIn, OverrideOut


@click.group(short_help="Budget months or lines of a draft at another amount.")
def override() -> None:
    """Budget a month or a line of a draft at another amount; what was computed is kept beside it."""


@override.command()
@BUDGET
@click.option("--month", metavar="MONTH", help="The month, such as 2027-03.")
@click.option("--line", metavar="ID", help="Or a line of the budget's forecast.")
@click.option("--amount", required=True, help="What it is budgeted at, in the budget's currency.")
@click.option("--reason", required=True, help="Why; it is kept with the override.")
@click.option("--expires-on", metavar="DATE", help="The last day on which it counts.")
@JSON
def add(
    budget_id: str,
    *,
    month: str | None,
    line: str | None,
    amount: str,
    reason: str,
    expires_on: str | None,
    as_json: bool,
) -> None:
    """Override a month or a line of the draft BUDGET."""
    sent: OverrideIn = {
        "month": month,
        "line": line,
        "amount": amount,
        "reason": reason,
        "expires_on": expires_on,
    }
    with answers_reported("budgets override add"), running_service_client() as client:
        made = client.overrides.add(budget_id, sent)
    if as_json:
        print_json(made)
    else:
        amounts = f"{_money(made['amount'])}, not {_money(made['original'])}"
        click.echo(f"{_what(made)} is budgeted at {amounts} ({made['id']})")


@override.command("list")
@BUDGET
@JSON
def list_overrides(budget_id: str, *, as_json: bool) -> None:
    """List the overrides of BUDGET in the order they were made, withdrawn and expired ones too."""
    with answers_reported("budgets override list"), running_service_client() as client:
        found = client.overrides.all_of(budget_id)
    if as_json:
        print_json({"items": found})
        return
    from rich.text import Text

    from service.cli.screen import results, table

    shown = table("", "Id", "What", "Computed", "Budgeted", "State", "Reason", numbers=0)
    shown.columns[0].no_wrap = True
    for column in shown.columns[2:4]:
        column.justify = "right"
    for one in found:
        amounts = (_money(one["original"]), _money(one["amount"]))
        shown.add_row(one["id"], _what(one), *amounts, _state(one), Text(plain(one["reason"])))
    results().print(shown)


@override.command()
@BUDGET
@click.argument("override_id", metavar="OVERRIDE")
@JSON
def withdraw(budget_id: str, override_id: str, *, as_json: bool) -> None:
    """Withdraw OVERRIDE of the draft BUDGET: the computed amount counts again."""
    with answers_reported("budgets override withdraw"), running_service_client() as client:
        withdrawn = client.overrides.withdraw(budget_id, override_id)
    if as_json:
        print_json(withdrawn)
    else:
        click.echo(f"{_what(withdrawn)} is budgeted at {_money(withdrawn['original'])} again")


def _what(made: "OverrideOut") -> str:
    return made["month"] if made["line"] is None else f"{made['month']} line {made['line']}"


def _state(made: "OverrideOut") -> str:
    if made["withdrawn_at"] is not None:
        return "withdrawn"
    if not made["in_force"]:
        return "expired"
    return "in force" if made["expires_on"] is None else f"until {made['expires_on']}"


def _money(amount: str) -> str:
    from service.cli.screen import money

    return money(amount)
