"""Hypothesis strategies for whole plans in their wire shape, small enough to forecast many times."""

from typing import Any

from hypothesis import strategies as st

from tests.forecasts.estates import LARGE, SMALL, a_fleet, a_plan, a_workload, headline, to_fleet, to_model

# Nodes that are bought or leased cannot follow the hours.
POLICIES_OF = {"owned": ("fixed", "monthly"), "leased": ("fixed",)}
HUNDREDTHS = st.integers(0, 100).map(lambda hundredths: hundredths / 100)


def ranges(low: int, high: int) -> st.SearchStrategy[dict[str, float]]:
    """Low, most likely and high in thousandths between two thousandths."""
    return st.tuples(*[st.integers(low, high)] * 3).map(
        lambda three: dict(zip(("low", "mode", "high"), (one / 1000 for one in sorted(three)), strict=True))
    )


def seasons() -> st.SearchStrategy[list[float] | None]:
    """Twelve factors that average 1: six pairs that lean to either side."""
    leans = st.lists(st.integers(-50, 50).map(lambda lean: lean / 100), min_size=6, max_size=6)
    return st.none() | leans.map(lambda six: [1 + one for one in six] + [1 - one for one in six])


@st.composite
def demands(draw: st.DrawFn) -> dict[str, Any]:
    demand: dict[str, Any] = {
        "base_month": draw(st.sampled_from(["2026-09", "2027-01", "2027-03"])),
        "requests_per_month": draw(st.integers(0, 4_000_000)),
        "input_tokens_per_request": draw(st.integers(0, 4000)),
        "cached_input_fraction": draw(HUNDREDTHS) / 2,
        "output_tokens_per_request": draw(st.integers(0, 2000)),
        "monthly_growth": draw(ranges(-50, 150)),
        "noise_fraction": draw(HUNDREDTHS) / 2,
        "noise_autocorrelation": draw(HUNDREDTHS) * 0.9,
        "seasonality": draw(seasons()),
        "hourly_profile": draw(st.sampled_from(["flat", {"peak_to_mean": 1.7}, {"peak_to_mean": 3.0}])),
    }
    if draw(st.booleans()):
        demand["steps"] = [{"from": draw(st.sampled_from(["2026-10", "2027-02"])), "factor": draw(HUNDREDTHS) * 3}]
    return demand


@st.composite
def scalings(draw: st.DrawFn, policies: tuple[str, ...] = ("fixed", "monthly", "hourly")) -> dict[str, Any]:
    """A policy with bounds and spares; low ones, so that they are met."""
    scaling: dict[str, Any] = {"policy": draw(st.sampled_from(policies)), "spare_nodes": draw(st.integers(0, 2))}
    if scaling["policy"] != "fixed":
        scaling["min_nodes"] = draw(st.integers(0, 2))
        scaling["max_nodes"] = draw(st.sampled_from([None, 2, 5]))
    if scaling["policy"] == "monthly":
        scaling["lead_time_months"] = draw(st.integers(0, 1))
        scaling["hysteresis_fraction"] = draw(st.sampled_from([0, 0.3]))
    return scaling


@st.composite
def running_costs(draw: st.DrawFn) -> dict[str, Any]:
    """What any kind of cost may declare beside its own terms."""
    return {
        "hosting_per_node_year": str(draw(st.integers(0, 30_000))),
        "licence_per_gpu_year": str(draw(st.integers(0, 5000))),
        "operations_per_month": str(draw(st.integers(0, 999)) / 100),
        "power_kw_per_node": draw(st.sampled_from([0, 10.2])),
        "idle_power_fraction": draw(HUNDREDTHS),
        "pue": 1.3,
        "electricity_per_kwh": "0.11",
    }


def rented_costs() -> st.SearchStrategy[dict[str, Any]]:
    return st.integers(0, 9000).map(lambda cents: {"kind": "rented", "rate_per_node_hour": str(cents / 100)})


@st.composite
def committed_costs(draw: st.DrawFn) -> dict[str, Any]:
    """One to three layers that start and end anywhere, some of them paid in part before they start."""
    layers = []
    for _ in range(draw(st.integers(1, 3))):
        upfront = draw(st.integers(0, 90_000))
        layers.append(
            {
                "nodes": draw(st.integers(1, 3)),
                "rate_per_node_hour": str(draw(st.integers(0, 5000)) / 100),
                "upfront": str(upfront),
                "starts": draw(st.sampled_from(["2026-03-17", "2027-01-01", "2027-02-11"])),
                "ends": draw(st.sampled_from(["2027-02-20", "2027-06-30", "2029-12-31"])),
                "invoiced": draw(st.sampled_from([None, "2027-01-31"])) if upfront else None,
            }
        )
    return {
        "kind": "committed",
        "commitments": layers,
        "on_demand_rate_per_node_hour": str(draw(st.integers(0, 9000)) / 100),
    }


