"""Prices as a person looks them through: one row a model, with the rates that most of it is paid at."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from service.store.price_book.models import PricedModel
from service.store.prices import PriceRecord

METERS = ("input", "cached_input", "output")
_MILLION = 1_000_000


@dataclass(frozen=True, kw_only=True)
class ModelRates:
    """`rates` are per million tokens for METERS, None where there is no plain one; `currency` is theirs."""

    model: PricedModel
    rates: tuple[Decimal | None, ...]
    currency: str


def rate_table(models: Sequence[PricedModel], in_force: Sequence[PriceRecord]) -> list[ModelRates]:
    """The plain rate of a meter: standard tier, short prompts, no region of its own, off-peak where hours differ.

    A negotiated rate stands over a list rate. The model's own page has every row.
    """
    plain: dict[tuple[str, str, str], PriceRecord] = {}
    for row in sorted(in_force, key=lambda one: (one.status == "negotiated", one.utc_window != "peak")):
        if row.service_tier == "standard" and not row.prompt_tokens_from and row.region is None:
            plain[row.provider, row.model, row.meter] = row
    table = []
    for model in models:
        rows = [plain.get((model.provider, model.model, meter)) for meter in METERS]
        table.append(
            ModelRates(
                model=model,
                rates=tuple(None if row is None else row.rate * _MILLION / row.per_tokens for row in rows),
                currency=next((row.currency for row in rows if row is not None), ""),
            )
        )
    return table
