"""Arguments and options that the commands about budgets share."""

import click

BUDGET = click.argument("budget_id", metavar="BUDGET")
JSON = click.option("--json", "as_json", is_flag=True, help="Print the service's answer as JSON.")
