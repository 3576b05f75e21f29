"""The packaged price history as series of one output price each: of models on sale, and of tiers that follow them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache

import numpy as np

from forecasts.catalog.models import load_models
from forecasts.catalog.prices import CatalogPrice, load_price_rows
from forecasts.catalog.tables import read_table
from forecasts.catalog.windows import load_utc_windows
from forecasts.prices.history.jumps import JumpRecord, jump_record
from forecasts.prices.history.series import PriceSeries
from forecasts.units import HOURS_PER_WEEK, TOKENS_PER_MTOK

SERIES_KINDS = ("models", "tiers")


@cache
def load_model_series() -> tuple[PriceSeries, ...]:
    """Standard output prices in US dollars per million tokens; peak and off-peak rates weighted by a flat week."""
    rows: defaultdict[tuple[str, str], list[CatalogPrice]] = defaultdict(list)
    for row in load_price_rows():
        plain = row.service_tier == "standard" and row.prompt_tokens_from == 0 and row.region is None
        if row.meter == "output" and row.currency == "USD" and row.rate > 0 and plain:
            rows[row.provider, row.model].append(row)
    models = {(model.provider, model.model): model for model in load_models()}
    return tuple(
        _series(provider, model, models[provider, model].kind, priced, models[provider, model].observed_until)
        for (provider, model), priced in rows.items()
    )


@cache
def load_tier_series() -> tuple[PriceSeries, ...]:
    """What the current model of a provider's tier cost, in US dollars per million output tokens."""
    steps: defaultdict[tuple[str, str, str], list[tuple[float, float]]] = defaultdict(list)
    for row in read_table("successor_tiers.csv"):
        key = (row["provider"], row["tier"], row["observed_until"])
        steps[key].append((_hours(date.fromisoformat(row["effective_from"])), float(row["output_usd_per_mtok"])))
    return tuple(
        PriceSeries(
            provider=provider,
            name=tier,
            kind="tier",
            starts=np.array([start for start, _ in dated]),
            recorded=np.array([start for start, _ in dated]),
            rates=np.array([rate for _, rate in dated]),
            observed_until=_hours(date.fromisoformat(until) + timedelta(days=1)),
        )
        for (provider, tier, until), dated in steps.items()
    )


def load_series(kind: str) -> tuple[PriceSeries, ...]:
    """The series of `models` on sale or of `tiers`."""
    return load_tier_series() if kind == "tiers" else load_model_series()


@lru_cache(maxsize=64)
def jumps_known_as_of(as_of: date, kind: str) -> JumpRecord:
    """The packaged history's jumps as they were known at the end of a day (UTC)."""
    return jump_record(load_series(kind), _hours(as_of + timedelta(days=1)))


def flat_week_peak_share(provider: str, model: str, day: date) -> float | None:
    """The share of the week's hours that a model's peak price covers on a day; None where no hours are known."""
    windows = [
        window
        for window in load_utc_windows()
        if window.provider == provider and window.model in ("*", model) and window.starts <= day
    ]
    if not windows:
        return None
    newest = max(windows, key=lambda window: (window.model != "*", window.starts))
    return float(newest.hours.sum()) / HOURS_PER_WEEK


def _series(
    provider: str, model: str, kind: str, rows: Iterable[CatalogPrice], observed_until: date | None
) -> PriceSeries:
    dated: dict[datetime, dict[str | None, CatalogPrice]] = defaultdict(dict)
    for price in rows:
        dated[price.effective_from][price.utc_window] = price
    starts, recorded, rates = [], [], []
    for start in sorted(dated):
        by_window = dated[start]
        row = by_window.get(None) or by_window.get("off_peak")
        if row is None:
            continue
        starts.append(start.timestamp() / 3600.0)
        recorded.append(row.recorded_at.timestamp() / 3600.0)
        rates.append(_week_rate(row, by_window.get("peak")))
    until = observed_until or date(1970, 1, 1)
    return PriceSeries(
        provider=provider,
        name=model,
        kind=kind,
        starts=np.array(starts),
        recorded=np.array(recorded),
        rates=np.array(rates),
        observed_until=_hours(until + timedelta(days=1)),
    )


def _week_rate(row: CatalogPrice, peak: CatalogPrice | None) -> float:
    per_mtok = float(row.rate) * TOKENS_PER_MTOK / row.per_tokens
    share = None if peak is None else flat_week_peak_share(row.provider, row.model, row.effective_from.date())
    if peak is None or share is None:
        return per_mtok
    return per_mtok * (1.0 - share) + float(peak.rate) * TOKENS_PER_MTOK / peak.per_tokens * share


def _hours(day: date) -> float:
    return datetime.combine(day, time(), tzinfo=UTC).timestamp() / 3600.0
