"""The packaged output-length distributions of production traces."""

from dataclasses import dataclass
from functools import cache

from forecasts.catalog.tables import read_table


@dataclass(frozen=True, kw_only=True)
class LengthBin:
    """The share of a trace's requests whose output has at least `tokens_from` and fewer than `tokens_to` tokens."""

    tokens_from: int
    tokens_to: int
    share: float


@dataclass(frozen=True, kw_only=True)
class OutputLengthHistogram:
    trace: str
    bins: tuple[LengthBin, ...]
    source: str
    date_basis: str


@cache
def load_output_lengths() -> tuple[OutputLengthHistogram, ...]:
    """One histogram per trace; shares are of requests and add up to 1 but for the source's rounding."""
    rows: dict[str, list[dict[str, str]]] = {}
    for row in read_table("output_lengths.csv"):
        rows.setdefault(row["trace"], []).append(row)
    return tuple(
        OutputLengthHistogram(
            trace=trace,
            bins=tuple(
                LengthBin(
                    tokens_from=int(row["tokens_from"]), tokens_to=int(row["tokens_to"]), share=float(row["share"])
                )
                for row in of_trace
            ),
            source=of_trace[0]["source"],
            date_basis=of_trace[0]["date_basis"],
        )
        for trace, of_trace in rows.items()
    )
