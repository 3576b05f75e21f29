"""`tokencast negotiate`: what can be asked of a plan's providers, worked out here without any service."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.cli.failures import BadInput, Failure

if TYPE_CHECKING:
    from service.schemas.explained.negotiation import NegotiationOut


@click.command(short_help="What can be asked of a provider, and when to walk away.")
@click.argument("plan", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--provider", metavar="NAME", help="This provider alone; by default every provider that the plan pays.")
@click.option("--json", "as_json", is_flag=True, help="Print the briefs as JSON instead of tables.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write the brief as a page to print; needs --provider where the plan pays several.",
)
def negotiate(plan: Path, *, provider: str | None, as_json: bool, out: Path | None) -> None:
    """Show what PLAN spends with a provider, what discount evidence supports, and what else the requests would cost.

    PLAN is a YAML or JSON file, or - for standard input. Nothing is stored and no service is needed; prices come from
    the plan and the packaged catalogue.
    """
    briefs = _briefs(plan, provider)
    if out is not None:
        if len(briefs) != 1:
            names = ", ".join(brief.provider for brief in briefs)
            raise BadInput("--out", f"is one page for one provider; choose it with --provider: {names}")
        _write(out, briefs[0], plan)
    if as_json:
        import msgspec

        from service.cli.commands.plans import print_json
        from service.schemas.explained.negotiation import NegotiationsOut

        print_json(msgspec.json.encode(NegotiationsOut(briefs=tuple(briefs))))
        return
    from service.cli.screen import results
    from service.cli.tables.negotiation import print_brief

    for brief in briefs:
        print_brief(brief, results())


def _briefs(path: Path, provider: str | None) -> "list[NegotiationOut]":
    from forecasts.errors import Problem
    from forecasts.explain.negotiation.brief import NotPaid, negotiation_briefs
    from service.cli.local_plan import read_local_plan
    from service.cli.screen import working
    from service.schemas.explained.negotiation import negotiation_out

    checked = read_local_plan(path)
    with working("weighing the alternatives"):
        try:
            briefs = [negotiation_out(brief) for brief in negotiation_briefs(checked, provider)]
        except NotPaid as unpaid:
            raise BadInput(str(path), [Problem(pointer="--provider", detail=str(unpaid))]) from None
    if not briefs:
        raise BadInput(str(path), [Problem(pointer="/workloads", detail="send no request to any provider")])
    return briefs


def _write(path: Path, brief: "NegotiationOut", plan: Path) -> None:
    from service.printing.negotiation import negotiation_page
    from tokencast.whole_files import write_whole

    try:
        with write_whole(path) as file:
            file.write(negotiation_page(brief, subject=f"Plan {plan.name}").encode())
    except OSError as error:
        raise Failure(f"{path} could not be written: {error.strerror}") from None
    click.echo(f"tokencast: {path} written", err=True)
