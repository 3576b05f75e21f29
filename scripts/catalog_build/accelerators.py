"""Builds the dated accelerator prices and lists what could not be mapped to one accelerator."""

from catalog_build.tables import Row

PRICE_COLUMNS = (
    "accelerator",
    "provider",
    "tier",
    "effective_from",
    "usd_per_gpu_hour",
    "quality",
    "gpu",
    "accelerator_basis",
    "source",
    "date_basis",
    "note",
)
REMAINDER_COLUMNS = ("date", "gpu", "provider", "tier", "usd_per_gpu_hour", "source", "quality", "note", "why")


def build_accelerator_prices(quotes: list[Row], names: list[Row]) -> tuple[list[Row], list[Row]]:
    """Priced rows and the remainder; together they are all quotes."""
    by_label = {row["gpu"]: row for row in names}
    prices: list[Row] = []
    remainder: list[Row] = []
    for quote in quotes:
        name = by_label.get(quote["gpu"])
        if name is None:
            remainder.append(quote | {"why": "the label does not say which accelerator it is"})
            continue
        prices.append(
            {
                "accelerator": name["accelerator"],
                "provider": quote["provider"],
                "tier": quote["tier"].replace("on_demand", "on-demand"),
                "effective_from": quote["date"],
                "usd_per_gpu_hour": quote["usd_per_gpu_hour"],
                "quality": quote["quality"],
                "gpu": quote["gpu"],
                "accelerator_basis": name["accelerator_basis"],
                "source": quote["source"],
                "date_basis": "undated" if not quote["date"] or "undated" in quote["quality"] else "observed",
                "note": quote["note"],
            }
        )
    prices.sort(key=lambda row: tuple(row[column] for column in PRICE_COLUMNS))
    remainder.sort(key=lambda row: tuple(row[column] for column in REMAINDER_COLUMNS))
    return prices, remainder
