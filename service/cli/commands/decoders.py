"""`tokencast decoders`: the packaged decoder presets, and a check of what their figures rest on. No service needed."""

import sys
from typing import TYPE_CHECKING

import click

from service.cli.failures import BadInput

if TYPE_CHECKING:
    from forecasts.catalog.decoders import DecoderPreset, Range

_AT = {
    "equal_concurrency": "{at:g} requests per GPU",
    "matched_speed": "{at:g} tok/s/user",
    "matched_throughput": "MTP-1 at {at:g} tok/s/user",
}
_GAIN_OF = {
    "equal_concurrency": "throughput, equal concurrency",
    "matched_speed": "throughput, matched speed",
    "matched_throughput": "speed, matched throughput",
}


@click.group(invoke_without_command=True, short_help="List decoder presets, and check their figures.")
@click.option("--json", "as_json", is_flag=True, help="Print every preset as JSON, as GET /v1/decoders answers.")
@click.pass_context
def decoders(context: click.Context, *, as_json: bool) -> None:
    """List the decoder presets that a fleet's `decoder.preset` can name, with their packaged ranges.

    A range is low / most likely / high: of the acceptance of the first draft token, or of a speedup. A fleet's own
    measured point is better than any of them.
    """
    if context.invoked_subcommand is not None:
        if as_json:
            raise click.UsageError("--json belongs behind the subcommand")
        return
    from forecasts.catalog.decoders import load_decoders

    if as_json:
        from service.schemas.decoders.preset import decoder_presets

        _print_json(decoder_presets(load_decoders()))
        return
    from service.cli.screen import results, table

    shown = table("", "Preset", "What it is", "Range", "Hardware", "Models", "Draft", numbers=1)
    for preset in load_decoders():
        models = ", ".join(preset.model_families) or "any"
        shown.add_row(preset.preset, preset.title, _range(preset), preset.hardware_class, models, _draft_length(preset))
    results().print(shown)


@decoders.command()
@click.argument("preset")
@click.option("--json", "as_json", is_flag=True, help="Print the preset as JSON, as GET /v1/decoders/PRESET answers.")
def show(preset: str, *, as_json: bool) -> None:
    """Show all about one PRESET: what it assumes, its limits, and where its figures are from."""
    from forecasts.speculation.presets import UnknownPreset, find_preset
    from service.schemas.decoders.preset import decoder_preset_out

    try:
        found = find_preset(preset)
    except UnknownPreset as unknown:
        raise BadInput("PRESET", str(unknown)) from None
    described = decoder_preset_out(found)
    if as_json:
        _print_json(described)
        return
    facts = {
        "": found.title,
        "Draft length": _draft_length(found),
        "Drafting": (found.drafting or "").replace("_", " "),
        "Range": _range(found),
        "Decay by position": "" if found.rho is None else f"{found.rho:g}",
        "Hardware": found.hardware_class,
        "Models": ", ".join(found.model_families) or "any",
        "Limits": found.limits,
        "Note": found.note,
        "Source": f"{found.source} ({found.date_basis}, confidence {found.confidence})",
    }
    if (frontier := described.frontier) is not None:
        facts |= {
            "Requests per GPU": "{:g} to {:g}".format(*frontier.concurrency_per_gpu),
            "Tok/s per user": "{:g} to {:g}".format(*frontier.tokens_per_second_per_user),
            "Output tok/s per GPU": "{:.0f} to {:.0f}".format(*frontier.output_tokens_per_second_per_gpu),
        }
    from service.cli.screen import results, table

    shown = table(found.preset, "", "", numbers=0)
    for name, fact in facts.items():
        if fact:
            shown.add_row(name, fact)
    results().print(shown)
    tasks = table(
        "First draft token accepted, by task", "Task", "Measured on", "Rows", "Sources", "Low / mode / high", numbers=3
    )
    for task, accepted in described.first_acceptance_by_task.items():
        figures = f"{accepted.low:.2f} / {accepted.mode:.2f} / {accepted.high:.2f}"
        basis = "nothing: the preset's own range" if accepted.rows == 0 else accepted.basis
        tasks.add_row(task, basis, str(accepted.rows), str(accepted.sources), figures)
    if tasks.row_count:
        results().print(tasks)


@decoders.command("check-paper")
@click.option("--json", "as_json", is_flag=True, help="Print claims and figures as JSON.")
def check_paper_claims(*, as_json: bool) -> None:
    """Compare what the DSpark paper says in words with what we read off its curves.

    The gains are DSpark's over MTP-1 on DeepSeek V4-Flash and V4-Pro. Exit code 1 if one is not within three points.
    """
    from forecasts.speculation.paper_claims import SOURCE, TOLERANCE_POINTS, check_paper

    checked = check_paper()
    if as_json:
        claims = [
            {
                "model": one.claim.model,
                "basis": one.claim.basis,
                "at": one.claim.at,
                "paper_gain": one.claim.gain,
                "our_gain": one.ours,
                "difference_points": one.difference_points,
                "within_tolerance": one.is_within_tolerance,
            }
            for one in checked
        ]
        _print_json({"source": SOURCE, "tolerance_points": TOLERANCE_POINTS, "claims": claims})
    else:
        from service.cli.screen import results, table

        shown = table(
            f"DSpark over MTP-1: {SOURCE}", "Model", "Gain of", "At", "Paper", "Ours", "Points apart", numbers=3
        )
        for one in checked:
            claim = one.claim
            shown.add_row(
                claim.model,
                _GAIN_OF[claim.basis],
                _AT[claim.basis].format(at=claim.at),
                f"{100 * (claim.gain - 1):+.0f} %",
                f"{100 * (one.ours - 1):+.1f} %",
                f"{one.difference_points:+.1f}",
            )
        results().print(shown)
    sys.exit(0 if all(one.is_within_tolerance for one in checked) else 1)


def _range(preset: "DecoderPreset") -> str:
    def spelled(values: "Range") -> str:
        return f"{values.low:.2f} / {values.mode:.2f} / {values.high:.2f}"

    if preset.first_acceptance is not None:
        return f"accepts {spelled(preset.first_acceptance)}"
    if preset.speedup is not None and preset.drafting != "none":
        over = "" if preset.speedup_over in (None, "none") else f" over {preset.speedup_over}"
        return f"speedup {spelled(preset.speedup)}{over}"
    return "" if preset.drafting == "none" else "given by the plan"


def _draft_length(preset: "DecoderPreset") -> str:
    if not preset.num_speculative_tokens:
        return ""
    return f"up to {preset.num_speculative_tokens}" if preset.adaptive else str(preset.num_speculative_tokens)


def _print_json(document: object) -> None:
    import msgspec

    click.echo(msgspec.json.format(msgspec.json.encode(document), indent=2))
