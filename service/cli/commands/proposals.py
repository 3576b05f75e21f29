"""`tokencast proposals`: what public catalogues propose, and the decision about it."""

from typing import TYPE_CHECKING, Literal

import click

from service.cli.connection import running_service_client
from service.cli.failures import answers_reported, plain

if TYPE_CHECKING:
    from tokencast.client.shapes.prices import ProposalDecisionIn, ProposalDecisionOut

STATUSES = ("open", "accepted", "rejected", "superseded")

_IDS = click.argument("ids", metavar="[ID]...", nargs=-1)
_MODEL = click.option("--model", metavar="PROVIDER/MODEL", help="All open proposals for a model, instead of IDs.")
_OF_MODEL = click.option("--model", metavar="PROVIDER/MODEL", help="Only those for a model.")


@click.group(short_help="Review the prices that imported catalogues propose.")
def proposals() -> None:
    """Review the prices that `tokencast import prices` proposed.

    Nothing is forecast with a proposal: accepted, it becomes a row of the price book, known from that moment on.
    """


@proposals.command("list")
@click.option("--status", type=click.Choice(STATUSES), default="open", show_default=True, help="Which ones.")
@_OF_MODEL
@click.option("--json", "as_json", is_flag=True, help="Print the proposals as JSON.")
def list_proposals(*, status: str, model: str | None, as_json: bool) -> None:
    """List proposals beside the price that was in force when they were made."""
    provider, name = (None, None) if model is None else _named(model)
    with answers_reported("proposals list"), running_service_client() as client:
        found = list(client.proposals.each(status=status, provider=provider, model=name))
    if as_json:
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode({"items": found}), indent=2))
        return
    from rich.text import Text

    from service.cli.screen import results, table

    # Two lines for each, so that neither a model nor an id is broken and both can be copied into `accept`.
    shown = table("", "Model and id", "Meter", "From, by", "Now", "Then", numbers=2)
    shown.columns[0].no_wrap = True
    for one in found:
        conditions = "" if one["service_tier"] == "standard" else f" {one['service_tier']}"
        if one["prompt_tokens_from"]:
            conditions += f" from {one['prompt_tokens_from']:,} tokens"
        current = "" if one["current_rate"] is None else f"{one['current_rate']} per {one['current_per_tokens']:,}"
        shown.add_row(
            Text(plain(f"{one['provider']}/{one['model']}") + f"\n{one['id']}"),
            one["meter"] + conditions,
            f"{one['effective_from'][:10]}\n{one['format']}",
            current,
            f"{one['rate']} per {one['per_tokens']:,}",
        )
    console = results()
    if found:
        console.print(shown)
    console.print(f"{len(found)} {status}")


@proposals.command()
@_IDS
@_MODEL
def accept(ids: tuple[str, ...], model: str | None) -> None:
    """Accept the proposals with these IDs, or all open ones of a model: all of them or none."""
    decided = _decide("accept", ids, model)
    click.echo(f"{decided['decided']} accepted, {decided['inserted']} rows added to the price book")


@proposals.command()
@_IDS
@_MODEL
def reject(ids: tuple[str, ...], model: str | None) -> None:
    """Reject the proposals with these IDs, or all open ones of a model; the same is not proposed again."""
    click.echo(f"{_decide('reject', ids, model)['decided']} rejected")


def _decide(decision: Literal["accept", "reject"], ids: tuple[str, ...], model: str | None) -> "ProposalDecisionOut":
    if bool(ids) == (model is not None):
        raise click.UsageError("give the IDs of proposals, or --model PROVIDER/MODEL")
    which: ProposalDecisionIn = {"ids": list(ids)}
    if model is not None:
        provider, name = _named(model)
        which = {"provider": provider, "model": name}
    with answers_reported(f"proposals {decision}"), running_service_client() as client:
        return client.proposals.accept(which) if decision == "accept" else client.proposals.reject(which)


def _named(model: str) -> tuple[str, str]:
    provider, _, name = model.partition("/")
    if not provider or not name:
        raise click.BadParameter(f"{model!r} must be written as provider/model", param_hint="--model")
    return provider, name
