"""The packaged frontiers: throughput against per-user speed and against concurrency, as a paper drew them."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from forecasts.catalog.tables import read_table


@dataclass(frozen=True, kw_only=True, eq=False)
class FrontierCurve:
    """Corners of one drawn curve, rising in `x`; `throughput` is output tokens per second per GPU.

    `x` is tokens per second per user where `curve` is `by_speed`, running requests per GPU where it is
    `by_concurrency`. Both arrays have shape `[points]` and are read-only.
    """

    model: str
    method: str
    curve: str
    x: npt.NDArray[np.float64]
    throughput: npt.NDArray[np.float64]
    source: str
    date_basis: str


@cache
def load_frontiers() -> dict[tuple[str, str, str], FrontierCurve]:
    """Every curve by its model, method and kind."""
    rows: dict[tuple[str, str, str], list[dict[str, str]]] = {}
    for row in read_table("decoder_frontiers.csv"):
        rows.setdefault((row["model"], row["method"], row["curve"]), []).append(row)
    return {
        (model, method, curve): FrontierCurve(
            model=model,
            method=method,
            curve=curve,
            x=_fixed([row["x"] for row in points]),
            throughput=_fixed([row["output_tokens_per_second_per_gpu"] for row in points]),
            source=points[0]["source"],
            date_basis=points[0]["date_basis"],
        )
        for (model, method, curve), points in rows.items()
    }


def _fixed(texts: list[str]) -> npt.NDArray[np.float64]:
    values = np.array(texts, dtype=np.float64)
    values.setflags(write=False)
    return values
