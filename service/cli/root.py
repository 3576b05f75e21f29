"""The command `tokencast` and the list of its subcommands."""

import sys

import click

from service.cli.commands.backtest import backtest
from service.cli.commands.bridge import bridge
from service.cli.commands.budgets import budgets
from service.cli.commands.compare import compare
from service.cli.commands.decoders import decoders
from service.cli.commands.explain import explain
from service.cli.commands.export import export
from service.cli.commands.imports import import_
from service.cli.commands.keys import keys
from service.cli.commands.negotiate import negotiate
from service.cli.commands.plan_fleet import plan
from service.cli.commands.plans import apply, forecast
from service.cli.commands.prices import prices
from service.cli.commands.processes import migrate, scheduler, serve, worker
from service.cli.commands.proposals import proposals
from service.cli.commands.schedule import schedule
from service.cli.commands.sign_in import sign_in
from service.cli.commands.up import up


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done; 1 a forecast failed or a server could not be reached; 2 bad input.",
)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=lambda *given: _show_version(*given),
    help="Show the version and exit.",
)
def main() -> None:
    """Annual budgets for LLM inference, from workloads, GPU fleets and dated prices.

    \b
    Try it:
      tokencast up                                  everything on this machine, with an example
      tokencast forecast examples/article.yaml      the budget of one plan file

    \b
    The commands apply, budgets, export, forecast, import, keys, schedule and sign-in talk to
      1. the service at TOKENCAST_URL, with the key in TOKENCAST_API_KEY, or
      2. the service that `tokencast up` keeps running on this machine.
    The command forecast starts a private service for its own length when there is neither.
    """
    for stream in (sys.stdout, sys.stderr):
        # A name that the terminal's encoding lacks must not end a command halfway.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _show_version(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - click's own signature
    if wanted and not context.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"tokencast {version('tokencast')}")
        context.exit()


COMMANDS = (
    up,
    forecast,
    apply,
    compare,
    bridge,
    plan,
    explain,
    negotiate,
    prices,
    export,
    backtest,
    decoders,
    import_,
    proposals,
    budgets,
    keys,
    sign_in,
    schedule,
    migrate,
    serve,
    worker,
    scheduler,
)

for command in COMMANDS:
    main.add_command(command)
