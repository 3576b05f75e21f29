"""What flows cost on API routes, as forecast and at known rates, and which price rows say so."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import partial

import numpy as np

from forecasts.catalog.price_series import jumps_known_as_of
from forecasts.catalog.prices import price_rows_known_at
from forecasts.checks import frozen_book_of, price_book_of
from forecasts.draws import Draws
from forecasts.explain.negotiation.flows import Flow
from forecasts.plan import Plan
from forecasts.prices.in_force.periods import FOREVER
from forecasts.prices.outlooks.course import Scene
from forecasts.prices.outlooks.outlook import Outlook
from forecasts.prices.outlooks.paths import PricePaths
from forecasts.prices.price import Price
from forecasts.prices.quote import Quote
from forecasts.prices.usage import UsagePricing, billed_units
from forecasts.timeline import FloatArray
from forecasts.workload import ApiRoute, Demand


class FlowPricing:
    """Prices flows under one choice of outlooks, with the plan's own rows and the catalogue's of all other models."""

    def __init__(self, plan: Plan, outlooks: tuple[Outlook, ...]) -> None:
        self._plan = replace(plan, prices=(*_packaged(plan), *plan.prices), outlooks=outlooks)
        self.book = price_book_of(self._plan)
        scene = Scene(
            timeline=plan.timeline,
            draws=Draws(seed=plan.seed, count=plan.draws),
            as_of=plan.as_of,
            record_of=partial(jumps_known_as_of, plan.as_of),
        )
        self._pricing = UsagePricing(
            self.book,
            PricePaths(outlooks, scene),
            {},
            frozen=frozen_book_of(self._plan, self.book),
            contracts=plan.contracts,
        )

    def quote(self, flow: Flow, route: ApiRoute) -> Quote:
        """Raises NoPrice where the route lacks a price in a month in which the flow has requests."""
        return self._pricing.quote(flow.workload.demand, route, flow.requests.mean(axis=1) > 0.0)

    def mean_costs(self, flow: Flow, route: ApiRoute) -> dict[str, FloatArray]:
        """By meter, shape `[months]`; raises NoPrice."""
        return self.quote(flow, route).mean_costs(flow.requests, flow.requests.mean(axis=1))

    def units(self, demand: Demand, route: ApiRoute) -> dict[str, float]:
        """Units of one request by meter."""
        return billed_units(demand, route, self.book)

    def rows(self, flow: Flow, route: ApiRoute, meter: str) -> list[Price]:
        """The rows that price a flow's meter at some time of the horizon, in their order in time."""
        periods = self.book.periods(route, meter, prompt_tokens=flow.workload.demand.input_tokens_per_request)
        timeline = self._plan.timeline
        return [
            period.row
            for period in sorted(periods, key=lambda period: (period.starts, period.utc_window or ""))
            if timeline.share_of_months(period.starts, None if period.ends == FOREVER else period.ends).any()
        ]


def unique_rows(rows: list[Price]) -> tuple[Price, ...]:
    """Each row once, in the order of first mention."""
    return tuple(dict.fromkeys(rows))


def has_requests(flow: Flow) -> bool:
    return bool(np.any(flow.requests))


def _packaged(plan: Plan) -> list[Price]:
    """The catalogue's rows, as known on the plan's day, of models of which the plan has no row of its own."""
    known_at = datetime.combine(plan.as_of + timedelta(days=1), time(), tzinfo=UTC) - timedelta(microseconds=1)
    own = {(row.provider, row.model) for row in plan.prices}
    return [row for row in price_rows_known_at(known_at) if (row.provider, row.model) not in own]
