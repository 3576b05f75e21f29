"""Owned nodes: invoiced when they are bought, expensed as they are written off, and settled when they are sold."""

import numpy as np

from forecasts.fleet.assets.book import AssetBook, total_of
from forecasts.fleet.costs.stream import CostStream
from forecasts.timeline import FloatArray, Timeline


def ownership_streams(books: list[AssetBook], timeline: Timeline, used_fraction: FloatArray) -> list[CostStream]:
    """docs/model.md, Fleet cost: purchase and proceeds are billed; depreciation and what a sale misses are effective.

    `used_fraction` of the nodes in service run; depreciation of the others is idle cost.
    """
    nothing = np.zeros((timeline.months, 1))
    bought = total_of([book.bought for book in books], timeline)
    retired = total_of([book.retired for book in books], timeline)
    streams = []
    if bought.any():
        streams.append(
            CostStream(
                kind="purchase",
                unit="Nodes",
                quantity=bought,
                billed=total_of([book.additions for book in books], timeline),
                effective=nothing,
                allocated=False,
            )
        )
    streams.append(
        CostStream(
            kind="depreciation",
            unit="Node-Months",
            quantity=total_of([book.depreciating for book in books], timeline),
            billed=nothing,
            effective=total_of([book.depreciation for book in books], timeline),
            used_fraction=used_fraction,
        )
    )
    if retired.any():
        proceeds = total_of([book.proceeds for book in books], timeline)
        book_value = total_of([book.retired_cost - book.retired_written_off for book in books], timeline)
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
