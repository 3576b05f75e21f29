"""The asset register: every owned asset's book at the start and end of each month, in whole minor units."""

import numpy as np

from forecasts.budgeting.budget import RegisteredAsset
from forecasts.fleet.assets.book import AssetBook
from forecasts.money import IntArray, to_minor
from forecasts.timeline import FloatArray


def asset_register(books: list[AssetBook], digits: int) -> tuple[RegisteredAsset, ...]:
    """Means over the paths. They tie out with the lines of purchase, depreciation and disposal to the minor unit."""
    return tuple(_registered(book, digits) for book in books)


def _registered(book: AssetBook, digits: int) -> RegisteredAsset:
    additions, depreciation = _minor(book.additions, digits), _minor(book.depreciation, digits)
    retired_cost, retired_written_off = _minor(book.retired_cost, digits), _minor(book.retired_written_off, digits)
    opening_cost, opening_written_off = to_minor(
        np.array([book.opening_cost, book.opening_written_off]), digits
    ).tolist()
    return RegisteredAsset(
        name=book.name,
        nodes=book.held.mean(axis=1),
        opening_cost=opening_cost,
        opening_accumulated_depreciation=opening_written_off,
        additions=additions,
        depreciation=depreciation,
        disposed_cost=retired_cost,
        disposed_accumulated_depreciation=retired_written_off,
        proceeds=_minor(book.proceeds, digits),
    )


def _minor(amounts: FloatArray, digits: int) -> IntArray:
    return to_minor(amounts.mean(axis=1), digits)
