"""What a fleet's decoder gains, as tables for people."""

from typing import TYPE_CHECKING

from service.cli.failures import plain
from service.cli.screen import table

if TYPE_CHECKING:
    from rich.console import Console

    from forecasts.explain.uplift import MeasuredSpeedup, UpliftExplanation

# The curve has more points than anybody reads.
_EVERY = 4


def print_uplift(found: "UpliftExplanation", console: "Console") -> None:
    required = found.required_tokens_per_second_per_user
    console.print(
        f"{plain(found.fleet)} serves {plain(found.serves)} with {found.preset}, over {found.speedup_over}.\n"
        f"The forecast uses a speedup of {found.speedup:.3f} ({found.basis})"
        + ("" if required is None else f", at the {required:g} tokens per second per user that a workload asks for")
        + f"; at equal concurrency it is {found.equal_concurrency_speedup:.3f} where the fleet is sized to run."
    )
    for point in found.measured:
        if point.used:
            console.print(f"Measured and used: {_words(point)}.")
    elsewhere = [point for point in found.measured if not point.used]
    if elsewhere:
        console.print(
            f"Measured elsewhere, near this case and not used: {len(elsewhere)} points, from "
            f"{_words(min(elsewhere, key=_by_load))} to {_words(max(elsewhere, key=_by_load))}."
        )
    shown = table(
        "By running requests per node", "Requests", "P10", "P50", "P90", "tok/s/user without", "with", numbers=6
    )
    curve, without, with_it = found.curve, found.without_decoder, found.with_decoder
    for index in range(0, len(curve.concurrency), _EVERY):
        speeds = [
            f"{line.tokens_per_second_per_user[index]:.1f}" if line.concurrency else "" for line in (without, with_it)
        ]
        shown.add_row(
            f"{curve.concurrency[index]:.4g}",
            *(f"{band[index]:.3f}" for band in (curve.p10, curve.p50, curve.p90)),
            *speeds,
        )
    console.print(shown)


def _by_load(point: "MeasuredSpeedup") -> float:
    return point.concurrency


def _words(point: "MeasuredSpeedup") -> str:
    return f"{point.speedup:.3f} at {point.concurrency:g} running requests ({plain(point.source)})"
