"""`tokencast backtest`: the kernel's own methods and their naive rivals, scored on evidence."""

import click

from service.cli.commands.backtest_uplift import uplift


@click.group(short_help="Score our methods and naive rivals on evidence.")
def backtest() -> None:
    """Score the kernel's own methods and their naive rivals, on the packaged evidence or on your file of its columns.

    No service is needed.
    """


for command in (uplift,):
    backtest.add_command(command)
