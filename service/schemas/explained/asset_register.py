"""The asset register of a fleet on the wire: one row for each asset and month."""

from collections.abc import Iterator

import msgspec

from forecasts.budgeting.budget import RegisteredAsset
from forecasts.money import format_minor


class BookOut(msgspec.Struct, kw_only=True, frozen=True):
    """An asset in the books: `net_book_value` is cost less accumulated depreciation."""

    cost: str
    accumulated_depreciation: str
    net_book_value: str


class AssetMonthOut(msgspec.Struct, kw_only=True, frozen=True):
    """Opening + additions - depreciation - disposals is closing; `gain` is proceeds less the book value disposed of."""

    asset: str
    month: str
    nodes: float
    opening: BookOut
    additions: str
    depreciation: str
    disposals: BookOut
    proceeds: str
    gain: str
    closing: BookOut


def asset_months(asset: RegisteredAsset, months: list[str], digits: int) -> Iterator[AssetMonthOut]:
    cost, written_off = asset.opening_cost, asset.opening_accumulated_depreciation
    columns = (
        asset.nodes,
        asset.additions,
        asset.depreciation,
        asset.disposed_cost,
        asset.disposed_accumulated_depreciation,
        asset.proceeds,
        asset.closing_cost,
        asset.closing_accumulated_depreciation,
    )
    for month, *figures in zip(months, *(column.tolist() for column in columns), strict=True):
        nodes, added, depreciated, disposed_cost, disposed_written_off, proceeds, closing_cost, closing_off = figures
        yield AssetMonthOut(
            asset=asset.name,
            month=month,
            nodes=round(nodes, 6),
            opening=_book(cost, written_off, digits),
            additions=format_minor(added, digits),
            depreciation=format_minor(depreciated, digits),
            disposals=_book(disposed_cost, disposed_written_off, digits),
            proceeds=format_minor(proceeds, digits),
            gain=format_minor(proceeds - disposed_cost + disposed_written_off, digits),
            closing=_book(closing_cost, closing_off, digits),
        )
        cost, written_off = closing_cost, closing_off


def _book(cost: int, accumulated_depreciation: int, digits: int) -> BookOut:
    return BookOut(
        cost=format_minor(cost, digits),
        accumulated_depreciation=format_minor(accumulated_depreciation, digits),
        net_book_value=format_minor(cost - accumulated_depreciation, digits),
    )
