"""What the cost of a fleet cannot mean is told field by field, with what would be accepted."""

from typing import Any

import pytest

from tests.forecasts.estates import pointers, problems, with_fleet
from tests.forecasts.fleet.costed import a_tranche, in_tranches, owned

LAYER = {"nodes": 1, "rate_per_node_hour": "20", "starts": "2027-01-01", "ends": "2027-12-31"}
LEASE = {"kind": "leased", "payment_per_node_month": "9000", "starts": "2027-01-01", "ends": "2027-12-31"}
BY_USE = {"method": "units_of_production", "production": {"unit": "output_tokens", "total_per_node": 1e12}}


def costing(cost: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return with_fleet(cost=cost, **fields)


def committed(**fields: Any) -> dict[str, Any]:
    layer = LAYER | {name: fields.pop(name) for name in list(fields) if name in (*LAYER, "upfront", "invoiced")}
    cost = {"kind": "committed", "commitments": [LAYER, layer], "on_demand_rate_per_node_hour": "50"} | fields
    return costing({name: value for name, value in cost.items() if value is not None})


def two_tranches(**fields: Any) -> dict[str, Any]:
    """One node that is there and one described by `fields`; the fleet declares two."""
    second = a_tranche(1, "2027-02-01", "1000") | fields
    return costing(in_tranches(a_tranche(1, "2026-02-01", "1000"), second), nodes=2)


@pytest.mark.parametrize(
    "document",
    [
        committed(),
        committed(upfront="100", invoiced="2026-12-01"),
        costing(LEASE | {"rent_free_months": 11}),
        costing(owned(**BY_USE)),
        costing(owned(method="declining_balance", declining_balance_factor=1.5, convention="mid_month")),
        two_tranches(),
        with_fleet(one_offs=[{"month": "2027-02", "what": "retraining", "gpu_hours": 480}]),
    ],
)
def test_a_cost_in_order_has_no_problem(document: dict[str, Any]) -> None:
    assert problems(document) == []


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        (committed(ends="2026-12-31"), "/commitments/1/ends"),
        (committed(starts="2027-02-30"), "/commitments/1/starts"),
        (committed(nodes=0), "/commitments/1/nodes"),
        (committed(rate_per_node_hour="-1"), "/commitments/1/rate_per_node_hour"),
        (committed(upfront="-1"), "/commitments/1/upfront"),
        (committed(upfront="1", invoiced="2028-01-01"), "/commitments/1/invoiced"),
        (committed(invoiced="2027-01-01"), "/commitments/1/invoiced"),
        (committed(on_demand_rate_per_node_hour=None), ""),
        (committed(on_demand_rate_per_node_hour="NaN"), "/on_demand_rate_per_node_hour"),
        (
            committed(
                on_demand_rate_per_node_hour=None, on_demand_rates=[{"from": "2027-01-02", "rate_per_node_hour": "50"}]
            ),
            "/on_demand_rates/0/from",
        ),
        (costing(LEASE | {"ends": "2026-12-31"}), "/ends"),
        (costing(LEASE | {"rent_free_months": 12}), "/rent_free_months"),
        (costing(LEASE | {"rent_free_months": -1}), "/rent_free_months"),
        (costing(LEASE | {"escalation_fraction_per_year": "1.1"}), "/escalation_fraction_per_year"),
        (costing(LEASE | {"payment_per_node_month": "-9000"}), "/payment_per_node_month"),
        (costing(LEASE | {"pue": 0.5}), "/pue"),
        (costing(owned(in_service="2027-04-01")), "/in_service"),
        (two_tranches(in_service="2027-04-01"), "/tranches/1/in_service"),
        (two_tranches(in_service="2027-01-31"), "/tranches/1/in_service"),
        (two_tranches(residual_fraction="1.5"), "/tranches/1/residual_fraction"),
        (two_tranches(useful_life_months=0), "/tranches/1/useful_life_months"),
        (two_tranches(purchase_price_per_node="-1"), "/tranches/1/purchase_price_per_node"),
        (two_tranches(disposal={"on": "2027-01-31"}), "/tranches/1/disposal/on"),
        (
            two_tranches(disposal={"on": "2028-01-31", "proceeds_per_node": "-1"}),
            "/tranches/1/disposal/proceeds_per_node",
        ),
        (two_tranches(nodes=-1), "/tranches/1/nodes"),
        (two_tranches(nodes=2), "/tranches"),
        (costing(in_tranches(a_tranche(1, "2026-02-01", "1"), disposal={"on": "2027-02-01"})), "/disposal"),
        (costing(in_tranches(a_tranche(1, "2026-02-01", "1"), purchased="2027-02-01")), "/purchased"),
        (
            costing(in_tranches(*[a_tranche(1, "2026-02-01", "1", name="rack 7")] * 2), nodes=2),
            "/tranches/1/name",
        ),
        (costing(owned(purchase_price_per_node=None)), "/purchase_price_per_node"),
        (costing(owned(method="sum_of_years_digits", useful_life_months=30)), "/useful_life_months"),
        (costing(owned(method="units_of_production")), "/production"),
        (costing(owned(production=BY_USE["production"])), "/production"),
        (
            costing(owned(**BY_USE | {"production": {"unit": "output_tokens", "total_per_node": 0}})),
            "/production/total_per_node",
        ),
        (
            costing(owned(**BY_USE, purchased="2026-01-01", in_service="2026-12-01")),
            "/production/before_horizon_per_node",
        ),
        (costing(owned(declining_balance_factor=2)), "/declining_balance_factor"),
        (costing(owned(method="declining_balance", declining_balance_factor=0.5)), "/declining_balance_factor"),
        (costing(owned(growth={"purchase_price_per_node": "1"})), "/growth"),
    ],
)
def test_a_cost_that_cannot_be_is_a_problem_of_its_field(document: dict[str, Any], pointer: str) -> None:
    assert pointers(document) == [f"/fleets/0/cost{pointer}"]


