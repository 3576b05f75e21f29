"""What a fleet cannot mean is told field by field."""

from math import nan
from typing import Any

import pytest

from tests.forecasts.estates import headline, pointers, with_fleet

OWNED = {
    "kind": "owned",
    "purchase_price_per_node": "370000",
    "purchased": "2027-01-01",
    "in_service": "2027-01-01",
    "useful_life_months": 36,
}


def owned(**fields: Any) -> dict[str, Any]:
    return with_fleet(cost=OWNED | fields)


def test_an_owned_fleet_in_order_has_no_problem() -> None:
    assert pointers(owned()) == []


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        (with_fleet(nodes=-1), "/fleets/0/nodes"),
        (with_fleet(gpus_per_node=0), "/fleets/0/gpus_per_node"),
        (with_fleet(throughput={"output_tokens_per_second": 0}), "/fleets/0/throughput/output_tokens_per_second"),
        (with_fleet(throughput={"output_tokens_per_second": 1e-300}), "/fleets/0/throughput/output_tokens_per_second"),
        (with_fleet(throughput={"output_tokens_per_second": nan}), "/fleets/0/throughput/output_tokens_per_second"),
        (
            with_fleet(throughput={"output_tokens_per_second": 1, "input_tokens_per_second": -1}),
            "/fleets/0/throughput/input_tokens_per_second",
        ),
        (
            with_fleet(throughput={"output_tokens_per_second": 1, "input_tokens_per_second": 1, "combined": True}),
            "/fleets/0/throughput/input_tokens_per_second",
        ),
        (with_fleet(target_utilization_fraction=0), "/fleets/0/target_utilization_fraction"),
        (with_fleet(target_utilization_fraction=1.1), "/fleets/0/target_utilization_fraction"),
        (with_fleet(burst_factor=0.9), "/fleets/0/burst_factor"),
        (with_fleet(cost={"kind": "rented", "rate_per_node_hour": "-25"}), "/fleets/0/cost/rate_per_node_hour"),
        (with_fleet(cost={"kind": "rented"}), "/fleets/0/cost"),
        (
            with_fleet(cost={"kind": "rented", "rates": [{"from": "2027-01-02", "rate_per_node_hour": "25"}]}),
            "/fleets/0/cost/rates/0/from",
        ),
        (
            with_fleet(
                cost={
                    "kind": "rented",
                    "rates": [{"from": day, "rate_per_node_hour": "25"} for day in ("2026-05-01", "2026-05-01")],
                }
            ),
            "/fleets/0/cost/rates/1/from",
        ),
        (owned(purchase_price_per_node="-1"), "/fleets/0/cost/purchase_price_per_node"),
        (owned(useful_life_months=0), "/fleets/0/cost/useful_life_months"),
        (owned(residual_fraction="1.01"), "/fleets/0/cost/residual_fraction"),
        (owned(in_service="2026-12-31"), "/fleets/0/cost/in_service"),
        (owned(purchased="2027-02-30"), "/fleets/0/cost/purchased"),
        (owned(pue=0.9), "/fleets/0/cost/pue"),
        (owned(idle_power_fraction=nan), "/fleets/0/cost/idle_power_fraction"),
        (with_fleet(decoder={"preset": "unheard-of"}), "/fleets/0/decoder/preset"),
        (with_fleet(decoder={"preset": "headline"}), "/fleets/0/decoder/speedup"),
        (with_fleet(decoder=headline(0, 1, 2)), "/fleets/0/decoder/speedup/low"),
        (with_fleet(decoder=headline(1.67, over="mtp-1")), "/fleets/0/decoder/speedup_over"),
        (with_fleet(decoder=headline(1.67, since="2027-01-15")), "/fleets/0/decoder/from"),
        (
            with_fleet(one_offs=[{"month": "2027-1", "amount": "1", "what": "retraining"}]),
            "/fleets/0/one_offs/0/month",
        ),
        (
            with_fleet(one_offs=[{"month": "2027-01", "amount": "-1", "what": "retraining"}]),
            "/fleets/0/one_offs/0/amount",
        ),
    ],
)
def test_a_fleet_that_cannot_be_is_a_problem_of_its_field(document: dict[str, Any], pointer: str) -> None:
    assert pointers(document) == [pointer]
