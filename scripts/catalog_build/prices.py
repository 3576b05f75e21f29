"""Builds the price catalogue: one dated row per model, meter and condition, from the first-party price history."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from catalog_build.tables import Row

METER_COLUMNS = {
    "input": "input_usd_per_mtok",
    "cached_input": "cached_input_usd_per_mtok",
    "cache_write": "cache_write_usd_per_mtok",
    "output": "output_usd_per_mtok",
}
COLUMNS = (
    "provider",
    "model",
    "meter",
    "rate",
    "currency",
    "per_tokens",
    "effective_from",
    "effective_to",
    "recorded_at",
    "end_recorded_at",
    "status",
    "utc_window",
    "service_tier",
    "prompt_tokens_from",
    "region",
    "source",
    "date_basis",
    "confidence",
    "note",
)
PEAK_SUFFIX = "#peak"


def build_prices(history: list[Row], adjudications: list[Row]) -> list[Row]:
    """Catalogue rows, sorted. Raises ValueError for an adjudication that no row of the history answers to."""
    rulings = {(row["provider"], row["model"], row["effective_from"]): row for row in adjudications}
    by_model: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in history:
        if row["scope"] != "first_party":
            continue
        by_model[row["provider"], row["model"]].append(
            row | _ruling(row, rulings.pop((row["provider"], row["model"], row["effective_from"]), None))
        )
    if rulings:
        raise ValueError(f"adjudications without a price row: {sorted(rulings)}")
    peak_starts = {
        (provider, model.removesuffix(PEAK_SUFFIX)): min(row["instant"] for row in rows)
        for (provider, model), rows in by_model.items()
        if model.endswith(PEAK_SUFFIX)
    }
    prices = [
        price
        for (provider, model), rows in by_model.items()
        for price in _price_rows(rows, peak_starts.get((provider, model)))
    ]
    return _close_superseded(sorted(prices, key=_sort_key))


def _ruling(row: Row, ruling: Row | None) -> Row:
    """The instants and the status of a source row, as adjudicated where it was."""
    ruling = ruling or {}
    instant = ruling.get("effective_instant") or f"{row['effective_from']}T00:00:00Z"
    return {
        "instant": instant,
        # Every basis in the history names the day on which the price was announced or first seen as its start.
        "recorded_at": ruling.get("recorded_at") or instant,
        "status": ruling.get("status") or ("scheduled" if row["event"] == "scheduled" else "list"),
        "split_at": ruling.get("split_at") or "",
        "split_status": ruling.get("split_status") or "",
        "why": ruling.get("why") or "",
    }


def _price_rows(rows: list[Row], peak_start: str | None) -> Iterator[Row]:
    """The prices of one model, each given an end where its meter or its condition ends with the next source row."""
    rows = sorted(_split(rows), key=lambda row: row["instant"])
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        window = _utc_window(row, peak_start)
        for meter, column in METER_COLUMNS.items():
            if not row[column]:
                continue
            for tier, rate, derived in _tiers(row, column):
                ends = following is not None and (
                    not following[column]
                    or _utc_window(following, peak_start) != window
                    or (tier == "batch" and not following["batch_discount"])
                )
                yield {
                    "provider": row["provider"],
                    "model": row["model"].removesuffix(PEAK_SUFFIX),
                    "meter": meter,
                    "rate": rate,
                    "currency": "USD",
                    "per_tokens": "1000000",
                    "effective_from": row["instant"],
                    "effective_to": following["instant"] if ends and following else "",
                    "recorded_at": row["recorded_at"],
                    # An end is a later fact than the price: before this instant the price was open-ended.
                    "end_recorded_at": following["recorded_at"] if ends and following else "",
                    "status": row["status"],
                    "utc_window": window,
                    "service_tier": tier,
                    "prompt_tokens_from": "0",
                    "region": "",
                    "source": row["source"],
                    "date_basis": row["date_basis"],
                    "confidence": row["confidence"],
                    "note": _note(row, derived),
                }


def _close_superseded(prices: list[Row]) -> list[Row]:
    """Where a history has an explicit end, the rows before it end as well.

    Otherwise a superseded row without an end of its own would seem to be in force again after that end.
    """
    histories: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for price in prices:
        key = ("provider", "model", "meter", "service_tier", "utc_window", "prompt_tokens_from", "region")
        histories[tuple(price[column] for column in key)].append(price)
    for history in histories.values():
        ended = False
        for earlier, later in reversed(list(pairwise(history))):
            ended = ended or bool(later["effective_to"])
            if ended and not earlier["effective_to"]:
                earlier["effective_to"] = later["effective_from"]
                earlier["end_recorded_at"] = later["recorded_at"]
    return prices


def _split(rows: list[Row]) -> Iterator[Row]:
    """The same rates again from the day on which only their status changed."""
    for row in rows:
        yield row
        if row["split_at"]:
            yield row | {
                "instant": row["split_at"],
                "recorded_at": row["split_at"],
                "status": row["split_status"],
            }


def _utc_window(row: Row, peak_start: str | None) -> str:
    if row["model"].endswith(PEAK_SUFFIX):
        return "peak"
    return "off_peak" if peak_start is not None and row["instant"] >= peak_start else ""


def _tiers(row: Row, column: str) -> Iterator[tuple[str, str, str]]:
    """Service tier, rate and how it was derived."""
    yield "standard", row[column], ""
    if row["batch_discount"]:
        rate = (Decimal(row[column]) * (1 - Decimal(row["batch_discount"]))).normalize()
        yield "batch", f"{rate:f}", f"derived: batch discount {row['batch_discount']}"


def _note(row: Row, derived: str) -> str:
    unverified = "unverified: the date is recalled" if row["date_basis"] == "recalled" else ""
    return "; ".join(part for part in (derived, unverified, row["why"], row["notes"]) if part)


def _sort_key(row: Row) -> tuple[str, ...]:
    return tuple(
        row[column]
        for column in (
            "provider",
            "model",
            "service_tier",
            "prompt_tokens_from",
            "meter",
            "effective_from",
            "utc_window",
        )
    )
