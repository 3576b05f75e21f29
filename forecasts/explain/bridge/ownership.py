"""Which part of a bridge each field of a plan belongs to. A field with no part changes no expected cost."""

from collections.abc import Mapping
from typing import Final, Literal

Factor = Literal["volume", "mix", "price", "efficiency", "capacity", "amortization"]
FACTORS: Final[tuple[Factor, ...]] = ("volume", "mix", "price", "efficiency", "capacity", "amortization")

Step = Literal["model_version", "draws", "actuals", "scope", "calendar"]
STEPS: Final[tuple[Step, ...]] = ("model_version", "draws", "actuals", "scope", "calendar")

PartName = Step | Factor
PARTS: Final[tuple[PartName, ...]] = (*STEPS, *FACTORS)

Owners = Mapping[str, PartName | None]

PLAN_OWNERS: Final[Owners] = {
    "currency": None,
    "confidence": None,
    "budget_basis": None,
    "seed": "draws",
    "draws": "draws",
    "correlations": "draws",
    "actuals": "actuals",
    "timeline": "calendar",
    "as_of": "price",
    "exchange_rates": "price",
    "outlooks": "price",
    "prices": "price",
    "utc_windows": "price",
    "contracts": "price",
    "measurements": "efficiency",
    "fleets": "scope",
    "workloads": "scope",
}

WORKLOAD_OWNERS: Final[Owners] = {
    "name": "scope",
    "cost_center": "scope",
    "gl_account": "scope",
    "demand": "volume",
    "route_sets": "mix",
    "task": "efficiency",
    "temperature": "efficiency",
    "top_p": "efficiency",
    "min_tokens_per_second_per_user": "efficiency",
    "waiting": None,
    "compare_to": None,
}

DEMAND_OWNERS: Final[Owners] = {
    "base_month": "volume",
    "requests_per_month": "volume",
    "monthly_growth": "volume",
    "noise_fraction": "volume",
    "noise_autocorrelation": "volume",
    "seasonality": "volume",
    "steps": "volume",
    "input_tokens_per_request": "volume",
    "output_lengths": "volume",
    "cached_input_fraction": "mix",
    "cache_write_fraction": "mix",
    "long_lived_cache_write_fraction": "mix",
    "other_units_per_request": "volume",
    "reasoning_fraction": "mix",
    "hourly_weights": "mix",
}

FLEET_OWNERS: Final[Owners] = {
    "name": "scope",
    "cost_center": "scope",
    "gl_accounts": "scope",
    "overflow_to": "mix",
    "currency": "price",
    "serves": "efficiency",
    "model_size": "efficiency",
    "throughput": "efficiency",
    "decoder": "efficiency",
    "accelerator": "capacity",
    "gpus_per_node": "capacity",
    "nodes": "capacity",
    "spare_nodes": "capacity",
    "replica": "capacity",
    "scaling": "capacity",
    "target_utilization_fraction": "capacity",
    "burst_factor": "capacity",
    "cost": "amortization",
    "one_offs": "capacity",
}

RUNNING_OWNERS: Final[Owners] = {
    "hosting_per_node_year": "price",
    "licence_per_gpu_year": "price",
    "electricity_per_kwh": "price",
    "operations_per_month": "price",
    "power_kw_per_node": "efficiency",
    "idle_power_fraction": "efficiency",
    "pue": "efficiency",
}

# By the name of a kind of cost, or of a value inside of it.
COST_OWNERS: Final[Mapping[str, Owners]] = {
    "Rented": {"rates": "price", "running": "price"},
    "Committed": {"commitments": "capacity", "on_demand_rates": "price", "running": "price"},
    "Commitment": {
        "nodes": "capacity",
        "rate_per_node_hour": "price",
        "starts": "amortization",
        "ends": "amortization",
        "upfront": "amortization",
        "invoiced": "amortization",
    },
    "Owned": {
        "tranches": "capacity",
        "method": "amortization",
        "convention": "amortization",
        "declining_balance_factor": "amortization",
        "production": "amortization",
        "growth": "capacity",
        "running": "price",
    },
    "Tranche": {
        "name": "capacity",
        "nodes": "capacity",
        "purchase_price_per_node": "price",
        "purchased": "amortization",
        "in_service": "amortization",
        "useful_life_months": "amortization",
        "residual_fraction": "amortization",
        "disposal": "amortization",
    },
    "Growth": {
        "purchase_price_per_node": "price",
        "lead_time_months": "amortization",
        "useful_life_months": "amortization",
        "residual_fraction": "amortization",
    },
    "Leased": {
        "payment_per_node_month": "price",
        "escalation_fraction_per_year": "price",
        "starts": "amortization",
        "ends": "amortization",
        "rent_free_months": "amortization",
        "running": "price",
    },
}
