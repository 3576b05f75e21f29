"""Plans of one fleet without workloads, and what they cost by kind and month."""

from decimal import Decimal
from typing import Any

from tests.forecasts.estates import a_fleet, a_plan, answer, budget_of


def owned(**fields: Any) -> dict[str, Any]:
    """A node of eight GPUs for 370,000 over three years."""
    return {
        "kind": "owned",
        "purchase_price_per_node": "370000",
        "purchased": "2027-01-01",
        "in_service": "2027-01-01",
        "useful_life_months": 36,
    } | fields


def in_tranches(*tranches: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"kind": "owned", "useful_life_months": 36, "tranches": list(tranches)} | fields


def a_tranche(nodes: int, since: str, price: str, **fields: Any) -> dict[str, Any]:
    return {"nodes": nodes, "purchase_price_per_node": price, "purchased": since, "in_service": since} | fields


def a_costed_plan(
    cost: dict[str, Any], *, months: int = 12, first_month: str = "2027-01", **fields: Any
) -> dict[str, Any]:
    fleet = a_fleet(cost=cost, **fields.pop("fleet", {}))
    horizon = {"first_month": first_month, "months": months}
    return a_plan(fleets=[fleet], horizon=horizon, workloads=[]) | fields


def by_kind(document: dict[str, Any], basis: str = "effective") -> dict[str, list[str]]:
    """Amounts by month of each kind of cost, all members of a group together."""
    budget = budget_of(document)
    sums: dict[str, list[int]] = {}
    for series, row in zip(budget.lines.series, getattr(budget.lines, basis).tolist(), strict=True):
        so_far = sums.setdefault(series.kind, [0] * len(row))
        sums[series.kind] = [one + other for one, other in zip(so_far, row, strict=True)]
    return {kind: [f"{Decimal(cell) / 100:.2f}" for cell in row] for kind, row in sums.items()}


def of_meter(document: dict[str, Any], kind: str, meter: str, basis: str = "effective") -> list[int]:
    """Cents by month of the lines of a kind that bear a meter: `used` or `idle`."""
    budget = budget_of(document)
    rows = [
        row
        for series, row in zip(budget.lines.series, getattr(budget.lines, basis).tolist(), strict=True)
        if (series.kind, series.meter) == (kind, meter)
    ]
    return [sum(column) for column in zip(*rows, strict=True)]


def register(document: dict[str, Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = answer(document)["fleets"][0]["assets"]
    return rows
