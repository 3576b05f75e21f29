"""The training of a draft module is a one-off that the decoder's savings earn back, or do not within the horizon."""

from typing import Any

import numpy as np
import pytest

from forecasts.explain.payback import payback_of
from forecasts.timeline import Month, Timeline
from tests.forecasts.estates import a_fleet, a_workload, answer, headline, to_fleet
from tests.forecasts.speculation.gains.decoded import on

NODE_MONTH = 10.368e9
MONTHS = {"first_month": "2027-01", "months": 6}


def trained(speedup: dict[str, Any] | None = None, *, months: Any = MONTHS, **training: Any) -> Any:
    """One and a half nodes of work, of which 1.6 saves one node, 18,000 a month."""
    fleet = a_fleet(
        decoder=speedup or headline(1.6),
        scaling={"policy": "hourly"},
        nodes=0,
        one_offs=[{"month": "2027-02", "what": "draft retraining"} | training],
    )
    workload = a_workload(to=[to_fleet()], requests_per_month=1.5 * NODE_MONTH, output_tokens_per_request=1)
    return answer(on(fleet, workload, horizon=months))


def test_a_stated_amount_is_earned_back_in_the_month_that_covers_it() -> None:
    """18,000, 36,000 and 54,000 have been saved by the end of March."""
    found = trained(gpu_hours=480, amount="40000")
    payback = found["fleets"][0]["decoder"]["payback"]
    assert (payback["cost"], payback["gpu_hours"]) == ("40000.00", 480)
    assert {payback[f"{level}_month"] for level in ("p10", "p50", "p90")} == {"2027-03"}
    assert payback["probability_within_horizon"] == 1
    saving = found["fleets"][0]["decoder"]["saving"]
    assert saving["mean"] == saving["p10"] == f"{6 * 18_000 - 40_000}.00"


def test_a_run_without_an_amount_costs_its_hours_at_the_fleet_s_rate() -> None:
    """14,400 GPU-hours are 1,800 of a node: 45,000, covered by March."""
    found = trained(gpu_hours=14_400)
    assert found["fleets"][0]["decoder"]["payback"]["cost"] == "45000.00"
    assert found["fleets"][0]["decoder"]["payback"]["p50_month"] == "2027-03"


def test_a_run_that_is_covered_before_it_is_paid_is_paid_back_when_it_is_paid() -> None:
    assert trained(gpu_hours=8, amount="1000")["fleets"][0]["decoder"]["payback"]["p90_month"] == "2027-02"


def test_a_run_that_is_never_covered_has_no_month() -> None:
    payback = trained(gpu_hours=480, amount="108000.01")["fleets"][0]["decoder"]["payback"]
    assert (payback["p10_month"], payback["p50_month"], payback["p90_month"]) == (None, None, None)
    assert payback["probability_within_horizon"] == 0
    assert trained(gpu_hours=480, amount="108000")["fleets"][0]["decoder"]["payback"]["p50_month"] == "2027-06"


def test_a_one_off_without_gpu_hours_is_no_training() -> None:
    decoder = trained(amount="40000")["fleets"][0]["decoder"]
    assert decoder["payback"] is None
    assert decoder["saving"]["mean"] == f"{6 * 18_000}.00"


def test_an_uncertain_gain_makes_the_month_uncertain() -> None:
    """On the paths on which a node goes, March; on the others never. The chance of saving is that of getting there."""
    found = trained(headline(1.2, 1.5, 1.8), gpu_hours=480, amount="40000")["fleets"][0]["decoder"]
    payback = found["payback"]
    assert 0.2 < payback["probability_within_horizon"] < 0.8
    assert payback["probability_within_horizon"] == found["probability_of_saving"]
    assert (payback["p10_month"], payback["p90_month"]) == ("2027-03", None)


def test_a_fleet_that_keeps_its_nodes_never_earns_a_training_back() -> None:
    fleet = a_fleet(decoder=headline(1.6), one_offs=[{"month": "2027-01", "what": "training", "gpu_hours": 480}])
    [verdict] = answer(on(fleet))["verdicts"]
    decoder = answer(on(fleet))["fleets"][0]["decoder"]
    assert decoder["payback"]["probability_within_horizon"] == 0
    assert (verdict["verdict"], decoder["saving"]["mean"]) == ("does_not_pay", "-1500.00")


def test_two_runs_have_to_be_earned_back_together() -> None:
    """Half of the paths save 10 a month and half 30, against 20 in the first month and 25 in the third."""
    timeline = Timeline(first=Month(2027, 1), months=4, calendar="30/360", fiscal_year_start_month=1)
    cost = np.array([[20.0], [0], [25], [0]])
    saving = np.repeat([[10.0] * 5 + [30.0] * 5], 4, axis=0)
    found = payback_of(cost, 100.0, saving, timeline)
    assert (found.p10, found.p90) == (Month(2027, 2), None)
    assert found.probability_within_horizon == 0.5
    assert found.cost == pytest.approx(45)
