#!/usr/bin/env python3
"""Builds the packaged catalogue from its packaged source files: `python scripts/build_catalog.py [--out FOLDER]`."""

import argparse
import hashlib
import sys
from pathlib import Path

from catalog_build import accelerators, benchmarks, frontiers, hours, lengths, models, prices, speculation, tiers
from catalog_build.tables import Row, format_rows, read_rows, require_values

CATALOG = Path(__file__).resolve().parent.parent / "forecasts" / "catalog"
PROVENANCE = ("source", "date_basis")
VERSION_MODULE = (
    '"""The version of the packaged catalogue: a digest of its tables, written by `scripts/build_catalog.py`."""\n'
)


def build_tables(sources: Path) -> dict[str, str]:
    """File name to CSV text of every table. Raises ValueError for a row without its source or date basis."""
    history = read_rows(sources / "price_history.csv")
    priced, remainder = accelerators.build_accelerator_prices(
        read_rows(sources / "gpu_prices.csv"), read_rows(sources / "accelerator_names.csv")
    )
    measured, unusable = benchmarks.build_benchmarks(
        read_rows(sources / "fleet_benchmarks.csv"),
        read_rows(sources / "benchmark_engines.csv"),
        read_rows(sources / "benchmark_models.csv"),
        read_rows(sources / "accelerator_names.csv"),
    )
    weights, profiles = hours.build_profiles(read_rows(sources / "hourly_profile_rules.csv"), sources)
    accelerator_rows = read_rows(sources / "accelerators.csv")
    decoders = read_rows(sources / "decoders.csv")
    holidays = read_rows(sources / "holidays.csv")
    scores = read_rows(sources / "outlook_scores.csv")
    uplift = {name: read_rows(sources / name) for name in speculation.FITTED}
    speculative = read_rows(sources / "speculation_measured.csv")
    tables: dict[str, tuple[tuple[str, ...], list[Row]]] = {
        "prices.csv": (
            prices.COLUMNS,
            prices.build_prices(history, read_rows(sources / "price_adjudications.csv")),
        ),
        "models.csv": (models.COLUMNS, models.build_models(history, read_rows(sources / "model_sizes.csv"))),
        "successor_tiers.csv": (tiers.COLUMNS, tiers.build_tiers(read_rows(sources / "successor_tiers.csv"), history)),
        "outlook_scores.csv": (tuple(scores[0]), scores),
        "accelerators.csv": (tuple(accelerator_rows[0]), accelerator_rows),
        "accelerator_prices.csv": (accelerators.PRICE_COLUMNS, priced),
        "accelerator_prices_remainder.csv": (accelerators.REMAINDER_COLUMNS, remainder),
        "fleet_benchmarks.csv": (benchmarks.COLUMNS, measured),
        "fleet_benchmarks_remainder.csv": (benchmarks.REMAINDER_COLUMNS, unusable),
        "decoders.csv": (tuple(decoders[0]), decoders),
        "decoder_frontiers.csv": (
            frontiers.COLUMNS,
            frontiers.build_frontiers(read_rows(sources / "dspark_frontier.csv")),
        ),
        "speculation_measured.csv": (tuple(speculative[0]), speculation.build_measurements(speculative)),
        **{name: (tuple(rows[0]), rows) for name, rows in uplift.items()},
        "hourly_profiles.csv": (hours.PROFILE_COLUMNS, weights),
        "hourly_profile_sources.csv": (hours.PROFILE_SOURCE_COLUMNS, profiles),
        "utc_windows.csv": (
            hours.WINDOW_COLUMNS,
            hours.build_utc_windows(read_rows(sources / "utc_window_rules.csv")),
        ),
        "holidays.csv": (tuple(holidays[0]), holidays),
        "output_lengths.csv": (
            lengths.COLUMNS,
            lengths.build_output_lengths(read_rows(sources / "trace_output_length_hist.csv")),
        ),
        "output_length_summaries.csv": (
            lengths.SUMMARY_COLUMNS,
            lengths.build_length_summaries(read_rows(sources / "trace_output_length_summary.csv")),
        ),
    }
    for name, (columns, rows) in tables.items():
        require_values(name, rows, [column for column in PROVENANCE if column in columns])
    return {name: format_rows(columns, rows) for name, (columns, rows) in tables.items()}


def version_of(tables: dict[str, str]) -> str:
    """A short digest that changes with any byte of any table."""
    digest = hashlib.sha256()
    for name in sorted(tables):
        digest.update(f"{name}\n{len(tables[name])}\n{tables[name]}".encode())
    return digest.hexdigest()[:16]


def main() -> int:
    parser = argparse.ArgumentParser(description="Builds the packaged catalogue from its packaged source files.")
    parser.add_argument("--out", type=Path, default=CATALOG, help="where the tables go; default: the package")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    tables = build_tables(CATALOG / "sources")
    for name, text in tables.items():
        (out / name).write_text(text, encoding="utf-8", newline="")
        sys.stdout.write(f"{name}: {text.count(chr(10)) - 1} lines\n")
    version = version_of(tables)
    (out / "version.py").write_text(f'{VERSION_MODULE}\nCATALOG_VERSION = "{version}"\n', encoding="utf-8", newline="")
    sys.stdout.write(f"catalogue version {version}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
