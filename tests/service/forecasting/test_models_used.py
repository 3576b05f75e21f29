"""The prices that a snapshot freezes are those of every model that the plan may be billed at."""

import msgspec

from service.forecasting.snapshot import models_used
from service.schemas.plan.plan import PlanIn
from tests.forecasts.estates import LARGE, SMALL, a_plan, a_workload, to_model


def test_a_successor_is_among_the_models_whose_prices_are_frozen() -> None:
    move = {"outlook": "successor", "to_model": SMALL, "from": "2027-02-01"}
    plan = a_plan(a_workload(to=[to_model(LARGE)]), outlooks=[move, {"outlook": "hold"}])
    assert models_used(msgspec.convert(plan, PlanIn)) == {("north", "large"), ("south", "small")}
    assert models_used(msgspec.convert(plan | {"outlooks": None}, PlanIn)) == {("north", "large")}
