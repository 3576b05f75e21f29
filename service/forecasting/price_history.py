"""A model's price history as known on a day, with the months after it under an outlook."""

from collections.abc import Sequence
from decimal import Decimal
from functools import partial

import numpy as np

from forecasts.catalog.models import load_models
from forecasts.catalog.price_series import jumps_known_as_of
from forecasts.catalog.windows import load_utc_windows
from forecasts.draws import Draws
from forecasts.errors import Problem
from forecasts.prices.book import NoPrice, PriceBook
from forecasts.prices.outlooks.course import Scene
from forecasts.prices.outlooks.paths import PricePaths
from forecasts.prices.outlooks.projection import ProjectedRates, project_rates
from forecasts.prices.price import METERS, Price
from forecasts.timeline import Month, Timeline
from forecasts.units import HOURS_PER_WEEK
from forecasts.workload import ApiRoute
from service.refusals import BadParameters
from service.schemas.pricing.history import KnownRateOut, MeterProjectionOut, PriceHistoryOut, ProjectedRateOut
from service.schemas.pricing.history_query import HistoryTerms

_SEED = 0
_DRAWS = 4096
_MOST_NAMES = 12


def price_history(known: Sequence[Price], terms: HistoryTerms) -> PriceHistoryOut:
    """`known` are the model's rows recorded by the end of the day asked for.

    Of them those of the service tier, of everywhere and of the smallest prompts are shown, in the currency of the row
    that starts last. A projection is for a flat week, so that peak and off-peak rates become one. A meter without a
    price in some month of the projection has none.
    """
    rows = [
        row
        for row in known
        if (row.service_tier, row.region, row.prompt_tokens_from) == (terms.route.service_tier, None, 0)
    ]
    rows.sort(key=lambda row: (METERS.index(row.meter), row.effective_from, row.recorded_at))
    latest = max(rows, key=lambda row: (row.effective_from, row.recorded_at), default=None)
    currency = "USD" if latest is None else latest.currency
    rows = [row for row in rows if row.currency == currency]
    return PriceHistoryOut(
        provider=terms.route.provider,
        model=terms.route.model,
        currency=currency,
        as_of=terms.as_of,
        rows=tuple(_known_rate(row) for row in rows),
        projections=_projections(rows, terms, currency),
    )


def unknown_model(route: ApiRoute) -> BadParameters:
    """Says which models of the provider have prices, or which providers there are."""
    models = [model for model in load_models() if model.kind != "weights"]
    near = [f"{model.provider}/{model.model}" for model in models if model.provider == route.provider]
    names = near or sorted({model.provider for model in models})
    listed = ", ".join(names[:_MOST_NAMES]) + (", ..." if len(names) > _MOST_NAMES else "")
    what = "known are" if near else "packaged providers are"
    detail = f"no price of {route.provider}/{route.model} is known; {what} {listed}"
    return BadParameters((Problem(pointer="/model", detail=detail),))


def _projections(rows: Sequence[Price], terms: HistoryTerms, currency: str) -> tuple[MeterProjectionOut, ...]:
    timeline = Timeline(first=Month.of(terms.as_of).plus(1), months=terms.months)
    scene = Scene(
        timeline=timeline,
        draws=Draws(seed=_SEED, count=_DRAWS),
        as_of=terms.as_of,
        record_of=partial(jumps_known_as_of, terms.as_of),
    )
    book = PriceBook(
        rows, windows=load_utc_windows(), exchange_rates=(), currency=currency, as_of=terms.as_of, timeline=timeline
    )
    paths = PricePaths((terms.outlook,), scene)
    found = []
    for meter in dict.fromkeys(row.meter for row in rows):
        try:
            projected = project_rates(
                book, book, paths, terms.route, meter, prompt_tokens=0.0, hourly_weights=np.ones(HOURS_PER_WEEK)
            )
        except NoPrice:
            continue
        found.append(
            MeterProjectionOut(
                meter=meter, outlook=terms.outlook.course.name, months=_months(projected, timeline.labels)
            )
        )
    return tuple(found)


def _months(projected: ProjectedRates, labels: tuple[Month, ...]) -> tuple[ProjectedRateOut, ...]:
    return tuple(
        ProjectedRateOut(month=str(month), mean=_rate(mean), p10=_rate(p10), p50=_rate(p50), p90=_rate(p90))
        for month, mean, p10, p50, p90 in zip(
            labels, projected.mean, projected.p10, projected.p50, projected.p90, strict=True
        )
    )


def _rate(value: float) -> Decimal:
    return Decimal(f"{value:.6f}")


def _known_rate(row: Price) -> KnownRateOut:
    return KnownRateOut(
        meter=row.meter,
        rate=row.rate,
        per_tokens=row.per_tokens,
        effective_from=row.effective_from,
        effective_to=row.effective_to,
        recorded_at=row.recorded_at,
        status=row.status,
        utc_window=row.utc_window,
        source=row.source,
    )
