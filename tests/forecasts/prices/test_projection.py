"""A route's price by month, for pictures of its future."""

from datetime import date
from functools import partial
from typing import Any

import numpy as np

from forecasts.catalog.price_series import jumps_known_as_of
from forecasts.checks import frozen_book_of, price_book_of
from forecasts.draws import Draws
from forecasts.prices.outlooks.course import Scene
from forecasts.prices.outlooks.paths import PricePaths
from forecasts.prices.outlooks.projection import ProjectedRates, project_rates
from forecasts.workload import ApiRoute
from tests.forecasts.estates import a_plan, a_price, a_workload, answer, read


def projected(document: dict[str, Any], meter: str = "output") -> ProjectedRates:
    plan = read(document)
    scene = Scene(
        timeline=plan.timeline,
        draws=Draws(seed=plan.seed, count=plan.draws),
        as_of=plan.as_of,
        record_of=partial(jumps_known_as_of, date(2026, 11, 23)),
    )
    book = price_book_of(plan)
    return project_rates(
        book,
        frozen_book_of(plan, book),
        PricePaths(plan.outlooks, scene),
        ApiRoute(provider="north", model="large"),
        meter,
        prompt_tokens=0.0,
        hourly_weights=np.ones(168),
    )


def test_a_projected_price_times_the_tokens_is_the_bill() -> None:
    cut = {"outlook": "projected_cut", "window": ["2027-01-01", "2027-03-01"]}
    for outlook in (cut, {"outlook": "history"}, {"outlook": "hold"}):
        document = a_plan(a_workload(), outlooks=[outlook], draws=512)
        months, rates = answer(document)["monthly"], projected(document)
        for index, month in enumerate(months):
            bill = month["effective"]
            found = {name: 500 * getattr(rates, name)[index] for name in ("mean", "p10", "p50", "p90")}
            # Cells are rounded by running totals, so that a mean may be a cent off its own rounding.
            assert all(abs(float(bill[name]) - found[name]) <= 0.0151 for name in found)


def test_meters_outside_the_outlook_and_frozen_steps_stay_as_they_are() -> None:
    rise = a_price(rate="3.00", effective_from="2027-02-01T00:00:00Z", recorded_at="2026-11-01T00:00:00Z")
    plan = a_plan(prices=[a_price(), a_price(meter="input", rate="0.50"), rise])
    np.testing.assert_allclose(projected(plan).mean, [2.0, 3.0, 3.0])
    frozen = plan | {"outlooks": [{"outlook": "planning_haircut", "from": "2027-03-01", "scheduled_steps": False}]}
    np.testing.assert_allclose(projected(frozen).p90, [2.0, 2.0, 1.5])
    np.testing.assert_allclose(projected(frozen, "input").p50, [0.5, 0.5, 0.5])