@st.composite
def owned_costs(draw: st.DrawFn) -> dict[str, Any]:
    """One purchase of all nodes that serves by January 2027, by any method, perhaps sold again."""
    purchased, in_service = draw(
        st.sampled_from([("2026-06-15", "2026-08-01"), ("2026-06-15", "2027-01-31"), ("2027-01-02", "2027-01-02")])
    )
    cost: dict[str, Any] = {
        "kind": "owned",
        "purchase_price_per_node": str(draw(st.integers(0, 400_000))),
        "purchased": purchased,
        "in_service": in_service,
        "residual_fraction": draw(st.sampled_from(["0", "0.1", "1"])),
        "method": draw(
            st.sampled_from(["straight_line", "declining_balance", "sum_of_years_digits", "units_of_production"])
        ),
        "convention": draw(st.sampled_from(["full_month", "mid_month"])),
    }
    years = cost["method"] == "sum_of_years_digits"
    cost["useful_life_months"] = draw(st.integers(1, 4)) * 12 if years else draw(st.integers(1, 40))
    if cost["method"] == "units_of_production":
        cost["production"] = draw(
            st.sampled_from(
                [
                    {"unit": "busy_node_hours", "total_per_node": 1500.5, "before_horizon_per_node": 100},
                    {"unit": "output_tokens", "total_per_node": 3e9, "before_horizon_per_node": 0},
                ]
            )
        )
    if draw(st.booleans()):
        cost["disposal"] = {
            "on": draw(st.sampled_from(["2027-02-10", "2027-05-17", "2028-01-01"])),
            "proceeds_per_node": str(draw(st.integers(0, 200_000))),
        }
    return cost


@st.composite
def leased_costs(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "kind": "leased",
        "payment_per_node_month": str(draw(st.integers(0, 900_000)) / 100),
        "starts": draw(st.sampled_from(["2026-03-17", "2027-01-01", "2027-02-11"])),
        "ends": draw(st.sampled_from(["2027-05-20", "2029-12-31"])),
        "rent_free_months": draw(st.integers(0, 3)),
        "escalation_fraction_per_year": draw(st.sampled_from(["0", "0.035"])),
    }


@st.composite
def fleets(draw: st.DrawFn, name: str = "pool") -> dict[str, Any]:
    cost = draw(st.one_of(rented_costs(), committed_costs(), owned_costs(), leased_costs()))
    scaling = draw(scalings(POLICIES_OF.get(cost["kind"], ("fixed", "monthly", "hourly"))))
    if cost["kind"] == "owned" and scaling["policy"] == "monthly":
        cost["growth"] = {"purchase_price_per_node": str(draw(st.integers(0, 400_000)))}
    one_off = {"month": "2027-02", "amount": "1200.07", "what": "retraining"}
    one_offs = [[], [one_off], [one_off, one_off | {"gpu_hours": 480}]]
    return a_fleet(
        name,
        nodes=draw(st.integers(0, 3)),
        scaling=scaling,
        throughput={
            "output_tokens_per_second": draw(st.sampled_from([200, 4000])),
            "input_tokens_per_second": draw(st.sampled_from([None, 20_000])),
        },
        target_utilization_fraction=draw(st.sampled_from([0.5, 1.0])),
        burst_factor=draw(st.sampled_from([1.0, 1.4])),
        overflow_to=draw(st.sampled_from([None, {"model": LARGE}])),
        cost=cost | draw(st.one_of(st.just({}), running_costs())),
        decoder=draw(st.sampled_from([{"preset": "none"}, headline(0.9, 1.4, 2.1, since="2027-02")])),
        one_offs=draw(st.sampled_from(one_offs)),
    )


def destinations(*, with_fleet: bool) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Where requests go, with shares that add to 1."""
    places = [[to_model(LARGE)], [to_model(LARGE, 0.25), to_model(SMALL, 0.75)]]
    if with_fleet:
        places += [[to_fleet("pool")], [to_fleet("pool", 0.7), to_model(SMALL, 0.3)]]
    return st.sampled_from(places)


@st.composite
def plans(draw: st.DrawFn, *, with_fleet: bool = True, most_workloads: int = 3) -> dict[str, Any]:
    workloads = []
    for number in range(draw(st.integers(1, most_workloads))):
        workload = a_workload(f"workload-{number}", to=draw(destinations(with_fleet=with_fleet)), **draw(demands()))
        workloads.append(workload | {"cost_center": draw(st.sampled_from(["4100", "4200", ""]))})
    cut = {"outlook": "projected_cut", "window": ["2026-12-01", "2027-12-01"], "probability": draw(HUNDREDTHS)}
    return a_plan(
        *workloads,
        calendar=draw(st.sampled_from(["actual", "30/360"])),
        fiscal_year_start_month=draw(st.integers(1, 12)),
        horizon={"first_month": "2027-01", "months": draw(st.integers(1, 14))},
        seed=draw(st.integers(0, 2**53)),
        confidence=draw(st.sampled_from([0.5, 0.8, 0.95])),
        budget_basis=draw(st.sampled_from(["effective", "billed"])),
        outlooks=draw(st.sampled_from([[{"outlook": "hold"}], [cut]])),
        fleets=[draw(fleets())] if with_fleet else [],
    )
