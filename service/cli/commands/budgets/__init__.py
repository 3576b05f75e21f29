"""`tokencast budgets`: what was promised, who agreed to it, and how it stands."""

import click

from service.cli.commands.budgets.comments import comment
from service.cli.commands.budgets.overrides import override
from service.cli.commands.budgets.thresholds import threshold
from service.cli.commands.budgets.versions import approve, delete, draft, list_budgets, return_, show, submit


@click.group(short_help="Submit, approve and compare budgets.")
def budgets() -> None:
    """Put forecasts forward as budgets, approve them, and hold them against what is forecast now.

    \b
    A budget goes through these steps:
      tokencast budgets draft FORECAST --name fy27
      tokencast budgets submit BUDGET --reason "..."
      tokencast budgets approve BUDGET --reason "..."     (a key with the scope approve)

    \b
    A draft is changed, and an approved budget is watched:
      tokencast budgets override add BUDGET --month 2027-03 --amount 12000 --reason "..."
      tokencast budgets comment BUDGET "..." --month 2027-03
      tokencast budgets threshold add BUDGET --fraction 0.9
    """


for command in (list_budgets, show, draft, submit, approve, return_, delete, override, comment, threshold):
    budgets.add_command(command)
