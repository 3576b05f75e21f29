"""Builds the list of models: what is priced, since when and until when it was seen, and the sizes that are known."""

import re
from collections import defaultdict

from catalog_build.prices import PEAK_SUFFIX
from catalog_build.tables import Row

SIZE_COLUMNS = ("total_params_b", "active_params_b", "weight_bytes_gb", "weight_precision", "kv_bytes_per_token")
COLUMNS = (
    "provider",
    "model",
    "family",
    "kind",
    "first_effective",
    "observed_until",
    *SIZE_COLUMNS,
    "source",
    "date_basis",
    "confidence",
    "note",
)


def build_models(history: list[Row], sizes: list[Row]) -> list[Row]:
    """Priced models (`sku`, `alias`) and open weights without a price of their own (`weights`), sorted."""
    by_model: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in history:
        if row["scope"] == "first_party" and not row["model"].endswith(PEAK_SUFFIX):
            by_model[row["provider"], row["model"]].append(row)
    known_sizes = {(row["provider"], row["model"]): row for row in sizes}
    models = [_priced_model(rows, known_sizes.pop(key, None)) for key, rows in by_model.items()]
    for (provider, model), size in known_sizes.items():
        if provider != "open-weights":
            raise ValueError(f"a size for {provider}/{model}, which has no price")
        models.append(
            {"provider": provider, "model": model, "family": family_of(model), "kind": "weights"}
            | {"first_effective": "", "observed_until": ""}
            | {column: size[column] for column in (*SIZE_COLUMNS, "source", "date_basis", "confidence", "note")}
        )
    return sorted(models, key=lambda row: (row["provider"], row["model"]))


def _priced_model(rows: list[Row], size: Row | None) -> Row:
    first = min(rows, key=lambda row: row["effective_from"])
    facts = {column: size[column] if size else "" for column in SIZE_COLUMNS}
    return {
        "provider": first["provider"],
        "model": first["model"],
        "family": family_of(first["model"]),
        "kind": first["kind"],
        "first_effective": first["effective_from"],
        "observed_until": max(row["observed_until"] for row in rows),
        **facts,
        "source": "; ".join(part for part in (first["source"], f"sizes: {size['source']}" if size else "") if part),
        "date_basis": first["date_basis"],
        "confidence": first["confidence"],
        "note": f"sizes {size['date_basis']}: {size['note']}".rstrip(": ") if size else "",
    }


def family_of(model: str) -> str:
    """The name without its version: `gpt-5.4-mini` is of the family `gpt-mini`, `o3-mini` of `o-mini`."""
    first, *rest = model.lower().split("-")
    words = [re.split(r"\d", first)[0]]
    words += [word for word in rest if word not in {"latest", "preview"} and not re.search(r"\d", word)]
    return "-".join(word for word in words if word)
