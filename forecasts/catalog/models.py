"""The packaged list of models, with the sizes that capacity needs where they are evidenced."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from forecasts.catalog.tables import optional_date, optional_number, read_table


@dataclass(frozen=True, kw_only=True)
class CatalogModel:
    """`kind` is `sku`, `alias` or, for open weights without a price of their own, `weights`.

    Sizes are None where no source states them. Parameters are in billions, weights in 1e9 bytes.
    """

    provider: str
    model: str
    family: str
    kind: str
    first_effective: date | None
    observed_until: date | None
    total_params_b: float | None
    active_params_b: float | None
    weight_bytes_gb: float | None
    weight_precision: str | None
    kv_bytes_per_token: float | None
    source: str
    date_basis: str
    confidence: str
    note: str


@cache
def load_models() -> tuple[CatalogModel, ...]:
    """All models, sorted by provider and name."""
    return tuple(
        CatalogModel(
            provider=row["provider"],
            model=row["model"],
            family=row["family"],
            kind=row["kind"],
            first_effective=optional_date(row["first_effective"]),
            observed_until=optional_date(row["observed_until"]),
            total_params_b=optional_number(row["total_params_b"]),
            active_params_b=optional_number(row["active_params_b"]),
            weight_bytes_gb=optional_number(row["weight_bytes_gb"]),
            weight_precision=row["weight_precision"] or None,
            kv_bytes_per_token=optional_number(row["kv_bytes_per_token"]),
            source=row["source"],
            date_basis=row["date_basis"],
            confidence=row["confidence"],
            note=row["note"],
        )
        for row in read_table("models.csv")
    )


def find_served_model(name: str) -> CatalogModel | None:
    """The model that a fleet's `serves` names, `provider/` optional; open weights come first."""
    named = [model for model in load_models() if name in {model.model, f"{model.provider}/{model.model}"}]
    return min(named, key=lambda model: model.kind != "weights", default=None)
