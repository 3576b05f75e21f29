"""Owned nodes: invoiced when they are bought, expensed as they are written off, and settled when they are sold."""

import numpy as np

from forecasts.fleet.assets.book import AssetBook
from forecasts.fleet.costs.stream import CostStream
from forecasts.timeline import FloatArray, Timeline


def ownership_streams(books: list[AssetBook], timeline: Timeline, used_fraction: FloatArray) -> list[CostStream]:
    """docs/model.md, Fleet cost: purchase and proceeds are billed; depreciation and what a sale misses are effective.

    `used_fraction` of the nodes in service run; depreciation of the others is idle cost.
    """
    nothing = np.zeros((timeline.months, 1))
    bought = _sum([book.bought for book in books], nothing)
    retired = _sum([book.retired for book in books], nothing)
    streams = []
    if bought.any():
        streams.append(
            CostStream(
                kind="purchase",
                unit="Nodes",
                quantity=bought,
                billed=_sum([book.additions for book in books], nothing),
                effective=nothing,
                allocated=False,
            )
        )
    streams.append(
        CostStream(
            kind="depreciation",
            unit="Node-Months",
            quantity=_sum([book.depreciating for book in books], nothing),
            billed=nothing,
            effective=_sum([book.depreciation for book in books], nothing),
            used_fraction=used_fraction,
        )
    )
    if retired.any():
        proceeds = _sum([book.proceeds for book in books], nothing)
        book_value = _sum([book.retired_cost - book.retired_written_off for book in books], nothing)
        streams.append(
            CostStream(
                kind="disposal",
                unit="Nodes",
                quantity=retired,
                billed=-proceeds,
                effective=book_value - proceeds,
                allocated=False,
            )
        )
    return streams


def _sum(parts: list[FloatArray], nothing: FloatArray) -> FloatArray:
    total = nothing
    for part in parts:
        total = total + part
    return total
