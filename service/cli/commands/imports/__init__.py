"""`tokencast import`: what others keep, into the running service."""

import click

from service.cli.commands.imports.prices import prices
from service.cli.commands.imports.usage import usage


@click.group("import", short_help="Import prices and recorded usage from files.")
def import_() -> None:
    """Import what others keep into the running service."""


for command in (prices, usage):
    import_.add_command(command)
