"""Shapes of the API, of price_imports: written by `scripts/build_client_shapes.py`, not by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypedDict

if TYPE_CHECKING:
    from tokencast.client.shapes.prices import PricesStored


class CurrentPriceOut(TypedDict):
    """The row of the price book that is in force."""

    id: str
    rate: str
    currency: str
    per_tokens: int
    effective_from: str
    source: str


class ImportCounts(TypedDict):
    """How many rows of an import were what."""

    new: int
    changed: int
    unchanged: int
    left_out: int


class ImportOut(TypedDict):
    """`stored` rows of a table, or `proposed` prices of a catalogue; neither after a dry run.

    `changes` and `left_out` show the first of each; `counts` has them all.
    """

    format: str
    dry_run: bool
    counts: ImportCounts
    stored: PricesStored | None
    proposed: int | None
    changes: list[PriceDifferenceOut]
    left_out: list[PriceLeftOut]


class PriceDifferenceOut(TypedDict):
    """One price of the file beside the one in force for the same conditions at its start."""

    pointer: str
    change: Literal["changed", "new", "unchanged"]
    provider: str
    model: str
    meter: str
    service_tier: str
    prompt_tokens_from: int
    utc_window: str | None
    effective_from: str
    rate: str
    currency: str
    per_tokens: int
    current: CurrentPriceOut | None


class PriceLeftOut(TypedDict):
    """A price of the file that was not taken over, and why."""

    pointer: str
    why: str