def test_every_bad_field_of_a_cost_is_told_at_once() -> None:
    layers = [LAYER | {"ends": "2026-01-01", "nodes": -1}, LAYER | {"upfront": "-5"}]
    cost = {"kind": "committed", "commitments": layers, "on_demand_rate_per_node_hour": "-1", "pue": 0}
    assert sorted(pointers(costing(cost))) == [
        "/fleets/0/cost/commitments/0/ends",
        "/fleets/0/cost/commitments/0/nodes",
        "/fleets/0/cost/commitments/1/upfront",
        "/fleets/0/cost/on_demand_rate_per_node_hour",
        "/fleets/0/cost/pue",
    ]


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        (committed(starts="2027-05-01", ends="2027-13-01"), "/commitments/1/ends"),
        (costing(owned(purchased="2027-01-01", in_service="January")), "/in_service"),
    ],
)
def test_a_date_that_is_none_is_not_also_told_to_be_too_early(document: dict[str, Any], pointer: str) -> None:
    [(told, detail)] = problems(document)
    assert told == f"/fleets/0/cost{pointer}"
    assert "is not a date such as" in detail


@pytest.mark.parametrize(
    "cost", [LEASE, owned(), {"kind": "committed", "commitments": [LAYER], "on_demand_rate_per_node_hour": "50"}]
)
def test_a_currency_without_an_exchange_rate_is_a_problem_of_the_currency(cost: dict[str, Any]) -> None:
    assert pointers(costing(cost, currency="EUR")) == ["/fleets/0/currency"]


@pytest.mark.parametrize(
    ("cost", "one_off"),
    [
        (owned(), {"gpu_hours": 480}),
        (LEASE, {"gpu_hours": 480}),
        ({"kind": "rented", "rate_per_node_hour": "25"}, {}),
    ],
)
def test_a_one_off_without_an_amount_needs_hours_and_a_fleet_that_is_hired_by_the_hour(
    cost: dict[str, Any], one_off: dict[str, Any]
) -> None:
    document = costing(cost, one_offs=[{"month": "2027-02", "what": "retraining"} | one_off])
    assert pointers(document) == ["/fleets/0/one_offs/0/amount"]


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (committed(ends="2026-12-31"), "not be before the first, 2027-01-01"),
        (costing(owned(in_service="2027-04-01")), "after the horizon, whose last day is 2027-03-31"),
        (two_tranches(nodes=2), "at most 3 nodes in service at once, where nodes and spare_nodes declare 2"),
        (costing(LEASE | {"rent_free_months": 12}), "fewer than the lease's 12 months"),
    ],
)
def test_a_problem_says_what_would_be_accepted(document: dict[str, Any], says: str) -> None:
    [(_, detail)] = problems(document)
    assert says in detail
