"""Comments on the variance of a budget."""

from typing import TYPE_CHECKING

import click

from service.cli.commands.budgets.options import BUDGET, JSON
from service.cli.commands.plans import print_json
from service.cli.connection import running_service_client
from service.cli.failures import answers_reported, plain

if TYPE_CHECKING:
    from tokencast.client.shapes.budgets import CommentIn


@click.command()
@BUDGET
@click.argument("text")
@click.option("--month", metavar="MONTH", help="The month that is explained, such as 2027-03; else the whole budget.")
@JSON
def comment(budget_id: str, text: str, *, month: str | None, as_json: bool) -> None:
    """Explain a variance of BUDGET: `tokencast budgets show` prints TEXT beside it."""
    sent: CommentIn = {"comment": text, "month": month}
    with answers_reported("budgets comment"), running_service_client() as client:
        made = client.budgets.comment(budget_id, sent)
    if as_json:
        print_json(made)
    else:
        click.echo(f"{made['month'] or 'the whole budget'}: {plain(made['comment'])}")
