#!/usr/bin/env python3
"""Fits the uplift model to the packaged evidence: `python scripts/fit_uplift.py`, then `scripts/build_catalog.py`.

Writes the parameters, the spreads and the acceptance by task among the catalogue's sources, and docs/uplift_fit.md.
The same evidence gives the same files.
"""

import csv
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from forecasts.backtest.uplift.cases import OURS, Case, uplift_cases
from forecasts.backtest.uplift.predictions import predict_left_out
from forecasts.catalog.measurements import load_speculation_measurements
from forecasts.speculation.fit.acceptance import acceptance_points, estimate_acceptance
from forecasts.speculation.fit.learning import Learned, learn
from forecasts.speculation.fit.presets import FAMILIES, TASKS
from forecasts.speculation.fit.rows import evidence_rows
from forecasts.speculation.model.parameters import load_uplift_priors

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "forecasts" / "catalog" / "sources"
REPORT = ROOT / "docs" / "uplift_fit.md"
FROM_FIT = "scripts/fit_uplift.py on speculation_measured.csv"


def main() -> int:
    measurements = load_speculation_measurements()
    rows, left_out = evidence_rows(measurements)
    points = acceptance_points(measurements)
    learned = learn(rows, points, load_uplift_priors())
    write_parameters(learned)
    write_table(
        SOURCES / "uplift_spreads.csv",
        ("knowledge", "sigma", "source", "date_basis"),
        [(name, f"{sigma:.4g}", FROM_FIT, "fitted") for name, sigma in learned.spreads.items()],
    )
    tasks = []
    for preset, family in FAMILIES.items():
        for task in TASKS:
            found = estimate_acceptance(points, family=family, preset=preset, task=task)
            own = found.acceptance
            figures = [f"{figure:.3g}" for figure in (own.low, own.mode, own.high)]
            basis = (found.basis, " ".join(found.source_ids) or "decoders.csv", "fitted" if found.rows else "preset")
            tasks.append((preset, task, *figures, str(found.rows), str(found.sources), *basis))
    columns = ("preset", "task", "low", "mode", "high", "rows", "sources", "basis", "source", "date_basis")
    write_table(SOURCES / "acceptance_by_task.csv", columns, tasks)
    made = predict_left_out(rows, points, load_uplift_priors(), tell)
    REPORT.write_text(report(learned, uplift_cases(rows, made), left_out), encoding="utf-8")
    sys.stdout.write("written; now run scripts/build_catalog.py\n")
    return 0


def write_parameters(learned: Learned) -> None:
    """The fitted values beside the priors, which stay as they are."""
    path = SOURCES / "uplift_parameters.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        before = list(csv.DictReader(stream))
    for row in before:
        row["value"] = f"{getattr(learned.fit.parameters, row['parameter']):.4g}"
    write_table(path, tuple(before[0]), [tuple(row.values()) for row in before])


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def report(learned: Learned, cases: Sequence[Case], left_out: dict[str, int]) -> str:
    """What was fitted and how it does on sources it has not seen."""
    priors = load_uplift_priors()
    severity = learned.fit.severity
    lines = [
        "# The fit of the uplift model",
        "",
        "Written by `python scripts/fit_uplift.py`. [model.md](model.md) says what the parameters are and how they are",
        "fitted.",
        "",
        f"Chosen inside the training sources: shrinkage {severity.shrinkage:g}, loss scale {severity.loss_scale:g}.",
        "",
        "| parameter | prior | its spread (log) | fitted |",
        "|---|---|---|---|",
        *(
            f"| `{name}` | {prior.value:g} | {prior.spread:g} | {getattr(learned.fit.parameters, name):.4g} |"
            for name, prior in priors.items()
        ),
        "",
        "| what is known | sigma of the logarithm |",
        "|---|---|",
        *(f"| {name.replace('_', ' ')} | {sigma:.3f} |" for name, sigma in learned.spreads.items()),
        "",
        "## Every source by what the others teach",
        "",
        "What `tokencast backtest uplift` prints. An error is |predicted / observed - 1|.",
        "",
        "| measurements that are not scored | rows |",
        "|---|---|",
        *(f"| {reason} | {count} |" for reason, count in sorted(left_out.items(), key=lambda one: (-one[1], one[0]))),
        "",
        "| case | rows | sources | median error | p90 | in the 80 % band | median of flat 1.67 | of flat by method |",
        "|---|---|---|---|---|---|---|---|",
        *(
            f"| {case.case} | {case.rows} | {case.series} | "
            + " | ".join(percent(figure) for figure in figures_of(case))
            + " |"
            for case in cases
        ),
    ]
    return "\n".join(lines) + "\n"


def figures_of(case: Case) -> list[float | None]:
    ours, flat = case.methods[OURS], case.methods["flat-1.67"]
    by_method = case.methods.get("flat-median-by-method")
    return [
        ours.median_error,
        ours.p90_error,
        ours.coverage,
        flat.median_error,
        by_method.median_error if by_method else None,
    ]


def percent(figure: float | None) -> str:
    return "" if figure is None else f"{figure:.1%}"


def tell(done: int, of: int) -> None:
    sys.stderr.write(f"\r{done} of {of} sources left out")
    if done == of:
        sys.stderr.write("\n")


if __name__ == "__main__":
    sys.exit(main())
