"""`tokencast backtest`: the kernel's own methods and their rivals, scored on evidence."""

import click

from service.cli.commands.backtest_prices import prices
from service.cli.commands.backtest_uplift import uplift


@click.group(short_help="Score the forecasting methods on evidence.")
def backtest() -> None:
    """Score the kernel's own methods and their naive rivals on the packaged evidence, or on a file of the same columns.

    Every score uses only what was known at the time, or from other sources. The result goes to standard output,
    progress to standard error.
    """


for command in (prices, uplift):
    backtest.add_command(command)
